// Registering a client: what an operator may say of it, what is wrong with that, and the record that it becomes.

import { DAY, SECOND } from '../../../shared/clock.ts'
import { isPrintableName } from '../../../shared/names.ts'
import type { OutgoingRules } from '../../../shared/outgoing.ts'
import { searchable } from '../../../shared/search-text.ts'
import type { Client, ClientKind, ClientLifetimes, ClientSecret } from '../../../stores/clients.ts'
import { type Setting, settingText } from '../../organisations/settings.ts'
import { apiScopes } from './api-scopes.ts'
import { clientLifetimeSettings } from './lifetimes.ts'
import {
  calledUriProblem,
  originProblem,
  originsOf,
  type RedirectUriRules,
  redirectUriProblem,
} from './redirect-uris.ts'
import { lifeProblem, SECRET_LIFE } from './secret-expiry.ts'

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
  policyUri?: string
  termsUri?: string
  logoUri?: string
  lifetimes?: ClientLifetimes
  /** Only for kind preview, at most 90 days ahead; left out: in 30 days. */
  expiresAt?: number
  /** Of the first secret, in milliseconds; left out: as long as of any. */
  secretLife?: number
  /** An address of its server, told when a session is over. */
  backChannelLogoutUri?: string
  /** A JWK set with its public keys, in place of a secret: only for kinds web and machine. */
  jwks?: unknown
  /** In place of `jwks`: where its keys are fetched when it proves who it is. */
  jwksUri?: string | undefined
  /** In place of JSON userinfo answers with a JWT that is signed so. */
  userinfoAlg?: 'RS256'
  /** Only for the house's own clients, which are known by name, and those that register themselves. */
  id?: string
  /** It registers itself, with the initial access token of this id. */
  registeredBy?: string
}

const MAX_ADDRESSES = 20
const MAX_NAME = 80
const PREVIEW_LIFE = 30 * DAY
const MAX_PREVIEW_LIFE = 90 * DAY

export function isConfidential(kind: ClientKind): boolean {
  return kind === 'web' || kind === 'machine'
}

/** Whether it proves who it is by signatures, and not by a secret. */
function provesByKeys({ jwks, jwksUri }: Pick<NewClient, 'jwks' | 'jwksUri'>): boolean {
  return jwks !== undefined || jwksUri !== undefined
}

/** Whether it is given a secret when it is registered. */
export function hasSecret(input: Pick<NewClient, 'kind' | 'jwks' | 'jwksUri'>): boolean {
  return isConfidential(input.kind) && !provesByKeys(input)
}

export function recordOf(
  input: NewClient,
  { id, secrets, now }: { id: string; secrets: ClientSecret[]; now: number },
): Client {
  return {
    _id: id,
    organisation: input.organisation,
    kind: input.kind,
    name: input.name.trim(),
    search: searchable(input.name),
    redirectUris: [...input.redirectUris],
    postLogoutRedirectUris: [...(input.postLogoutRedirectUris ?? [])],
    origins: [...(input.origins ?? originsOf(input.redirectUris))],
    pkce: input.pkce ?? 'required',
    apiScopes: [...(input.apiScopes ?? [])],
    firstParty: input.firstParty ?? false,
    secrets,
    ...(input.jwksUri && { keysUri: input.jwksUri }),
    ...(input.userinfoAlg && { userinfoAlg: input.userinfoAlg }),
    ...(input.registeredBy && { registeredBy: input.registeredBy }),
    ...(input.homeUri && { homeUri: input.homeUri }),
    ...(input.policyUri && { policyUri: input.policyUri }),
    ...(input.termsUri && { termsUri: input.termsUri }),
    ...(input.logoUri && { logoUri: input.logoUri }),
    ...(input.lifetimes && { lifetimes: input.lifetimes }),
    ...(input.kind === 'preview' && { expiresAt: input.expiresAt ?? now + PREVIEW_LIFE }),
    ...(input.initiateLoginUri && { initiateLoginUri: input.initiateLoginUri }),
    ...(input.backChannelLogoutUri && { backChannelLogoutUri: input.backChannelLogoutUri }),
    createdAt: now,
    updatedAt: now,
    version: 1,
  }
}

export type Problem = { path: string; message: string }

