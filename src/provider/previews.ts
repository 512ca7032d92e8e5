// Addresses at use: wildcards stand for a label where a preview has them, and for nothing anywhere else; a test has its own.

import type Provider from 'oidc-provider'
import { isPreviewAddress } from '../services/identity/clients/preview-uris.ts'
import type { Client } from '../stores/clients.ts'
import { recordOf } from './seam.ts'

/** Undocumented surface of the engine's Client class, pinned by a test: both are looked up on each use. */
export function matchAddresses(
  provider: Provider,
  isTestAddress: (client: Client, uri: string) => boolean,
): void {
  // Their typings are missing.
  const prototype = provider.Client.prototype as unknown as AddressChecks
  const { redirectUriAllowed, postLogoutRedirectUriAllowed } = prototype
  Object.assign(prototype, {
    redirectUriAllowed(this: object, asked: string): boolean {
      const client = recordOf(this)
      const { kind, redirectUris } = client
      if (isTestAddress(client, asked)) return true
      if (kind === 'preview') return isPreviewAddress(redirectUris, asked)
      return hasNoWildcard(asked) && redirectUriAllowed.call(this, asked)
    },
    postLogoutRedirectUriAllowed(this: object, asked: string): boolean {
      const { kind, postLogoutRedirectUris } = recordOf(this)
      if (kind === 'preview') return isPreviewAddress(postLogoutRedirectUris, asked)
      return hasNoWildcard(asked) && postLogoutRedirectUriAllowed.call(this, asked)
    },
  })
}

/** Refused at save already; should one stand in the store all the same, it leads nowhere. */
function hasNoWildcard(asked: string): boolean {
  return !asked.includes('*')
}

type AddressCheck = (this: object, asked: string) => boolean
type AddressChecks = {
  redirectUriAllowed: AddressCheck
  postLogoutRedirectUriAllowed: AddressCheck
}

/** Whether scripts of the origin may read what the client is answered. */
export function mayCall({ kind, origins }: Client, origin: string): boolean {
  return kind === 'preview' ? isPreviewAddress(origins, origin) : origins.includes(origin)
}

/** Whether it may ask where only the house's own applications may: pages of its origins, and apps, which send none. */
export function mayAskFrom(client: Client, origin: string | undefined): boolean {
  return origin === undefined ? client.kind === 'native' : mayCall(client, origin)
}
