// The browser library with proofs of possession (RFC 9449) in a real Chromium: tokens that are worth nothing without the key.

import { describe, expect, it } from '@jest/globals'
import { decodeJwt, decodeProtectedHeader } from 'jose'
import type { Page, Request } from 'playwright-core'
import { describeWithBrowser } from '../support/browser.ts'
import {
  emailOn,
  heard,
  openClient,
  openTab,
  shopForTest,
  signInOn,
} from '../support/embedded-client.ts'

const DAY = 24 * 3_600_000

describeWithBrowser('proofs of possession', () => {
  const shop = shopForTest()

  type Storage = 'memory' | 'session' | 'local'
  const open = (storage: Storage, page?: Page) =>
    openTab(shop, page ?? shop.context, { storage, isBound: true })

  /** What is sent to the issuer with a proof, from now on. */
  function proofsOf(page: Page) {
    const proofs: { path: string; request: Request; proof: string }[] = []
    page.on('request', (request) => {
      const proof = request.headers().dpop
      if (proof) proofs.push({ path: new URL(request.url()).pathname, request, proof })
    })
    return proofs
  }

  it('go with every request of a sign-in and after it, each about its request alone', async () => {
    const page = await open('memory')
    const proofs = proofsOf(page)
    await signInOn(page, shop.server)
    await page.evaluate(() => window.foyer.profile.get())
    await page.evaluate(() => window.foyer.portalUrl())
    await page.evaluate(() => window.foyer.refresh())
    const paths = ['challenge', 'token', 'handoff'].map((each) => `/oauth/${each}`)
    for (const path of [...paths, '/api/client/v1/profile', '/api/client/v1/session/events'])
      expect(proofs.map((each) => each.path)).toContain(path)
    for (const { request, proof, path } of proofs) {
      const { htm, htu, ath, iat } = decodeJwt(proof)
      expect([htm, htu]).toEqual([request.method(), `${shop.server.baseUrl}${path}`])
      expect(Math.abs(Number(iat) - Date.now() / 1000)).toBeLessThan(10)
      const authorization = request.headers().authorization
      expect(ath === undefined).toBe(authorization === undefined)
      if (authorization) expect(authorization).toMatch(/^DPoP /)
      expect(decodeProtectedHeader(proof)).toMatchObject({ alg: 'ES256', typ: 'dpop+jwt' })
    }
    expect(new Set(proofs.map(({ proof }) => decodeJwt(proof).jti)).size).toBe(proofs.length)
    const keys = proofs.map(({ proof }) => decodeProtectedHeader(proof).jwk?.x)
    expect(new Set(keys).size).toBe(1)
    const token = await page.evaluate(() => window.foyer.getAccessToken())
    expect(decodeJwt(String(token)).cnf).toEqual({ jkt: expect.any(String) })
  })

  it.each(['memory', 'session', 'local'] as const)(
    'work in every tab, with storage %s, and end with the session',
    async (storage) => {
      const first = await open(storage)
      const email = await signInOn(first, shop.server)
      const second = await open(storage)
      expect(await emailOn(second)).toBe(email)
      expect(await second.evaluate(() => window.foyer.profile.get())).toMatchObject({ email })
      expect(await second.evaluate(() => window.foyer.refresh().then(Boolean))).toBe(true)
      await heard(first, 'TOKEN_REFRESHED', 1000)
      expect(await first.evaluate(() => window.foyer.profile.get())).toMatchObject({ email })
      if (storage !== 'memory') {
        await open(storage, first)
        expect(await first.evaluate(() => window.foyer.profile.get())).toMatchObject({ email })
      }
      const databases = () => first.evaluate(async () => (await indexedDB.databases()).length)
      expect(await databases()).toBe(storage === 'memory' ? 0 : 1)
      await second.evaluate(() => window.foyer.signOut())
      await heard(first, 'SIGNED_OUT', 1000)
      expect(await databases()).toBe(0)
      // The next one begins with another key.
      await signInOn(first, shop.server)
      expect(await first.evaluate(() => window.foyer.profile.get())).not.toMatchObject({ email })
    },
  )

  it('take the place of no session without them, whose tokens any thief could use', async () => {
    const page = await open('memory')
    await page.route('**/oauth/token', async (route) => {
      const response = await route.fetch()
      await route.fulfill({ response, json: { ...(await response.json()), token_type: 'Bearer' } })
    })
    await expect(signInOn(page, shop.server)).rejects.toThrow('not for this page')
    expect(await emailOn(page)).toBe(null)
  })

  describe('on a device whose clock is wrong', () => {
    it.each([
      ['a day late', -DAY],
      ['a day early', DAY],
    ])('by %s: are made by the issuer’s clock', async (_how, offset) => {
      await shop.context.addInitScript((skew) => {
        const { now } = Date
        Date.now = () => now() + skew
      }, offset)
      const page = await open('local')
      const email = await signInOn(page, shop.server)
      expect(await page.evaluate(() => window.foyer.profile.get())).toMatchObject({ email })
      await open('local', page)
      expect(await page.evaluate(() => window.foyer.profile.get())).toMatchObject({ email })
      expect(await page.evaluate(() => window.foyer.refresh().then(Boolean))).toBe(true)
      // By redirect, the token endpoint is the first to say what time it is.
      const issuer = await shop.context.newPage()
      await issuer.goto(await page.evaluate(() => window.foyer.portalUrl()))
      const back = await open('memory', await shop.context.newPage())
      await back.evaluate(() => void window.foyer.signInWithRedirect({ prompt: 'none' }))
      await back.waitForURL(/code=/)
      const session = await openClient(back, {
        issuer: shop.server.baseUrl,
        clientId: shop.clientId,
        isBound: true,
      })
      expect(session).toMatchObject({ user: { email } })
    })
  })
})
