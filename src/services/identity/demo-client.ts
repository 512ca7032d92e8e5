// The demo application's registration: a third party like any other, known by name, at this installation's address.

import type { Clock } from '../../shared/clock.ts'
import type { ClientStore } from '../../stores/clients.ts'
import { AlreadyExists } from '../../stores/errors.ts'
import type { Clients } from './clients.ts'

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

/** Registers the demo application, or moves it to where the installation is served now. */
export async function ensureDemoClient(parts: {
  clients: Clients
  store: ClientStore
  clock: Clock
  organisation: string
  baseUrl: string
}): Promise<void> {
  const { organisation, baseUrl } = parts
  const address = `${baseUrl}/demo/`
  try {
    await parts.clients.create({
      id: DEMO_CLIENT_ID,
      organisation,
      kind: 'browser',
      name: 'Bayside Bikes',
      redirectUris: [address],
      postLogoutRedirectUris: [address],
      apiScopes: DEMO_SCOPES.filter((scope) => scope.includes(':')),
      homeUri: address,
    })
  } catch (error) {
    if (!(error instanceof AlreadyExists)) throw error
    await parts.store.changeAddresses(organisation, DEMO_CLIENT_ID, {
      redirectUris: [address],
      postLogoutRedirectUris: [address],
      origins: [baseUrl],
      homeUri: address,
      updatedAt: parts.clock.now(),
    })
  }
}
