// Bytes and texts as OAuth writes them: base64url, random values, digests, and what a JWT says.

import { type Own, own } from './own.ts'

/** RFC 7515, 2. */
export function base64url(bytes: Uint8Array): string {
  let text = ''
  for (let index = 0; index < bytes.length; index++)
    text += String.fromCharCode(bytes[index] as number) // within its length
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
export function claimsOf(token: unknown, parse: typeof JSON.parse): Own {
  try {
    const text = atob(String(token).split('.')[1]?.replace(/-/g, '+').replace(/_/g, '/') ?? '')
    const bytes = new Uint8Array(text.length)
    for (let index = 0; index < text.length; index++) bytes[index] = text.charCodeAt(index)
    return own(parse(new TextDecoder().decode(bytes)))
  } catch {
    return own({})
  }
}
