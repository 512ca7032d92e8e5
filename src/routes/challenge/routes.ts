// The challenge endpoint: first-party applications sign their customers in on their own pages (draft-ietf-oauth-first-party-apps-04).

import type { Context, Middleware } from 'koa'
import { readForm } from '../../http/body.ts'
import type {
  Asking,
  FirstPartySignIns,
  RunningSignIn,
} from '../../services/identity/sign-in/first-party-sign-ins.ts'
import { policyAddress } from '../../services/organisations/policy-addresses.ts'
import { pickLocale } from '../../shared/locale.ts'
import type { Client } from '../../stores/clients.ts'
import type { Organisation } from '../../stores/organisations.ts'
import { createOAuthEndpoint, type OAuthAnswer, type OAuthEndpoint } from '../oauth-endpoint.ts'
import { answerToEmail, answerToProof, refused, unknownSession } from './answers.ts'
import { type Caller, type CallerParts, judgeCaller } from './caller.ts'
import { type Begin, type ChallengeStep, readStep } from './request.ts'

export type ChallengeParts = CallerParts &
  Omit<OAuthEndpoint, 'answer'> & {
    organisationOf(ctx: Context): Organisation
    issuerOf(organisation: Organisation): string
    signIns: FirstPartySignIns
    /** What the client gets of what it asks for. */
    judgeAccess(
      organisation: Organisation,
      client: Client,
      asked: { scope?: string | undefined; resource?: string | undefined },
    ): Promise<
      | { outcome: 'granted'; scopes: readonly string[]; resource: string }
      | { outcome: 'invalid-scope' }
      | { outcome: 'invalid-target' }
    >
  }

export function createChallenge(parts: ChallengeParts): Middleware {
  async function answer(ctx: Context): Promise<OAuthAnswer> {
    const read = readStep(await readForm(ctx))
    if ('malformed' in read) return refused('invalid_request', read.malformed)
    const organisation = parts.organisationOf(ctx)
    if (read.step === 'begin') {
      const caller = await callerOf(ctx, { organisation, client: read.client })
      return 'refused' in caller ? caller.refused : begin(ctx, caller, read.begin)
    }
    const running = await parts.signIns.find(organisation, read.session)
    if (!running) return unknownSession()
    const caller = await callerOf(ctx, {
      organisation,
      client: read.client ?? running.client,
      running,
    })
    return 'refused' in caller ? caller.refused : goOn(askingOf(ctx, caller), running, read)
  }

  function callerOf(
    ctx: Context,
    said: { organisation: Organisation; client: string; running?: RunningSignIn },
  ): ReturnType<typeof judgeCaller> {
    const uri = `${parts.issuerOf(said.organisation)}${parts.path}`
    return judgeCaller(parts, ctx, { ...said, uri })
  }

  function askingOf(ctx: Context, { client }: Caller): Asking {
    return {
      organisation: parts.organisationOf(ctx),
      client: { id: client._id, name: client.name },
      source: ctx.ip,
      userAgent: ctx.get('user-agent'),
    }
  }

  async function begin(
    ctx: Context,
    { client, ...caller }: Caller,
    { email, codeChallenge, nonce, uiLocales, ...begun }: Begin,
  ): Promise<OAuthAnswer> {
    const proofKey = caller.proofKey ?? begun.proofKey
    if (begun.proofKey !== undefined && begun.proofKey !== proofKey)
      return refused('invalid_dpop_proof', 'dpop_jkt names another key than that of the proof')
    const organisation = parts.organisationOf(ctx)
    const granted = await parts.judgeAccess(organisation, client, begun)
    if (granted.outcome === 'invalid-scope')
      return refused('invalid_scope', 'none of these scopes is known')
    // OpenID Connect Core 2: it comes back in the ID token, which there is for this scope alone.
    if (granted.outcome === 'granted' && nonce !== undefined && !granted.scopes.includes('openid'))
      return refused('invalid_scope', 'a nonce needs the scope openid')
    if (granted.outcome === 'invalid-target')
      return refused('invalid_target', 'this resource is not known')
    const asked = {
      client: client._id,
      codeChallenge,
      scopes: granted.scopes,
      resource: granted.resource,
      ...(nonce !== undefined && { nonce }),
      ...(proofKey !== undefined && { proofKey }),
      locale: pickLocale([...uiLocales, ...acceptedLanguages(ctx)], organisation.locale),
    }
    return answerToEmail(await parts.signIns.begin(askingOf(ctx, { client }), asked, email))
  }

  async function goOn(
    asking: Asking,
    running: RunningSignIn,
    read: Exclude<ChallengeStep, { step: 'begin' }>,
  ): Promise<OAuthAnswer> {
    if (read.step === 'send-again')
      return answerToEmail(await parts.signIns.sendAgain(asking, running, read.email))
    const issuer = parts.issuerOf(asking.organisation)
    const outcome =
      read.step === 'prove'
        ? await parts.signIns.prove(asking, running, read.code)
        : await parts.signIns.accept(asking, running, read.numbers)
    return answerToProof(outcome, {
      session: running.session,
      addressOf: ({ kind, number }) => policyAddress(issuer, kind, number),
    })
  }

  return createOAuthEndpoint({ ...parts, answer })
}

function acceptedLanguages(ctx: Context): string[] {
  const accepted = ctx.acceptsLanguages()
  return Array.isArray(accepted) ? accepted.filter((tag) => tag !== '*') : []
}
