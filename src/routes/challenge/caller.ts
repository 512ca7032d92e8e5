// Who calls the challenge endpoint: a client of the house's own, from an origin of its own, with the key it began with.

import type { Context } from 'koa'
import type { RunningSignIn } from '../../services/identity/sign-in/first-party-sign-ins.ts'
import type { Client, ClientKind } from '../../stores/clients.ts'
import type { Organisation } from '../../stores/organisations.ts'
import type { OAuthAnswer } from '../oauth-endpoint.ts'
import { refused, unknownSession } from './answers.ts'

export type CallerParts = {
  /** The client; `undefined` for one that is unknown, disabled or expired. */
  findClient(organisation: Organisation, id: string): Promise<Client | undefined>
  /** Whether a request from there, without an origin where no page sends it, may ask for the client. */
  mayAskFrom(client: Client, origin: string | undefined): boolean
  /** The thumbprint of the key that made the `DPoP` header; `undefined` unless it is a fresh proof of this request. */
  checkProof(proof: { proof: string; method: string; uri: string }): Promise<string | undefined>
}

export type Caller = {
  client: Client
  /** The thumbprint of the key that it proves to hold. */
  proofKey?: string
}

/** Kinds that keep no secret, and so prove nothing at the token endpoint either: all others use the pages. */
const publicKinds: ReadonlySet<ClientKind> = new Set(['browser', 'native', 'preview'])

export async function judgeCaller(
  parts: CallerParts,
  ctx: Context,
  asked: { organisation: Organisation; client: string; uri: string; running?: RunningSignIn },
): Promise<Caller | { refused: OAuthAnswer }> {
  const { organisation, running, uri } = asked
  // It is bound to its client: another one may not go on with it.
  if (running && asked.client !== running.client) return { refused: unknownSession() }
  const client = await parts.findClient(organisation, asked.client)
  if (!client) return no('invalid_client', 'there is no such client')
  if (!parts.mayAskFrom(client, ctx.headers.origin))
    return no('origin_not_allowed', 'the origin of this request is not registered with the client')
  if (!client.firstParty || !publicKinds.has(client.kind))
    return no('unauthorized_client', 'only first-party clients without a secret may ask here')

  const proof = ctx.get('dpop')
  if (!proof && !running?.proofKey) return { client }
  const proofKey = await parts.checkProof({ proof, method: ctx.method, uri })
  if (!proofKey) return no('invalid_dpop_proof', 'the DPoP header is no fresh proof')
  // RFC 9449, 10 and draft-ietf-oauth-first-party-apps-04, 9.5.1: the same key until the end.
  if (running && running.proofKey !== proofKey)
    return no('invalid_dpop_proof', 'this sign-in began with another key, or with none')
  return { client, proofKey }
}

function no(...refusal: Parameters<typeof refused>): { refused: OAuthAnswer } {
  return { refused: refused(...refusal) }
}
