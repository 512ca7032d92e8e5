// Clients in the words of the Admin API: what is sent as the services take it, and what they give as it is answered.

import type { adminApi } from '@foyer/contract'
import type { By } from '../../services/audit/audit.ts'
import type { ClientAct } from '../../services/identity/clients/client-acts.ts'
import type {
  ClientAdministration,
  ClientImpact,
} from '../../services/identity/clients/client-administration.ts'
import type { ClientEdit } from '../../services/identity/clients/client-edit.ts'
import {
  isConfidential,
  type NewClient,
} from '../../services/identity/clients/client-registration.ts'
import { expiryOf, type ShownSecret } from '../../services/identity/clients/client-view.ts'
import { CONSOLE_CLIENT_ID } from '../../services/identity/clients/console-client.ts'
import type { Role } from '../../services/operators/roles.ts'
import { DAY, SECOND } from '../../shared/clock.ts'
import { instantOf } from '../../shared/instants.ts'
import type { Organisation } from '../../stores/organisations.ts'

type Api = typeof adminApi.clients

export type Client = Awaited<ReturnType<ClientAdministration['update']>>

/** Each address, by its field here and there. */
const addresses = [
  ['home_uri', 'homeUri'],
  ['initiate_login_uri', 'initiateLoginUri'],
  ['back_channel_logout_uri', 'backChannelLogoutUri'],
  ['policy_uri', 'policyUri'],
  ['terms_uri', 'termsUri'],
  ['logo_uri', 'logoUri'],
] as const

const times = [
  ['access_token', 'accessToken'],
  ['id_token', 'idToken'],
  ['refresh_idle', 'refreshIdle'],
  ['refresh_absolute', 'refreshAbsolute'],
] as const

/** Whose client is acted on, and who does it. */
export function actOn(
  organisation: Organisation,
  id: string,
  { by, standing }: { by: By; standing: { role: Role } },
): ClientAct {
  return { organisation: organisation._id, id, by: { ...by, role: standing.role } }
}

/** What both a registration and a change may name. */
function namedFields(body: adminApi.BodyOf<Api['updateClient']>) {
  const { pkce, name, redirect_uris, post_logout_redirect_uris, origins, api_scopes } = body
  const { first_party, expires_at } = body
  return {
    ...(name !== undefined && { name }),
    ...(redirect_uris && { redirectUris: redirect_uris }),
    ...(post_logout_redirect_uris && { postLogoutRedirectUris: post_logout_redirect_uris }),
    ...(origins && { origins }),
    ...(pkce && { pkce }),
    ...(api_scopes && { apiScopes: api_scopes }),
    ...(first_party !== undefined && { firstParty: first_party }),
    ...(expires_at !== undefined && { expiresAt: Date.parse(expires_at) }),
  }
}

export function editOf(body: adminApi.BodyOf<Api['updateClient']>): ClientEdit {
  const { lifetimes } = body
  return {
    ...namedFields(body),
    ...addressesOf(body, (uri) => uri || null),
    ...(lifetimes && { lifetimes: lifetimesOf(lifetimes, (life) => life && life * SECOND) }),
  }
}

export function registrationOf(
  body: adminApi.BodyOf<Api['checkClient']>,
  organisation: Organisation,
): NewClient {
  const { kind, name, redirect_uris, lifetimes, jwks, secret_days } = body
  return {
    ...namedFields(body),
    ...addressesOf(body, (uri) => uri),
    organisation: organisation._id,
    kind,
    name,
    redirectUris: redirect_uris,
    ...(lifetimes && { lifetimes: lifetimesOf(lifetimes, (life) => life * SECOND) }),
    ...(jwks && { jwks }),
    ...(secret_days !== undefined && { secretLife: secret_days * DAY }),
  }
}

type Names = readonly (readonly [here: string, there: string])[]
type Here<Table extends Names> = Table[number][0]
type There<Table extends Names> = Table[number][1]

