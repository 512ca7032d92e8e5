// Previews at use: their addresses have a wildcard, which the engine knows nothing of.

import type Provider from 'oidc-provider'
import { isPreviewAddress } from '../services/identity/preview-uris.ts'
import type { Client } from '../stores/clients.ts'
import { recordOf } from './seam.ts'

/** Undocumented surface of the engine's Client class, pinned by a test: both are looked up on each use. */
export function matchPreviewAddresses(provider: Provider): void {
  // Their typings are missing.
  const prototype = provider.Client.prototype as unknown as AddressChecks
  const { redirectUriAllowed, postLogoutRedirectUriAllowed } = prototype
  Object.assign(prototype, {
    redirectUriAllowed(this: object, asked: string): boolean {
      const { kind, redirectUris } = recordOf(this)
      if (kind === 'preview') return isPreviewAddress(redirectUris, asked)
      return redirectUriAllowed.call(this, asked)
    },
    postLogoutRedirectUriAllowed(this: object, asked: string): boolean {
      const { kind, postLogoutRedirectUris } = recordOf(this)
      if (kind === 'preview') return isPreviewAddress(postLogoutRedirectUris, asked)
      return postLogoutRedirectUriAllowed.call(this, asked)
    },
  })
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
