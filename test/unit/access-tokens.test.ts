// The check of access tokens with several issuers: each one's tokens by its own keys, and by those of now.

import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { describe, expect, it } from '@jest/globals'
import { SignJWT } from 'jose'
import { createCheckAccessToken, type IssuerKeys } from '../../src/provider/access-tokens.ts'

const API = 'https://id.example/api/client/v1'
const [ONE, TWO] = ['https://id.example', 'https://id.example/o/two']
const pair = () => generateKeyPairSync('rsa', { modulusLength: 2048 })
const [one, two] = [pair(), pair()]
const organisations = { [ONE]: 'org_one', [TWO]: 'org_two' }

type Made = { issuer: string; org?: string; kid: string; key: KeyObject }

function token({ issuer, org = organisations[issuer], kid, key }: Made): Promise<string> {
  return new SignJWT({ client_id: 'cli_1', org, scope: 'profile:read' })
    .setProtectedHeader({ alg: 'RS256', typ: 'at+jwt', kid })
    .setIssuer(issuer)
    .setAudience(API)
    .setSubject('acc_1')
    .setJti('1')
    .setIssuedAt()
    .setExpirationTime('1h')
    .sign(key)
}

/** The check where each issuer has these keys, by `kid`. */
function checkWith(keys: { [issuer: string]: { [kid: string]: KeyObject } }) {
  return createCheckAccessToken({
    isClientActive: async () => true,
    audience: API,
    clock: Date,
    isDenied: () => false,
    async keysOf(issuer): Promise<IssuerKeys | undefined> {
      const organisation = organisations[issuer]
      if (organisation === undefined) return undefined
      const found = Object.entries(keys[issuer] ?? {})
      return { organisation, keys: found.map(([kid, key]) => ({ kid, key })) }
    },
  })
}

describe('an access token', () => {
  const ownKeys = { [ONE]: { one: one.publicKey }, [TWO]: { two: two.publicKey } }

  it('is good with the key of its own issuer', async () => {
    const check = checkWith(ownKeys)
    for (const [issuer, kid, { privateKey: key }] of [
      [ONE, 'one', one],
      [TWO, 'two', two],
    ] as const)
      expect(await check(await token({ issuer, kid, key }))).toMatchObject({
        organisation: organisations[issuer],
      })
  })

  it.each([
    ['that says it is of the other issuer', { issuer: TWO, kid: 'one' }],
    ['that says so and names the other’s key', { issuer: TWO, kid: 'two' }],
    ['that says it is of the other organisation', { issuer: ONE, org: 'org_two', kid: 'one' }],
    ['of an issuer that is none of ours', { issuer: 'https://evil.example', kid: 'one' }],
    ['of the issuer in another spelling', { issuer: `${ONE}/`, kid: 'one' }],
  ])('M11: %s, is refused: keys do not cross', async (_name, made) => {
    expect(await checkWith(ownKeys)(await token({ ...made, key: one.privateKey }))).toBeUndefined()
  })

  it('J01: whose issuer is no text is refused without a fault', async () => {
    const check = createCheckAccessToken({
      isClientActive: async () => true,
      audience: API,
      clock: Date,
      isDenied: () => false,
      // As whoever looks issuers up does: it relies on a text.
      keysOf: async (issuer) => void issuer.startsWith(ONE),
    })
    for (const iss of [[ONE], { [ONE]: 1 }, 7, null]) {
      const claims = Buffer.from(JSON.stringify({ iss })).toString('base64url')
      expect(await check(`e30.${claims}.AA`)).toBeUndefined()
    }
  })

  it('J15: with a kid that two issuers have is checked with its own issuer’s key alone', async () => {
    const check = checkWith({ [ONE]: { same: one.publicKey }, [TWO]: { same: two.publicKey } })
    const made = (issuer: string, { privateKey: key }: typeof one) =>
      token({ issuer, kid: 'same', key })
    expect(await check(await made(ONE, one))).toMatchObject({ organisation: 'org_one' })
    expect(await check(await made(TWO, two))).toMatchObject({ organisation: 'org_two' })
    expect(await check(await made(ONE, two))).toBeUndefined()
    expect(await check(await made(TWO, one))).toBeUndefined()
  })

  it('is refused as soon as its key is gone, also when it passed before', async () => {
    const keys = {
      [ONE]: { one: one.publicKey, other: two.publicKey } as { [kid: string]: KeyObject },
    }
    const check = checkWith(keys)
    const passed = await token({ issuer: ONE, kid: 'one', key: one.privateKey })
    const kept = await token({ issuer: ONE, kid: 'other', key: two.privateKey })
    expect(await check(passed)).toBeDefined()
    expect(await check(kept)).toBeDefined()
    delete keys[ONE]?.one
    expect(await check(passed)).toBeUndefined()
    expect(await check(kept)).toBeDefined()
  })

  it('J14: of a weak key is refused', async () => {
    const weak = generateKeyPairSync('rsa', { modulusLength: 1024 })
    const { privateKey, publicKey } = weak
    const check = checkWith({ [ONE]: { weak: publicKey } })
    // The library that signs refuses such a key, so the token is signed by hand.
    const [header, payload] = (
      await token({ issuer: ONE, kid: 'weak', key: one.privateKey })
    ).split('.')
    const signed = `${header}.${payload}`
    const signature = sign('sha256', Buffer.from(signed), privateKey)
    expect(await check(`${signed}.${signature.toString('base64url')}`)).toBeUndefined()
  })
})
