// Proofs of possession (RFC 9449): a key that cannot leave this browser, and what is signed with it.

import { base64url, bytesOf, random, sha256 } from './encoding.ts'
import { stringify } from './json.ts'
import { forgetKeys, keepKeys } from './key-storage.ts'
import { own } from './own.ts'
import type { Keys, MakeKeys, Owner, SentInit } from './proofs.ts'

/** Seconds. A proof is good for 300 s before and after. */
const TOLERANCE = 60

/**
 * Binds tokens to a key that cannot leave this browser: who steals them can do nothing with them.
 *
 * @example
 * import { createClient } from '@foyer/dom'
 * import { dpop } from '@foyer/dom/dpop'
 *
 * const foyer = createClient({ issuer: 'https://id.example.com', clientId: 'shop', dpop })
 */
export const dpop: MakeKeys = (name, isStored): Keys => {
  let kept: Promise<CryptoKeyPair> | undefined
  let nonce: string | null = null
  /** How far the issuer's clock is ahead, in seconds: this device's may be wrong by days. */
  let ahead: number | undefined

  async function make(): Promise<CryptoKeyPair> {
    const algorithm = { name: 'ECDSA', namedCurve: 'P-256' }
    const made = await crypto.subtle.generateKey(algorithm, false, ['sign', 'verify'])
    return isStored ? keepKeys(name, made) : own(made)
  }

  function current(): Promise<CryptoKeyPair> {
    kept ??= make()
    return kept
  }

  const now = () => Math.floor(Date.now() / 1000)
  const part = (value: object) => base64url(bytesOf(stringify(value)))

  async function prove(address: string, init: SentInit, owner: Owner | undefined): Promise<string> {
    const { privateKey, publicKey } = owner?.pair ?? (await current())
    const { crv, kty, x, y } = await crypto.subtle.exportKey('jwk', publicKey)
    const [, token] = init.headers.get('Authorization')?.split(' ') ?? []
    const header = part({ typ: 'dpop+jwt', alg: 'ES256', jwk: { crv, kty, x, y } })
    const payload = part({
      jti: random(),
      htm: init.method ?? 'GET',
      htu: address.replace(/[?#].*/, ''),
      iat: now() + (ahead ?? aheadOf(owner)),
      ...(nonce && { nonce }),
      ...(token && { ath: await sha256(token) }),
    })
    const text = `${header}.${payload}`
    const algorithm = { name: 'ECDSA', hash: 'SHA-256' }
    const signature = await crypto.subtle.sign(algorithm, privateKey, bytesOf(text))
    return `${text}.${base64url(new Uint8Array(signature))}`
  }

  /** Takes the issuer's nonce and time from an answer; whether another proof would be a better one. */
  function learn(headers: Headers): boolean {
    const newNonce = headers.get('DPoP-Nonce') ?? nonce
    const date = Date.parse(headers.get('Date') ?? '')
    const newAhead = Number.isFinite(date) ? Math.round(date / 1000) - now() : ahead
    const isNew = newNonce !== nonce || Math.abs((newAhead ?? 0) - (ahead ?? 0)) > TOLERANCE
    nonce = newNonce
    ahead = newAhead
    return isNew
  }

  return {
    async send(address, init, { owner, fetch }) {
      const { headers } = init
      const token = headers.get('Authorization')
      if (token) headers.set('Authorization', token.replace('Bearer', 'DPoP'))
      for (let isLast = false; ; isLast = true) {
        headers.set('DPoP', await prove(address, init, owner))
        const response = await fetch(address, init)
        const isBetterKnown = learn(response.headers)
        if (isLast || !isBetterKnown || !(await isAboutProof(response))) return response
      }
    },
    pair: async () => (isStored ? undefined : current()),
    read(value) {
      const { privateKey, publicKey } = own<CryptoKeyPair>(value)
      const isPair = privateKey instanceof CryptoKey && publicKey instanceof CryptoKey
      return isPair ? own<CryptoKeyPair>({ privateKey, publicKey }) : undefined
    },
    forget() {
      kept = undefined
      if (isStored) forgetKeys(name)
    },
  }
}

/** No other refusal is a reason to ask again: it may have counted (RFC 9449, 5, 8 and 9). */
async function isAboutProof(response: Response): Promise<boolean> {
  if (response.ok) return false
  const challenge = response.headers.get('WWW-Authenticate')
  return /use_dpop_nonce|invalid_dpop_proof/.test(`${challenge} ${await response.clone().text()}`)
}

/** An ID token says when it was sent, by the issuer's clock. */
function aheadOf(owner: Owner | undefined): number {
  return owner ? Number(owner.user.iat) - Math.floor(owner.at / 1000) : 0
}