/** Everything that is wrong with the registration, so that an operator mends it in one go. */
export function registrationProblems(
  input: NewClient,
  { outgoing, now }: { outgoing: OutgoingRules; now: number },
): Problem[] {
  const rules: RedirectUriRules = { kind: input.kind, allowPlainHttp: outgoing.allowPlainHttp }
  const { redirectUris, postLogoutRedirectUris = [], origins = [] } = input
  // A page that people are sent to is on the web, whatever the client is.
  const pageProblem = (uri: string) => redirectUriProblem(uri, { ...rules, kind: 'web' })
  const linkProblem = (uri: string) => calledUriProblem(uri, outgoing)
  return [
    ...shapeProblems(input),
    ...lifetimeProblems(input.lifetimes),
    ...expiryProblems(input, now),
    ...secretLifeProblems(input.secretLife),
    ...addressProblems('redirect_uris', redirectUris, (uri) => redirectUriProblem(uri, rules)),
    ...addressProblems('post_logout_redirect_uris', postLogoutRedirectUris, (uri) =>
      redirectUriProblem(uri, rules),
    ),
    ...addressProblems('origins', origins, (origin) => originProblem(origin, rules)),
    ...addressProblem('home_uri', input.homeUri, pageProblem),
    ...addressProblem('initiate_login_uri', input.initiateLoginUri, pageProblem),
    ...addressProblem('policy_uri', input.policyUri, linkProblem),
    ...addressProblem('terms_uri', input.termsUri, linkProblem),
    ...addressProblem('logo_uri', input.logoUri, linkProblem),
    ...addressProblem('jwks_uri', input.jwksUri, linkProblem),
    ...backChannelProblems(input.kind, input.backChannelLogoutUri, outgoing),
  ]
}

function backChannelProblems(
  kind: ClientKind,
  uri: string | undefined,
  outgoing: OutgoingRules,
): Problem[] {
  return addressProblem('back_channel_logout_uri', uri, (address) =>
    kind === 'machine' ? 'a machine takes part in no session' : calledUriProblem(address, outgoing),
  )
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
    [!isPrintableName(input.name, MAX_NAME), 'name', `needs 1 to ${MAX_NAME} printable characters`],
    [
      input.kind !== 'machine' && input.redirectUris.length === 0,
      'redirect_uris',
      'at least one is needed',
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
      provesByKeys(input) && !isConfidential(input.kind),
      'jwks',
      'is for kinds web and machine: others could not keep the private key to themselves',
    ],
    [
      input.secretLife !== undefined && !hasSecret(input),
      'secret_days',
      'is for clients that have a secret',
    ],
    [unknown.length > 0, 'api_scopes', `${unknown.join(', ')} is not known`],
  ]
  return checks.filter(([isWrong]) => isWrong).map(([, path, message]) => ({ path, message }))
}

/** An application must be able to work with what it is given, and nothing lives longer than is safe. */
function lifetimeProblems(chosen: ClientLifetimes = {}): Problem[] {
  const table = new Map<string, Setting>(Object.entries(clientLifetimeSettings))
  return Object.entries(chosen).flatMap(([name, value]) => {
    const setting = table.get(name)
    const path = `lifetimes.${name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}`
    if (!setting) return { path, message: `is none of ${[...table.keys()].join(', ')}` }
    const { min, max } = setting
    if (Number.isInteger(value / SECOND) && value >= min && value <= max) return []
    const range = `${settingText(setting, min)} to ${settingText(setting, max)}`
    return { path, message: `needs whole seconds, from ${range}` }
  })
}

function secretLifeProblems(life: number = SECRET_LIFE): Problem[] {
  const message = lifeProblem(life)
  return message ? [{ path: 'secret_days', message }] : []
}

function expiryProblems({ kind, expiresAt }: NewClient, now: number): Problem[] {
  const path = 'expires_at'
  if (expiresAt === undefined) return []
  if (kind !== 'preview') return [{ path, message: 'is for kind preview' }]
  if (Number.isInteger(expiresAt) && expiresAt > now && expiresAt <= now + MAX_PREVIEW_LIFE)
    return []
  return [{ path, message: `needs an instant within the next ${MAX_PREVIEW_LIFE / DAY} days` }]
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
