// Clients that register themselves, and change and remove their registration (RFC 7591, RFC 7592).

import { isDeepStrictEqual } from 'node:util'
import type { Clock } from '../../../shared/clock.ts'
import { AppError, refuseFields } from '../../../shared/errors.ts'
import { sha256 } from '../../../shared/secrets.ts'
import type { Client, ClientStore } from '../../../stores/clients.ts'
import type { Organisation } from '../../../stores/organisations.ts'
import type { RegistrationToken, RegistrationTokenStore } from '../../../stores/registration.ts'
import type { ClientAdministration } from './client-administration.ts'
import { readClientKeys } from './client-keys.ts'
import { type Problem, type RegisteredClient, readMetadata } from './client-metadata.ts'
import { hasSecret } from './client-registration.ts'
import { resolveRegistration } from './registration-policy.ts'
import { endsSoon, MAX_SECRET_LIFE } from './secret-expiry.ts'

/**
 * Each throws `StoreUnavailable`; those that register `invalid_fields` with everything that is wrong, and
 * `invalid_token` when what they are shown is not good any more.
 */
export type DynamicClients = {
  /** The initial access token, as long as it is good for another registration. */
  findInitialToken(organisation: string, token: string): Promise<RegistrationToken | undefined>
  /** Takes one use of the token, for good only when it succeeds. Many at once: never more than its uses. */
  register(
    organisation: Organisation,
    request: { id: string; token: string; metadata: unknown },
  ): Promise<{ client: Client; secret?: string }>
  /** The registration as it stands in the store; `undefined` when it is gone, disabled, or an operator's. */
  find(organisation: string, id: string): Promise<Client | undefined>
  /** Whose registration access token it is. */
  findByToken(organisation: string, token: string): Promise<Client | undefined>
  /** The token with which it is managed from now on. */
  keepToken(organisation: string, id: string, token: string): Promise<void>
  /** The token manages nothing any more. */
  dropToken(organisation: string, token: string): Promise<boolean>
  /**
   * Replaces what was registered; kind and authentication stay. Uses the token up: of many at once with the
   * same one, one succeeds. `secret` is a new one, beside the former, where that ends within 30 days.
   */
  update(
    organisation: Organisation,
    request: { id: string; token: string; metadata: unknown },
  ): Promise<{ client: Client; secret?: string }>
  /** For ever: its grants end, and its tokens are refused. */
  remove(organisation: string, id: string): Promise<void>
}

