// Which client an element uses: those of one page that name the same issuer and client share one.

import type { ClientOptions, FoyerClient } from '../types.ts'

export type CreateClient = (options: ClientOptions) => FoyerClient

const clients = new Map<string, FoyerClient>()

/** The client of those that name none. */
const OF_PAGE = ''

/** Elements use it where they name the same issuer and client, or none. */
export function shareClient(client: FoyerClient): void {
  clients.set(OF_PAGE, client).set(keyOf(client), client)
}

/** The client that the element's attributes name, made where it is the first; `undefined` where they do not. */
export function clientOf(element: Element, create: CreateClient): FoyerClient | undefined {
  const read = (name: string): string | undefined => element.getAttribute(name) || undefined
  const issuer = read('issuer')
  const clientId = read('client-id')
  if (!issuer || !clientId) return clients.get(OF_PAGE)
  const options = {
    issuer,
    clientId,
    storage: read('storage'),
    scope: read('scope'),
    locale: read('locale'),
    redirectUri: read('redirect-uri'),
  }
  const key = keyOf(options)
  // `createClient` looks at every option itself, and says what is wrong with one.
  const client = clients.get(key) ?? create(options as ClientOptions)
  clients.set(key, client)
  return client
}

function keyOf({ issuer, clientId }: Pick<FoyerClient, 'issuer' | 'clientId'>): string {
  return `${issuer.replace(/\/$/, '')} ${clientId}`
}
