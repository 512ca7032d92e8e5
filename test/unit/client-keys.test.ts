// The public keys that a client may register.

import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { describe, expect, it } from '@jest/globals'
import { readClientKeys } from '../../src/services/identity/clients/client-keys.ts'

type Jwk = { [member: string]: unknown }

const jwk = (key: KeyObject): Jwk => key.export({ format: 'jwk' })
const rsa = (modulusLength: number, publicExponent = 65_537) =>
  generateKeyPairSync('rsa', { modulusLength, publicExponent })
const curve = (namedCurve: string) => generateKeyPairSync('ec', { namedCurve })

const good = {
  rsa: jwk(rsa(2048).publicKey),
  ec: jwk(curve('P-256').publicKey),
  ed: jwk(generateKeyPairSync('ed25519').publicKey),
}
const read = (...keys: unknown[]) => readClientKeys({ keys })

describe('the keys of a client', () => {
  it('are RSA, P-256 or Ed25519, reduced to what a public key is made of', () => {
    const extra = {
      use: 'sig',
      key_ops: ['verify'],
      x5u: 'https://evil.test',
      jku: 'https://evil.test',
    }
    const { keys, problems } = read(
      { ...good.rsa, ...extra, kid: 'one', alg: 'PS256' },
      { ...good.ec, ...extra, kid: 'two' },
      { ...good.ed, ...extra },
      { ...good.ec, ...extra }, // a second one without a name
    )
    expect(problems).toEqual([])
    expect(keys).toStrictEqual([
      { ...good.rsa, kid: 'one', alg: 'PS256' },
      { ...good.ec, kid: 'two' },
      good.ed,
      good.ec,
    ])
  })

  it.each<[name: string, keys: unknown[]]>([
    ['ten of them', Array.from({ length: 10 }, () => good.ec)],
    ['a `kid` of 128 characters', [{ ...good.ec, kid: 'x'.repeat(128) }]],
    ['4096 bits', [{ ...good.rsa, n: Buffer.alloc(512, 0xff).toString('base64url') }]],
  ])('are taken with %s', (_name, keys) => {
    expect(read(...keys)).toEqual({ keys, problems: [] })
  })

  it.each<[name: string, key: unknown]>([
    ['a private RSA key', jwk(rsa(2048).privateKey)],
    ['a private P-256 key', jwk(curve('P-256').privateKey)],
    ['a private Ed25519 key', jwk(generateKeyPairSync('ed25519').privateKey)],
    ['one part of a private key', { ...good.rsa, p: 'AQ' }],
    ['a symmetric key', { kty: 'oct', k: 'AAAA' }],
    ['1024 bits', jwk(rsa(1024).publicKey)],
    ['8192 bits', { ...good.rsa, n: Buffer.alloc(1024, 0xff).toString('base64url') }],
    ['the exponent 3', jwk(rsa(2048, 3).publicKey)],
    ['an exponent of 2048 bits', { ...good.rsa, e: Buffer.alloc(256, 0xff).toString('base64url') }],
    ['another curve', jwk(curve('P-384').publicKey)],
    ['a key to agree on keys', jwk(generateKeyPairSync('x25519').publicKey)],
    ['a point off the curve', { ...good.ec, y: good.ec.x }],
    ['no modulus', { kty: 'RSA', e: 'AQAB' }],
    ['a modulus that is no text', { ...good.rsa, n: { $gt: '' } }],
    ['a key for encryption', { ...good.rsa, use: 'enc' }],
    ['an algorithm of another type', { ...good.rsa, alg: 'ES256' }],
    ['a symmetric algorithm', { ...good.rsa, alg: 'HS256' }],
    ['a `kid` out of proportion', { ...good.rsa, kid: 'x'.repeat(129) }],
    ['a `kid` that is no text', { ...good.rsa, kid: 1 }],
    ['a `kid` that is a list', { ...good.rsa, kid: ['a'] }],
    ['an empty `kid`', { ...good.rsa, kid: '' }],
    ['a name from every object', { kty: 'constructor' }],
    ['no object', 'RSA'],
    ['nothing', null],
  ])('are refused with %s, which is named', (_name, key) => {
    const { keys, problems } = read(good.ec, key)
    expect(problems).toEqual([{ path: 'jwks.keys.1', message: expect.any(String) }])
    expect(JSON.stringify(problems)).not.toContain('AQAB')
    expect(keys).toEqual([good.ec])
  })

  it.each<[name: string, jwks: unknown]>([
    ['a list', [good.rsa]],
    ['a key without its set', good.rsa],
    ['no key', { keys: [] }],
    ['eleven keys', { keys: Array.from({ length: 11 }, () => good.ec) }],
    [
      'two of one name',
      {
        keys: [
          { ...good.ec, kid: 'a' },
          { ...good.rsa, kid: 'a' },
        ],
      },
    ],
    ['nothing', null],
  ])('are refused as %s', (_name, jwks) => {
    expect(readClientKeys(jwks).problems).toHaveLength(1)
  })
})
