// What an application registers of itself, read as a client of ours: its kind, and what the organisation allows.

import { type ClientMetadata, clientMetadata } from '@foyer/contract'
import type { ClientKind } from '../../../stores/clients.ts'
import { type RegistrationPolicy, registrationMethods } from '../../../stores/registration.ts'
import type { NewClient } from './client-registration.ts'

export type Problem = { path: string; message: string }
export type RegisteredClient = Omit<NewClient, 'organisation' | 'kind'> & {
  kind: Exclude<ClientKind, 'preview'>
}

type Method = RegistrationPolicy['authMethods'][number]
type Rules = {
  policy: RegistrationPolicy
  /** Of sign-in, which every client may ask for. */
  openidScopes: readonly string[]
}

const signingIn = ['authorization_code', 'refresh_token']
const kindRules: {
  readonly [Kind in RegisteredClient['kind']]: { grants: string[]; methods: Method[] }
} = {
  web: {
    grants: signingIn,
    methods: ['client_secret_basic', 'client_secret_post', 'private_key_jwt'],
  },
  browser: { grants: signingIn, methods: ['none'] },
  // Whoever has the application has what is in it: it keeps no secret (RFC 8252, 8.5).
  native: { grants: signingIn, methods: ['none'] },
  machine: {
    grants: ['client_credentials'],
    methods: ['client_secret_basic', 'client_secret_post', 'private_key_jwt'],
  },
}

/** The client that it would be, judged by the policy alone; addresses are judged as an operator's are. */
export function readMetadata(
  sent: unknown,
  rules: Rules,
): { client: RegisteredClient } | { problems: Problem[] } {
  // Null and the empty text take a field away, as leaving it out does (RFC 7592, 2.2).
  const fields = Object.entries(sent ?? {}).filter(([, value]) => value !== null && value !== '')
  const parsed = clientMetadata.safeParse(Object.fromEntries(fields))
  if (!parsed.success) return { problems: formProblems(parsed.error.issues) }
  const metadata = parsed.data
  const kind = kindOf(metadata)
  const wanted = metadata.token_endpoint_auth_method ?? standardMethodOf(kind)
  const method = registrationMethods.find((each) => each === wanted)
  const problems = [
    ...unsupported(metadata),
    ...kindProblems(metadata, { kind, method, wanted }),
    ...policyProblems(metadata, { kind, method, ...rules }),
  ]
  if (problems.length > 0 || !method) return { problems }
  return { client: clientOf(metadata, { kind, method, ...rules }) }
}

function formProblems(issues: readonly { path: PropertyKey[] }[]): Problem[] {
  const names = new Set(issues.map(({ path: [name = ''] }) => String(name)))
  return [...names].map((path) => ({ path, message: 'is not of the right form' }))
}

/** What it may be follows from how it is used: nobody registers a kind by name. */
function kindOf(metadata: ClientMetadata): RegisteredClient['kind'] {
  if (metadata.application_type === 'native') return 'native'
  if (metadata.grant_types.includes('client_credentials')) return 'machine'
  return metadata.token_endpoint_auth_method === 'none' ? 'browser' : 'web'
}

function standardMethodOf(kind: RegisteredClient['kind']): Method {
  return kind === 'native' ? 'none' : 'client_secret_basic'
}

function clientOf(
  metadata: ClientMetadata,
  { kind, method, policy }: Rules & { kind: RegisteredClient['kind']; method: Method },
): RegisteredClient {
  const asked = scopesOf(metadata)
  return {
    kind,
    name: metadata.client_name ?? nameFrom(metadata),
    redirectUris: metadata.redirect_uris,
    postLogoutRedirectUris: metadata.post_logout_redirect_uris,
    apiScopes: policy.apiScopes.filter((scope) => asked.includes(scope)),
    firstParty: false,
    pkce: kind === 'web' ? policy.pkce : 'required',
    ...(metadata.client_uri && { homeUri: metadata.client_uri }),
    ...(metadata.userinfo_signed_response_alg && { userinfoAlg: 'RS256' }),
    ...(metadata.logo_uri && { logoUri: metadata.logo_uri }),
    ...(metadata.policy_uri && { policyUri: metadata.policy_uri }),
    ...(metadata.tos_uri && { termsUri: metadata.tos_uri }),
    ...(metadata.initiate_login_uri && { initiateLoginUri: metadata.initiate_login_uri }),
    ...(metadata.backchannel_logout_uri && {
      backChannelLogoutUri: metadata.backchannel_logout_uri,
    }),
    ...(method === 'private_key_jwt' && keysOf(metadata)),
  }
}

