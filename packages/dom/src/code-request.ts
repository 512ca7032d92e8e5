// Asking for an authorization code, on the page or by redirect: what both say, and where neither can be.

import { random, sha256 } from './encoding.ts'
import { FoyerError } from './errors.ts'
import type { Fields, Server } from './server.ts'

/** What a code is redeemed with, kept by who asked for it. */
export type Secrets = { readonly verifier: string; readonly nonce: string }

/** Who somebody is, and the parts of the Client API that the library calls. */
const SCOPE =
  'openid profile email profile:read profile:write orders:read bookings:read enquiries:read'

export function secrets(): Secrets {
  // A frame that is sandboxed without `allow-same-origin`, or a file: nothing that a client could have registered.
  if (globalThis.origin === 'null')
    throw new FoyerError('origin_not_allowed', 'This page has no origin.')
  return { verifier: random(), nonce: random() }
}

/** RFC 6749, 4.1.1, with PKCE (RFC 7636, 4.3). */
export async function codeRequest(server: Server, { verifier, nonce }: Secrets): Promise<Fields> {
  return {
    client_id: server.clientId,
    response_type: 'code',
    code_challenge: await sha256(verifier),
    code_challenge_method: 'S256',
    nonce,
    scope: server.scope ?? SCOPE,
    ui_locales: server.locale ?? globalThis.navigator?.language ?? '',
  }
}
