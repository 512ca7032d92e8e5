// The registrations of the demo: a third party like any other, and the business's own shop, at their addresses.

import type { Clock } from '../../../shared/clock.ts'
import type { ClientStore } from '../../../stores/clients.ts'
import { AlreadyExists } from '../../../stores/errors.ts'
import type { NewClient } from './client-registration.ts'
import type { Clients } from './clients.ts'
import { originsOf } from './redirect-uris.ts'

export const DEMO_CLIENT_ID = 'demo'

/** What the demo asks for: who somebody is, to read the four parts of the Client API, and to change the profile. */
export const DEMO_SCOPES = [
  'openid',
  'profile',
  'email',
  'profile:read',
  'profile:write',
  'orders:read',
  'bookings:read',
  'enquiries:read',
]

/** The demo shop is the business's own: it signs its customers in on its own pages. */
export const DEMO_SHOP_CLIENT_ID = 'demo-shop'

/** Registers the demo application and the shop, or moves them to where they are served now. */
export async function ensureDemoClients(parts: {
  clients: Clients
  store: ClientStore
  clock: Clock
  organisation: string
  baseUrl: string
  /** The shop's origin; left out where it has none. */
  shop?: string
}): Promise<void> {
  const { baseUrl, shop } = parts
  await ensureClient(parts, {
    id: DEMO_CLIENT_ID,
    homeUri: `${baseUrl}/demo/`,
    redirectUris: [`${baseUrl}/demo/`],
    apiScopes: DEMO_SCOPES.filter((scope) => scope.includes(':')),
  })
  if (!shop) return
  await ensureClient(parts, {
    id: DEMO_SHOP_CLIENT_ID,
    homeUri: `${shop}/`,
    redirectUris: [`${shop}/`, `${shop}/module.html`],
    firstParty: true,
  })
}

type DemoClient = Pick<NewClient, 'redirectUris' | 'apiScopes' | 'firstParty'> & {
  id: string
  homeUri: string
}

async function ensureClient(
  parts: { clients: Clients; store: ClientStore; clock: Clock; organisation: string },
  { id, homeUri, redirectUris, ...rights }: DemoClient,
): Promise<void> {
  const { organisation } = parts
  const addresses = { redirectUris: [...redirectUris], postLogoutRedirectUris: [homeUri], homeUri }
  const name = 'Bayside Bikes'
  try {
    await parts.clients.create({ id, organisation, kind: 'browser', name, ...addresses, ...rights })
  } catch (error) {
    if (!(error instanceof AlreadyExists)) throw error
    const [origins, updatedAt] = [originsOf(redirectUris), parts.clock.now()]
    await parts.store.changeAddresses(organisation, id, { ...addresses, origins, updatedAt })
  }
}
