// Registering a client: what an operator may say of it, what is wrong with that, and the record that it becomes.

import { isPrintableName } from '../../shared/names.ts'
import type { OutgoingRules } from '../../shared/outgoing.ts'
import type { Client, ClientKind, ClientSecret } from '../../stores/clients.ts'
import { apiScopes } from './api-scopes.ts'
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

const MAX_ADDRESSES = 20
const MAX_NAME = 80

export function isConfidential(kind: ClientKind): boolean {
  return kind === 'web' || kind === 'machine'
}

export function recordOf(
  input: NewClient,
  id: string,
  secrets: ClientSecret[],
  now: number,
): Client {
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
    version: 1,
  }
}

type Problem = { path: string; message: string }

/** Everything that is wrong with the registration, so that an operator mends it in one go. */
export function registrationProblems(input: NewClient, outgoing: OutgoingRules): Problem[] {
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
    ...backChannelProblems(input.kind, input.backChannelLogoutUri, outgoing),
  ]
}

export function backChannelProblems(
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
      input.jwks !== undefined && !isConfidential(input.kind),
      'jwks',
      'is for kinds web and machine: others could not keep the private key to themselves',
    ],
    [unknown.length > 0, 'api_scopes', `${unknown.join(', ')} is not known`],
  ]
  return checks.filter(([isWrong]) => isWrong).map(([, path, message]) => ({ path, message }))
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
