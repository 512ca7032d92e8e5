// OAuth clients: registering them, finding them fast, checking their secrets.

import type { Clock } from '../../shared/clock.ts'
import { SECOND } from '../../shared/clock.ts'
import { AppError } from '../../shared/errors.ts'
import { createFreshCache } from '../../shared/fresh-cache.ts'
import { newId } from '../../shared/ids.ts'
import type { OutgoingRules } from '../../shared/outgoing.ts'
import { isSameDigest, type Keyring, type Random } from '../../shared/secrets.ts'
import type { Client, ClientKind, ClientSecret, ClientStore } from '../../stores/clients.ts'
import { StoreUnavailable } from '../../stores/errors.ts'
import { apiScopes } from './api-scopes.ts'
import { readClientKeys } from './client-keys.ts'
import {
  calledUriProblem,
  originProblem,
  originsOf,
  type RedirectUriRules,
  redirectUriProblem,
} from './redirect-uris.ts'

export type NewClient = {
  organisation: string
  kind: ClientKind
  name: string
  redirectUris: readonly string[]
  postLogoutRedirectUris?: readonly string[]
  /** Left out: the origins of the redirect URIs. */
  origins?: readonly string[]
  pkce?: 'required' | 'optional'
  apiScopes?: readonly string[]
  firstParty?: boolean
  homeUri?: string
  initiateLoginUri?: string
  /** An address of its server, told when a session is over. */
  backChannelLogoutUri?: string
  /** A JWK set with its public keys, in place of a secret: only for kinds web and machine. */
  jwks?: unknown
  /** Only for the house's own clients, which are known by name. */
  id?: string
}

export type Clients = {
  /**
   * Registers a client; `secret` is there for confidential kinds without keys, and never again. Throws
   * `invalid_fields` with everything that is wrong, `AlreadyExists` when a given id is taken.
   */
  create(input: NewClient): Promise<{ client: Client; secret?: string }>
  /**
   * The client, at most three seconds old. An unknown id is looked up every time, so that a client
   * works from the moment it was registered, by whichever process.
   */
  find(organisation: string, id: string): Promise<Client | undefined>
  /** Whether the text is one of the client's live secrets. Takes the same time for all of them. */
  verifySecret(client: Client, secret: string): Promise<boolean>
  /** Whether a secret of the client would fit no more without the later values of `SECRET`. */
  needsOlderSecret(client: Client): boolean
  /**
   * Other keys in place of those that a client has, seen everywhere within three seconds. `undefined` when
   * there is no such client, or it has a secret. Throws `invalid_fields` with everything that is wrong.
   */
  replaceKeys(organisation: string, id: string, jwks: unknown): Promise<Client | undefined>
  list(organisation: string, limit: number, after?: Client): Promise<Client[]>
}

const FRESH = 3 * SECOND
const CACHE_SIZE = 2000
const MAX_ADDRESSES = 20
const MAX_NAME = 80
const SECRET_BYTES = 32
/** Secret scanners find it by this. */
const SECRET_PREFIX = 'fys_'

export function createClients(parts: {
  store: ClientStore
  keyring: Keyring
  clock: Clock
  random: Random
  outgoing: OutgoingRules
}): Clients {
  const { store, keyring, clock, random } = parts
  const digestedBy = keyring.digest('secret-name')
  const cache = createFreshCache<Client>({ clock, life: FRESH, size: CACHE_SIZE })
  // To write the error of an authorization request the engine looks its client up once more.
  const outages = createFreshCache<StoreUnavailable>({ clock, life: SECOND / 10, size: CACHE_SIZE })

  function makeSecret(clientId: string): { secret: string; record: ClientSecret } {
    const secret = `${SECRET_PREFIX}${random.token(SECRET_BYTES)}`
    const digest = keyring.digest('client-secret', clientId, secret)
    const record = { digest, digestedBy, hint: secret.slice(-4), createdAt: clock.now() }
    return { secret, record }
  }

  function isCurrent(record: ClientSecret): boolean {
    return record.digestedBy === digestedBy
  }

  /** After the first value of `SECRET` was changed: the secret is at hand now, and only now. */
  async function redigest(client: Client, matched: ClientSecret, secret: string): Promise<void> {
    const digest = keyring.digest('client-secret', client._id, secret)
    const secrets = client.secrets.map((record) =>
      record === matched ? { ...record, digest, digestedBy } : record,
    )
    await store.redigest(client, secrets).catch(() => {}) // the next time, then
  }

  return {
    async create(input) {
      const { keys, problems: keyProblems } =
        input.jwks === undefined ? noKeys : readClientKeys(input.jwks)
      const problems = [...problemsOf(input, parts.outgoing), ...keyProblems]
      if (problems.length > 0) throw new AppError('invalid_fields', { fields: problems })
      const id = input.id ?? newId('cli', clock)
      const made = isConfidential(input.kind) && !keys.length ? makeSecret(id) : undefined
      const client = {
        ...recordOf(input, id, made ? [made.record] : [], clock.now()),
        ...(keys.length > 0 && { keys }),
      }
      await store.insert(client)
      return { client, ...(made && { secret: made.secret }) }
    },

    async find(organisation, id) {
      const key = `${organisation}/${id}`
      const known = cache.get(key)
      if (known) return known
      const outage = outages.get(key)
      if (outage) throw outage
      try {
        const client = await store.find(organisation, id)
        if (client) cache.set(key, client)
        return client
      } catch (error) {
        if (error instanceof StoreUnavailable) outages.set(key, error)
        throw error
      }
    },

    async verifySecret(client, secret) {
      const digests = keyring.digests('client-secret', client._id, secret)
      const live = client.secrets.filter(({ expiresAt }) => !expiresAt || expiresAt > clock.now())
      // Every pair is compared: how long it takes does not tell which one matched.
      const matches = live.filter(
        (record) => digests.filter((digest) => isSameDigest(record.digest, digest)).length > 0,
      )
      const [matched] = matches
      if (matched && !isCurrent(matched)) await redigest(client, matched, secret)
      return matched !== undefined
    },

    needsOlderSecret: (client) => !client.secrets.every(isCurrent),

    async replaceKeys(organisation, id, jwks) {
      const { keys, problems } = readClientKeys(jwks)
      if (problems.length > 0) throw new AppError('invalid_fields', { fields: problems })
      return store.replaceKeys(organisation, id, { keys, updatedAt: clock.now() })
    },

    list: (organisation, limit, after) => store.list(organisation, limit, after),
  }
}