function keysOf({ jwks, jwks_uri }: ClientMetadata) {
  return jwks_uri === undefined ? { jwks: jwks ?? {} } : { jwksUri: jwks_uri }
}

/** People are asked for permission by name: where there is none, by whose address it is. */
function nameFrom({ client_uri, redirect_uris: [redirectUri = ''] }: ClientMetadata): string {
  return URL.parse(client_uri ?? redirectUri)?.hostname || 'Application'
}

const scopesOf = ({ scope = '' }: ClientMetadata): string[] => scope.split(' ').filter(Boolean)

function unsupported(metadata: ClientMetadata): Problem[] {
  const {
    subject_type,
    id_token_signed_response_alg: algorithm,
    userinfo_signed_response_alg: userinfo,
    response_types,
  } = metadata
  const checks: [boolean, string, string][] = [
    [metadata.software_statement !== undefined, 'software_statement', 'none is trusted here'],
    [
      metadata.jwks_uri !== undefined && metadata.jwks !== undefined,
      'jwks_uri',
      'is sent in place of jwks, and not beside it',
    ],
    [
      metadata.sector_identifier_uri !== undefined,
      'sector_identifier_uri',
      'is for pairwise subjects, of which there are none here',
    ],
    [(subject_type ?? 'public') !== 'public', 'subject_type', 'must be public'],
    [(algorithm ?? 'RS256') !== 'RS256', 'id_token_signed_response_alg', 'must be RS256'],
    [(userinfo ?? 'RS256') !== 'RS256', 'userinfo_signed_response_alg', 'must be RS256'],
    [response_types?.some((type) => type !== 'code') === true, 'response_types', 'must be code'],
  ]
  return said(checks)
}

function kindProblems(
  { grant_types, response_types = [], jwks_uri }: ClientMetadata,
  {
    kind,
    method,
    wanted,
  }: { kind: RegisteredClient['kind']; method: Method | undefined; wanted: string },
): Problem[] {
  const { grants, methods } = kindRules[kind]
  const others = grant_types.filter((grant) => !grants.includes(grant))
  return said([
    [
      others.length > 0,
      'grant_types',
      `${others.join(', ')} is not for a client of this kind (${kind})`,
    ],
    [
      method === undefined || !methods.includes(method),
      'token_endpoint_auth_method',
      `${wanted} is not for a client of this kind (${kind})`,
    ],
    [kind === 'machine' && response_types.length > 0, 'response_types', 'a machine has none'],
    [
      jwks_uri !== undefined && method !== 'private_key_jwt',
      'jwks_uri',
      'is for who proves itself by keys (private_key_jwt)',
    ],
  ])
}

function policyProblems(
  metadata: ClientMetadata,
  {
    kind,
    method,
    policy,
    openidScopes,
  }: Rules & { kind: RegisteredClient['kind']; method: Method | undefined },
): Problem[] {
  const allowed = [...openidScopes, ...policy.apiScopes]
  const others = scopesOf(metadata).filter((scope) => !allowed.includes(scope))
  return [
    ...said([
      [
        !policy.kinds.includes(kind),
        'grant_types',
        `clients of kind ${kind} are not registered here`,
      ],
      [
        method !== undefined && !policy.authMethods.includes(method),
        'token_endpoint_auth_method',
        `${method} is not registered here`,
      ],
      [others.length > 0, 'scope', `${others.join(' ')} is not registered here`],
    ]),
    ...hostProblems(metadata, policy),
  ]
}

function hostProblems(metadata: ClientMetadata, { redirectHosts }: RegistrationPolicy): Problem[] {
  if (!redirectHosts) return []
  const { redirect_uris, post_logout_redirect_uris, initiate_login_uri } = metadata
  const sent = [
    ...redirect_uris.map((uri) => ['redirect_uris', uri] as const),
    ...post_logout_redirect_uris.map((uri) => ['post_logout_redirect_uris', uri] as const),
    ...(initiate_login_uri ? [['initiate_login_uri', initiate_login_uri] as const] : []),
  ]
  return sent
    .filter(([, uri]) => !redirectHosts.includes(URL.parse(uri)?.hostname ?? ''))
    .map(([path, uri]) => ({ path, message: `${uri}: its host is not registered here` }))
}

function said(checks: readonly [boolean, string, string][]): Problem[] {
  return checks.filter(([isWrong]) => isWrong).map(([, path, message]) => ({ path, message }))
}