export function createDynamicClients(parts: {
  store: ClientStore
  tokens: RegistrationTokenStore
  administration: Pick<
    ClientAdministration,
    'check' | 'create' | 'update' | 'replaceKeys' | 'addSecret' | 'remove'
  >
  openidScopes: readonly string[]
  clock: Clock
}): DynamicClients {
  const { store, tokens, administration, clock } = parts

  function read(organisation: Organisation, metadata: unknown) {
    const policy = resolveRegistration(organisation.registration)
    const found = readMetadata(metadata, { ...parts, policy })
    if ('problems' in found) throw new AppError('invalid_fields', { fields: found.problems })
    refuse(administration.check({ ...found.client, organisation: organisation._id }))
    return found.client
  }

  async function find(organisation: string, id: string): Promise<Client | undefined> {
    const client = await store.find(organisation, id)
    return client && isManaged(client) ? client : undefined
  }

  const dropToken = (organisation: string, token: string): Promise<boolean> =>
    store.dropRegistrationToken(organisation, sha256(token))

  return {
    find,
    dropToken,

    async findInitialToken(organisation, token) {
      const found = await tokens.findByDigest(organisation, sha256(token))
      return found && found.usesLeft > 0 && found.expiresAt > clock.now() ? found : undefined
    },

    async register(organisation, { id, token, metadata }) {
      const input = read(organisation, metadata)
      const initial = await tokens.takeUse(organisation._id, sha256(token), clock.now())
      if (!initial) throw new AppError('invalid_token')
      try {
        // Only a platform owner makes the policy say that PKCE is optional.
        const role = input.pkce === 'optional' ? 'platform-owner' : ROLE
        const by = { actor: initial._id, role } as const
        const own = { organisation: organisation._id, id, registeredBy: initial._id }
        const life = hasSecret(input) && { secretLife: MAX_SECRET_LIFE }
        return await administration.create({ ...input, ...own, ...life }, by)
      } catch (error) {
        if (error instanceof AppError) await tokens.giveBack(initial) // after an outage nobody knows
        throw error
      }
    },

    async findByToken(organisation, token) {
      const client = await store.findByRegistrationToken(organisation, sha256(token))
      return client && isManaged(client) ? client : undefined
    },

    keepToken: (organisation, id, token) =>
      store.keepRegistrationToken(organisation, id, sha256(token)),

    async update(organisation, { id, token, metadata }) {
      const input = read(organisation, metadata)
      const client = await find(organisation._id, id)
      if (!client) throw new AppError('invalid_token')
      refuseOtherKind(client, input)
      if (!(await dropToken(organisation._id, token))) throw new AppError('invalid_token')
      try {
        const act = actOf(organisation._id, id)
        const updated = await administration.update(act, editOf(input))
        const isOther = !isDeepStrictEqual(keysOf(input), client.keys)
        if (isOther) return { client: await administration.replaceKeys(act, input.jwks) }
        const { secrets } = updated
        const isEnding = secrets.every(({ expiresAt }) => endsSoon(expiresAt, clock.now()))
        if (secrets.length === 0 || !isEnding) return { client: updated }
        return await administration.addSecret(act, MAX_SECRET_LIFE)
      } catch (error) {
        // What was refused leaves everything as it was, and the token with it.
        await store.keepRegistrationToken(organisation._id, id, sha256(token))
        throw error
      }
    },

    remove: (organisation, id) => administration.remove(actOf(organisation, id)),
  }
}

/** It may be no more than an operator makes it who may register clients: nothing first-party. */
const ROLE = 'editor' as const

/** What it does to itself stands in the audit log under its own name. */
function actOf(organisation: string, id: string) {
  return { organisation, id, by: { actor: id, role: ROLE } } as const
}

function keysOf({ jwks }: RegisteredClient) {
  return jwks === undefined ? undefined : readClientKeys(jwks).keys
}

function isManaged({ registeredBy, disabledAt }: Client): boolean {
  return registeredBy !== undefined && disabledAt === undefined
}

/** Everything is replaced (RFC 7592, 2.2): what is left out is taken away. */
function editOf(input: RegisteredClient) {
  return {
    name: input.name,
    redirectUris: input.redirectUris,
    postLogoutRedirectUris: input.postLogoutRedirectUris ?? [],
    apiScopes: input.apiScopes ?? [],
    homeUri: input.homeUri ?? null,
    initiateLoginUri: input.initiateLoginUri ?? null,
    backChannelLogoutUri: input.backChannelLogoutUri ?? null,
    logoUri: input.logoUri ?? null,
    policyUri: input.policyUri ?? null,
    termsUri: input.termsUri ?? null,
  }
}

/** What it was given was given to a client of this kind, which proves itself in this way. */
function refuseOtherKind(
  client: Client,
  { kind, jwks, jwksUri, userinfoAlg }: RegisteredClient,
): void {
  const checks: [boolean, string][] = [
    [client.kind === kind, 'grant_types'],
    [(client.keys !== undefined) === (jwks !== undefined), 'token_endpoint_auth_method'],
    [client.keysUri === jwksUri, 'jwks_uri'],
    [client.userinfoAlg === userinfoAlg, 'userinfo_signed_response_alg'],
  ]
  refuse(checks.filter(([isSame]) => !isSame).map(([, path]) => ({ path, message: stays })))
}

function refuse(fields: readonly Problem[]): void {
  refuseFields(fields)
}

const stays = 'stays as it was registered: register anew'
