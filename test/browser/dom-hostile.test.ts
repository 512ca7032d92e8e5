// The browser library in a real Chromium, where the page, its frame, its tabs or its device are against it.

import { beforeAll, describe, expect, it } from '@jest/globals'
import type { Frame, Page } from 'playwright-core'
import { describeWithBrowser } from '../support/browser.ts'
import {
  emailOn,
  eventsOn,
  heard,
  openClient,
  openTab,
  shopForTest,
  signInOn,
} from '../support/embedded-client.ts'
import { startEmbeddingSite } from '../support/embedding-site.ts'
import { freshAddress } from '../support/sign-in-pages.ts'

const DAY = 24 * 3_600_000

describeWithBrowser('the browser library, among enemies', () => {
  const frame = '<iframe sandbox="allow-scripts" src="/"></iframe>'
  const shop = shopForTest({ '/frame': { script: '', body: frame } })
  let name: string

  beforeAll(() => {
    name = `foyer:${shop.server.baseUrl}:${shop.clientId}`
  })

  const sendRefused = (page: Page | Frame) =>
    page.evaluate(() =>
      window.foyer.sendCode('a@example.com').catch(({ code, status, message }) => ({
        code,
        status,
        message,
      })),
    )

  describe('messages that anybody of this origin can send', () => {
    /** An ID token as this issuer writes them, for this client; whose signature nobody made. */
    const forgery = () => {
      const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
      const iat = Math.floor(Date.now() / 1000) + 60
      const claims = { iss: shop.server.baseUrl, aud: shop.clientId, iat, exp: iat + 3600 }
      const token = (more: object) => `${part({ alg: 'none' })}.${part({ ...claims, ...more })}.`
      return (sub: string, api = `${shop.server.baseUrl}/api/client/v1`) => ({
        access: token({ sub, aud: api }),
        refresh: 'made-up',
        id: token({ sub, email: 'thief@example.com' }),
        scope: 'openid',
        at: Date.now(),
        life: 3_600_000,
        count: 7,
      })
    }
    const say = (page: Page, messages: unknown[]) =>
      page.evaluate(
        ([channel, each]) => {
          for (const message of each) new BroadcastChannel(channel).postMessage(message)
        },
        [name, messages] as const,
      )
    const strange = [
      null,
      1,
      'session',
      [],
      { type: 'session' },
      { type: 'session', grant: 'x' },
      { type: 'session', grant: { access: 1, id: {}, at: 'now' } },
      { type: 'no-such' },
      { __proto__: { type: 'signed-out' } },
    ]
    /** Whatever was said before is heard when this answers. */
    const settled = (page: Page) => page.evaluate(() => window.foyer.profile.get())

    it.each(['memory', 'session', 'local'] as const)(
      'sign nobody in, with storage %s',
      async (storage) => {
        const page = await openTab(shop, shop.context, { storage })
        const asked = page.waitForResponse(/userinfo/)
        await page.evaluate(([key, value]) => localStorage.setItem(key, value), [
          storage === 'local' ? name : 'other',
          JSON.stringify(forgery()('acc_thief')),
        ] as const)
        await say(page, [...strange, { type: 'session', grant: forgery()('acc_thief') }])
        expect((await asked).status()).toBe(401)
        await page.evaluate(() => window.foyer.refresh())
        expect(await eventsOn(page)).toEqual(['INITIAL_SESSION'])
        expect(await emailOn(page)).toBe(null)
      },
    )

    it('sign nobody in as somebody else, and nobody out', async () => {
      const page = await openTab(shop, shop.context)
      const email = await signInOn(page, shop.server)
      const asked = page.waitForResponse(/userinfo/)
      await say(page, [...strange, { type: 'session', grant: forgery()('acc_thief') }])
      await asked
      await say(page, [{ type: 'signed-out' }, { type: 'signed-out', token: 'made up' }])
      await settled(page)
      expect(await emailOn(page)).toBe(email)
      expect(await eventsOn(page)).toEqual(['INITIAL_SESSION', 'SIGNED_IN'])
    })

    it('cost nobody the session when they name the same person', async () => {
      const page = await openTab(shop, shop.context)
      await signInOn(page, shop.server)
      const sub = await page.evaluate(() => window.foyer.getUser()?.sub ?? '')
      await say(page, [{ type: 'session', grant: forgery()(sub) }])
      await heard(page, 'TOKEN_REFRESHED') // believed until it is tried, as it is no newcomer
      await say(page, [{ type: 'session', grant: forgery()(sub, 'https://evil.example') }])
      await settled(page)
      expect(await page.evaluate(() => window.foyer.refresh().then(Boolean))).toBe(true)
      expect(await eventsOn(page)).not.toContain('SIGNED_OUT')
    })

    it('are known for what they are when somebody did sign out', async () => {
      const page = await openTab(shop, shop.context)
      await page.route('**/session/events', (route) => route.fulfill({ status: 404 }))
      await signInOn(page, shop.server)
      const token = await page.evaluate(() => window.foyer.getAccessToken())
      await fetch(`${shop.server.baseUrl}/api/client/v1/session`, {
        method: 'DELETE',
        headers: { authorization: `Bearer ${token}` },
      })
      await say(page, [{ type: 'signed-out' }])
      await heard(page, 'SIGNED_OUT', 1000)
    })

    it('strange things in the storage are dropped, and nothing else is kept', async () => {
      const page = await openTab(shop, shop.context, { storage: 'local' })
      for (const value of [
        '',
        '{',
        '[]',
        '{"access":"a"}',
        JSON.stringify({ ...forgery()('a'), life: '1' }),
      ]) {
        await page.evaluate(([key, text]) => localStorage.setItem(key, text), [
          name,
          value,
        ] as const)
        await openTab(shop, page, { storage: 'local' })
        expect(await emailOn(page)).toBe(null)
        expect(await page.evaluate(() => localStorage.length)).toBe(0)
      }
    })
  })

  describe('a page with hostile prototypes', () => {
    it('signs in, refreshes and signs out, and hands no token to them', async () => {
      const page = await shop.context.newPage()
      await page.addInitScript(() => {
        const seen: unknown[] = []
        Object.assign(window, { seen })
        const names = [
          'then',
          'access',
          'refresh',
          'id',
          'storage',
          'scope',
          'grant',
          'token',
          'type',
        ]
        for (const member of [
          ...names,
          'refresh_token',
          'error',
          'policies',
          'code',
          'user',
          'signal',
        ])
          Object.defineProperty(Object.prototype, member, {
            configurable: true,
            get() {
              try {
                seen.push({ ...this })
              } catch {}
              return member === 'storage' ? 'local' : undefined
            },
            set(value) {
              seen.push(value)
              Object.defineProperty(this, member, { value, writable: true, configurable: true })
            },
          })
        for (const member of ['toJSON', 'extra'])
          Object.defineProperty(Object.prototype, member, { value: undefined, writable: true })
        Object.assign(Array.prototype, { enumerable: 'by for-in' })
      })
      await openTab(shop, page)
      // After the client was made: none of these is called any more.
      await page.evaluate(() => {
        const spy = (where: object, member: string) =>
          Object.assign(where, {
            [member]: (...args: unknown[]) => {
              Reflect.get(window, 'seen').push(...args)
              throw new Error(`${member} was called`)
            },
          })
        spy(window, 'fetch')
        spy(JSON, 'parse')
        spy(JSON, 'stringify')
        spy(Storage.prototype, 'setItem')
        const { seen } = window as unknown as { seen: unknown[] }
        const { prototype } = Array
        for (const member of ['every', 'map', 'join', 'includes', 'forEach', Symbol.iterator]) {
          const real = Reflect.get(prototype, member)
          Object.defineProperty(prototype, member, {
            configurable: true,
            value(this: unknown[], ...args: unknown[]) {
              for (let index = 0; this !== seen && index < this.length; index += 1) {
                const each = this[index]
                seen[seen.length] = each && typeof each === 'object' ? { ...each } : each
              }
              return Reflect.apply(real, this, args)
            },
          })
        }
      })
      const email = freshAddress()
      await page.evaluate((address) => window.foyer.sendCode(address), email)
      const code = await shop.server.codeFor(email)
      // Sessions stay in the page: whoever takes them from there reads them with its own means.
      await page.evaluate((typed) => window.foyer.verifyCode(typed).then(() => {}), code)
      await page.evaluate(() => window.foyer.refresh().then(() => {}))
      const seen = await page.evaluate(() =>
        (Reflect.get(window, 'seen') as unknown[]).map((each) =>
          each && typeof each === 'object' ? Object.values(each).join() : String(each),
        ),
      )
      expect(seen.length).toBeGreaterThan(0)
      const tokens = /eyJ[\w-]+\.eyJ/ // access and ID tokens; what comes with them comes with the same answer
      expect(seen.filter((text) => tokens.test(text))).toEqual([])
      expect(await emailOn(page)).toBe(email)
      expect(await page.evaluate(() => localStorage.length)).toBe(0)
      await page.evaluate(() => window.foyer.signOut())
      expect(await emailOn(page)).toBe(null)
    })
  })

  describe('a device whose clock is wrong', () => {
    it.each([
      ['a day late', -DAY],
      ['a day early', DAY],
    ])('by %s: signs in, calls, reloads and refreshes', async (_how, offset) => {
      await shop.context.addInitScript((skew) => {
        const Real = Date
        class Wrong extends Real {
          constructor(...args: [number]) {
            super(...(args.length > 0 ? args : ([Real.now() + skew] as [number])))
          }
          static override now(): number {
            return Real.now() + skew
          }
        }
        window.Date = Wrong as DateConstructor
      }, offset)
      const page = await openTab(shop, shop.context, { storage: 'local' })
      const sent: string[] = []
      page.on('request', (request) => sent.push(new URL(request.url()).pathname))
      const email = await signInOn(page, shop.server)
      expect(await page.evaluate(() => window.foyer.profile.get())).toMatchObject({ email })
      const left = await page.evaluate(
        () => (window.foyer.getSession()?.expiresAt ?? 0) - Date.now(),
      )
      expect(left).toBeGreaterThan(3_500_000)
      await openTab(shop, page, { storage: 'local' })
      expect(await emailOn(page)).toBe(email)
      expect(sent.filter((path) => path === '/oauth/token')).toHaveLength(1)
      expect(await page.evaluate(() => window.foyer.refresh().then(Boolean))).toBe(true)
    })

    it('that is set back meanwhile: is no reason to trust an old token', async () => {
      const page = await openTab(shop, shop.context, { storage: 'local' })
      await signInOn(page, shop.server)
      await page.addInitScript((skew) => {
        const { now } = Date
        Date.now = () => now() - skew
      }, DAY)
      const refreshed = page.waitForResponse(/oauth.token/)
      await openTab(shop, page, { storage: 'local' })
      expect((await refreshed).status()).toBe(200)
      expect(await emailOn(page)).not.toBe(null)
    })
  })

  describe('an origin that is not the client’s', () => {
    it('is told so: another site', async () => {
      const other = await startEmbeddingSite({ issuer: shop.server.baseUrl })
      const page = await openTab({ ...shop, site: other }, shop.context)
      expect(await sendRefused(page)).toMatchObject({ code: 'origin_not_allowed', status: 403 })
      await other.stop()
    })

    it('is told so: a frame without an origin', async () => {
      const page = await shop.context.newPage()
      await page.goto(`${shop.site.origin}/frame`)
      const frame = page.frames()[1] as Frame // the one of its body
      await frame.waitForFunction(() => 'Foyer' in window)
      for (const storage of ['memory', 'session', 'local'] as const) {
        await openClient(frame, { issuer: shop.server.baseUrl, clientId: shop.clientId, storage })
        expect(await sendRefused(frame)).toEqual({
          code: 'origin_not_allowed',
          status: 0,
          message: 'This page has no origin.',
        })
      }
    })
  })

  describe('paths', () => {
    it.each([
      'https://evil.example/',
      '//evil.example/',
      'profile',
      '/../../admin/v1/clients',
      '/%2e%2e/%2E%2E/admin/v1',
      '/..\\..\\admin',
      '@evil.example/',
      '',
    ])('of no part of the Client API get no token: %s', async (path) => {
      const page = await openTab(shop, shop.context)
      await signInOn(page, shop.server)
      const sent: string[] = []
      page.on('request', (request) => {
        if (!request.url().startsWith(`${shop.server.baseUrl}/api/client/v1/`))
          sent.push(request.url())
      })
      const error = await page.evaluate(
        (given) => window.foyer.fetch(given).catch((thrown) => thrown.name),
        path,
      )
      expect(['TypeError', 'FoyerError']).toContain(error)
      expect(sent).toEqual([])
    })
  })
})