const noKeys = { keys: [], problems: [] }

function isConfidential(kind: ClientKind): boolean {
  return kind === 'web' || kind === 'machine'
}

function recordOf(input: NewClient, id: string, secrets: ClientSecret[], now: number): Client {
  return {
    _id: id,
    organisation: input.organisation,
    kind: input.kind,
    name: input.name.trim(),
    redirectUris: [...input.redirectUris],
    postLogoutRedirectUris: [...(input.postLogoutRedirectUris ?? [])],
    origins: [...(input.origins ?? originsOf(input.redirectUris))],
    pkce: input.pkce ?? 'required',
    apiScopes: [...(input.apiScopes ?? [])],
    firstParty: input.firstParty ?? false,
    secrets,
    ...(input.homeUri && { homeUri: input.homeUri }),
    ...(input.initiateLoginUri && { initiateLoginUri: input.initiateLoginUri }),
    ...(input.backChannelLogoutUri && { backChannelLogoutUri: input.backChannelLogoutUri }),
    createdAt: now,
    updatedAt: now,
  }
}

type Problem = { path: string; message: string }

/** Everything that is wrong with the registration, so that an operator mends it in one go. */
function problemsOf(input: NewClient, outgoing: OutgoingRules): Problem[] {
  const rules: RedirectUriRules = { kind: input.kind, allowPlainHttp: outgoing.allowPlainHttp }
  const { redirectUris, postLogoutRedirectUris = [], origins = [] } = input
  // A page that people are sent to is on the web, whatever the client is.
  const pageProblem = (uri: string) => redirectUriProblem(uri, { ...rules, kind: 'web' })
  return [
    ...shapeProblems(input),
    ...addressProblems('redirect_uris', redirectUris, (uri) => redirectUriProblem(uri, rules)),
    ...addressProblems('post_logout_redirect_uris', postLogoutRedirectUris, (uri) =>
      redirectUriProblem(uri, rules),
    ),
    ...addressProblems('origins', origins, (origin) => originProblem(origin, rules)),
    ...addressProblem('home_uri', input.homeUri, pageProblem),
    ...addressProblem('initiate_login_uri', input.initiateLoginUri, pageProblem),
    ...addressProblem('back_channel_logout_uri', input.backChannelLogoutUri, (uri) =>
      calledUriProblem(uri, outgoing),
    ),
  ]
}

function addressProblem(
  path: string,
  address: string | undefined,
  problemOf: (address: string) => string | undefined,
): Problem[] {
  const problem = address && problemOf(address)
  return problem ? [{ path, message: `${address}: ${problem}` }] : []
}

function shapeProblems(input: NewClient): Problem[] {
  const known: readonly string[] = apiScopes
  const unknown = (input.apiScopes ?? []).filter((scope) => !known.includes(scope))
  const checks: [boolean, string, string][] = [
    [!isName(input.name), 'name', `needs 1 to ${MAX_NAME} printable characters`],
    [
      input.kind !== 'machine' && input.redirectUris.length === 0,
      'redirect_uris',
      'at least one is needed',
    ],
    [
      input.kind === 'machine' && input.backChannelLogoutUri !== undefined,
      'back_channel_logout_uri',
      'a machine takes part in no session',
    ],
    [
      input.kind === 'machine' && input.redirectUris.length > 0,
      'redirect_uris',
      'a machine has none',
    ],
    [
      input.pkce === 'optional' && input.kind !== 'web',
      'pkce',
      'can be optional only for kind web: others have no secret to fall back on',
    ],
    [
      input.jwks !== undefined && !isConfidential(input.kind),
      'jwks',
      'is for kinds web and machine: others could not keep the private key to themselves',
    ],
    [unknown.length > 0, 'api_scopes', `${unknown.join(', ')} is not known`],
  ]
  return checks.filter(([isWrong]) => isWrong).map(([, path, message]) => ({ path, message }))
}

/** Names stand in mails and pages: no line breaks, no control characters, nothing that turns the text round. */
function isName(name: string): boolean {
  const text = name.trim()
  return (
    text.length > 0 && text.length <= MAX_NAME && !/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u.test(text)
  )
}

function addressProblems(
  path: string,
  addresses: readonly string[],
  problemOf: (address: string) => string | undefined,
): Problem[] {
  if (addresses.length > MAX_ADDRESSES) return [{ path, message: `at most ${MAX_ADDRESSES}` }]
  return addresses.flatMap((address, index) => {
    const problem = problemOf(address)
    return problem ? [{ path: `${path}.${index}`, message: `${address}: ${problem}` }] : []
  })
}
