// An organisation as it is, in the words of the file.

import type { adminApi, ClientEntry, OrganisationEntry } from '@foyer/contract'
import { type AdminApi, Refused } from './admin-api.ts'

type Organisation = adminApi.DataOf<typeof adminApi.organisations.showOrganisation>
type Client = adminApi.DataOf<typeof adminApi.clients.updateClient>
type Brand = adminApi.DataOf<typeof adminApi.brand.showBrand>
type Policy = adminApi.DataOf<typeof adminApi.policies.listPolicies>['items'][number]
type Registration = adminApi.DataOf<typeof adminApi.registration.showRegistration>
type Settings = adminApi.DataOf<typeof adminApi.settings.listSettings>
type Operator = adminApi.DataOf<typeof adminApi.operators.listOperators>['items'][number]

export type KnownClient = ClientEntry & { id: string }
export type KnownOperator = { id: string; email: string; role: string; isInvited: boolean }

/** What the file says of it, and what a change has to know besides: versions, ids, who is invited. */
export type KnownOrganisation = {
  entry: OrganisationEntry
  clients: KnownClient[]
  version: string
  operators: KnownOperator[]
}

/** `undefined` where there is none of this slug. */
export async function readOrganisation(
  api: AdminApi,
  slug: string,
): Promise<KnownOrganisation | undefined> {
  const at = (path: string): string => `/organisations/${slug}${path}`
  const found = await api.read<Organisation>(at('')).catch((error) => {
    if (error instanceof Refused && error.status === 404) return undefined
    throw error
  })
  if (!found) return undefined
  const [settings, clients, operators, invited, policies, brand, registration] = await Promise.all([
    api.read<Settings>(at('/settings')),
    api.all<Client>(at('/clients')),
    api.all<Operator>(at('/operators')),
    api.all<Operator>(at('/invitations')),
    readPolicies(api, at),
    api.read<Brand>(at('/brand')),
    api.read<Registration>(at('/registration')),
  ])
  // Neither what the program keeps, nor what registered itself: those come by themselves.
  const own = clients
    .filter(({ managed, registered_by }) => !managed && registered_by === null)
    .map(clientOf)
  return {
    version: found.version ?? '',
    clients: own,
    operators: [
      ...operators.map((each) => ({ ...each, isInvited: false })),
      ...invited.map((each) => ({ ...each, isInvited: true })),
    ],
    entry: {
      ...organisationOf(found.data),
      settings: changedSettings(settings.data),
      ...(brand.data.published && { brand: tokensOf(brand.data.published) }),
      ...policies,
      registration: registrationOf(registration.data),
      operators: operators.map(({ email, role }) => ({ email, role: inOrganisation(role) })),
      clients: own,
    },
  }
}

function organisationOf(data: Organisation): OrganisationEntry {
  const { slug, name, locale, time_zone, currency, makes_customers, sign_up } = data
  const { mail_sender, support_email, support_url } = data
  const own = { slug, name, locale, time_zone, currency, makes_customers, sign_up }
  return { ...own, mail_sender, support_email, support_url }
}

function changedSettings({ settings }: Settings): { [name: string]: number } {
  const changed = settings.filter((each) => each.value !== each.default)
  return Object.fromEntries(changed.map(({ name, value }) => [name, value]))
}

function tokensOf({ colours, corners, font }: NonNullable<Brand['published']>) {
  return { colours, corners, font }
}

function registrationOf(data: Registration) {
  const { enabled, kinds, auth_methods, api_scopes, redirect_hosts, pkce } = data
  return { enabled, kinds, auth_methods, api_scopes, redirect_hosts, pkce }
}

/** Platform owners are none of an organisation's own. */
function inOrganisation(role: Operator['role']): 'viewer' | 'editor' | 'owner' {
  return role === 'platform-owner' ? 'owner' : role
}

async function readPolicies(api: AdminApi, at: (path: string) => string) {
  const { data } = await api.read<{ items: Policy[] }>(at('/policies'))
  const published = data.items.filter(({ current }) => current !== null)
  const texts = await Promise.all(
    published.map(async ({ kind, current }) => {
      const version = at(`/policies/${kind}/versions/${current?.number}`)
      return [kind, (await api.read<{ texts: object }>(version)).data.texts]
    }),
  )
  const asked = data.items.filter((each) => each.asked).map(({ kind }) => kind)
  return {
    policies: Object.fromEntries(texts) as NonNullable<OrganisationEntry['policies']>, // by kind
    asks_acceptance: asked as NonNullable<OrganisationEntry['asks_acceptance']>, // only these can be asked
  }
}

const addresses = [
  ...['home_uri', 'initiate_login_uri', 'back_channel_logout_uri'],
  ...['policy_uri', 'terms_uri', 'logo_uri'],
] as const

/** What it does not have is left out. */
function clientOf(client: Client): KnownClient {
  const fields = new Map<string, unknown>(Object.entries(client))
  const given = addresses.filter((name) => fields.get(name) !== null)
  const lifetimes = Object.entries(client.lifetimes).filter(([, value]) => value !== null)
  const { id, kind, name, redirect_uris, post_logout_redirect_uris, origins } = client
  const entry = {
    ...{ id, kind, name, redirect_uris, post_logout_redirect_uris, origins },
    pkce: client.pkce,
    api_scopes: client.api_scopes,
    first_party: client.first_party,
    ...Object.fromEntries(given.map((field) => [field, fields.get(field)])),
    ...(lifetimes.length > 0 && { lifetimes: Object.fromEntries(lifetimes) }),
    ...(client.expires_at !== null && { expires_at: client.expires_at }),
    disabled: client.disabled_at !== null,
  }
  return entry as KnownClient // the fields of the answer are those of the file
}
