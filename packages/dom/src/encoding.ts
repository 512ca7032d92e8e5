// Bytes and texts as OAuth writes them: base64url, random values, digests, and what a JWT says.

import { parse } from './json.ts'
import { type Own, own } from './own.ts'

/** RFC 7515, 2. */
export function base64url(bytes: Uint8Array): string {
  // Bytes are numbers; and no iterator of the page's is asked.
  const text = String.fromCharCode.apply(null, bytes as unknown as number[])
  return btoa(text).replace(/\+/g, '-').replace(/\//g, '_').replace(/=/g, '')
}

export function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text)
}

/** 256 bits: a code verifier (RFC 7636, 4.1), a state, a nonce, a name of a proof. */
export function random(): string {
  return base64url(crypto.getRandomValues(new Uint8Array(32)))
}

export async function sha256(text: string): Promise<string> {
  return base64url(new Uint8Array(await crypto.subtle.digest('SHA-256', bytesOf(text))))
}

/** The claims of a JWT, as they stand there; none for whatever is no JWT. */
export function claimsOf(token: unknown): Own {
  try {
    const text = atob(String(token).split('.')[1]?.replace(/-/g, '+').replace(/_/g, '/') ?? '')
    const bytes = Uint8Array.from(text, (letter) => letter.charCodeAt(0))
    return own(parse(new TextDecoder().decode(bytes)))
  } catch {
    return own({})
  }
}