/** The fields of the table that are there, by their other names. */
function renamed<Table extends Names, Value, Other>(
  table: Table,
  from: { readonly [Field in Here<Table>]?: Value | undefined },
  to: (value: Value) => Other,
) {
  const fields = new Map<string, Value | undefined>(Object.entries(from))
  const found = table.flatMap(([here, there]) => {
    const value = fields.get(here)
    return value === undefined ? [] : [[there, to(value)]]
  })
  return Object.fromEntries(found) as { [Field in There<Table>]?: Other } // the names are those
}

const addressesOf = <Value, Other>(
  body: { readonly [Field in Here<typeof addresses>]?: Value | undefined },
  to: (uri: Value) => Other,
) => renamed(addresses, body, to)

const lifetimesOf = <Value, Other>(
  chosen: { readonly [Field in Here<typeof times>]?: Value | undefined },
  to: (life: Value) => Other,
) => renamed(times, chosen, to)

export function clientData(
  client: Client,
  { issuer, now }: { issuer: string; now: number },
): adminApi.DataOf<Api['updateClient']> {
  const { expiresAt, secretExpiresAt, expiresSoon } = expiryOf(client, now)
  return {
    id: client._id,
    kind: client.kind,
    name: client.name,
    issuer,
    redirect_uris: client.redirectUris,
    post_logout_redirect_uris: client.postLogoutRedirectUris,
    origins: client.origins,
    pkce: client.pkce,
    api_scopes: client.apiScopes,
    first_party: client.firstParty,
    authentication: authenticationOf(client),
    key_ids: (client.keys ?? []).map(({ kid }) => kid ?? null),
    jwks_uri: client.keysUri ?? null,
    home_uri: client.homeUri ?? null,
    initiate_login_uri: client.initiateLoginUri ?? null,
    back_channel_logout_uri: client.backChannelLogoutUri ?? null,
    policy_uri: client.policyUri ?? null,
    terms_uri: client.termsUri ?? null,
    logo_uri: client.logoUri ?? null,
    lifetimes: lifetimesData(client.lifetimes ?? {}),
    expires_at: instantOf(expiresAt),
    secret_expires_at: instantOf(secretExpiresAt),
    expires_soon: expiresSoon,
    registered_by: client.registeredBy ?? null,
    managed: client._id === CONSOLE_CLIENT_ID,
    disabled_at: instantOf(client.disabledAt),
    version: client.version ?? 0,
    created_at: instantOf(client.createdAt),
    updated_at: instantOf(client.updatedAt),
  }
}

function authenticationOf({ kind, keys, keysUri }: Client): 'secret' | 'private_key_jwt' | 'none' {
  if (keys || keysUri) return 'private_key_jwt'
  return isConfidential(kind) ? 'secret' : 'none'
}

function lifetimesData(own: NonNullable<Client['lifetimes']>) {
  const inSeconds = (life: number | undefined) => (life === undefined ? null : life / SECOND)
  return {
    access_token: inSeconds(own.accessToken),
    id_token: inSeconds(own.idToken),
    refresh_idle: inSeconds(own.refreshIdle),
    refresh_absolute: inSeconds(own.refreshAbsolute),
  }
}

export function clientDetailsData(
  { client, secrets, impact }: Awaited<ReturnType<ClientAdministration['show']>>,
  seen: { issuer: string; now: number },
) {
  return {
    ...clientData(client, seen),
    secrets: secrets.map(secretData),
    impact: impactData(impact),
  }
}

export function impactData({ grants, lastUsedAt }: ClientImpact) {
  return { live_grants: grants, secret_last_used_at: instantOf(lastUsedAt) }
}

export function secretData(secret: ShownSecret) {
  return {
    id: secret.id,
    hint: secret.hint,
    created_at: instantOf(secret.createdAt),
    expires_at: instantOf(secret.expiresAt),
    expires_soon: secret.expiresSoon,
    last_used_at: instantOf(secret.lastUsedAt),
    live: secret.isLive,
  }
}
