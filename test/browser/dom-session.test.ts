// The browser library in a real Chromium, on a page of another site than the issuer: signing in, staying so, signing out.

import { describe, expect, it } from '@jest/globals'
import type { Page } from 'playwright-core'
import type { ClientOptions } from '../../packages/dom/src/index.ts'
import { describeWithBrowser } from '../support/browser.ts'
import {
  emailOn,
  eventsOn,
  heard,
  openClient,
  openTab,
  registerShop,
  shopForTest,
  signInOn,
} from '../support/embedded-client.ts'
import { freshAddress } from '../support/sign-in-pages.ts'

describeWithBrowser('the browser library', () => {
  const shop = shopForTest()

  const open = (storage: 'memory' | 'session' | 'local' = 'memory', page?: Page): Promise<Page> =>
    openTab(shop, page ?? shop.context, { storage })

  describe('signing in', () => {
    it('takes two requests after the code is typed, and gives the session and its person', async () => {
      const page = await open()
      expect(await page.evaluate(() => window.foyer.isAuthenticated())).toBe(false)
      const sent = await page.evaluate(() => window.foyer.sendCode('ana@example.com'))
      expect(sent).toMatchObject({ email: 'ana@example.com', length: 6 })
      const requests: string[] = []
      page.on('request', (request) => {
        if (request.method() === 'POST') requests.push(new URL(request.url()).pathname)
      })
      const code = await shop.server.codeFor('ana@example.com')
      const session = await page.evaluate((typed) => window.foyer.verifyCode(typed), code)
      expect(requests).toEqual(['/oauth/challenge', '/oauth/token'])
      expect(session.user).toMatchObject({ email: 'ana@example.com', email_verified: true })
      expect(session.scope.split(' ')).toContain('openid')
      expect(await eventsOn(page)).toEqual(['INITIAL_SESSION', 'SIGNED_IN'])
    })

    it('takes an option that is undefined for one that is left out', async () => {
      const page = await open()
      const sent = await page.evaluate(
        ({ issuer, clientId }) => {
          const left = { storage: undefined, scope: undefined, fetch: undefined, dpop: undefined }
          const options = { issuer, clientId, ...left } as unknown as ClientOptions
          return window.Foyer.createClient(options).sendCode('ben@example.com')
        },
        { issuer: shop.server.baseUrl, clientId: shop.clientId },
      )
      expect(sent.length).toBe(6)
    })

    it('says what was wrong with a code, and goes on with the right one', async () => {
      const page = await open()
      await page.evaluate(() => window.foyer.sendCode('wrong@example.com'))
      const right = await shop.server.codeFor('wrong@example.com')
      const wrong = right === '000000' ? '000001' : '000000'
      const error = await page.evaluate(
        (typed) =>
          window.foyer
            .verifyCode(typed)
            .catch(({ code, status, attemptsLeft }) => ({ code, status, attemptsLeft })),
        wrong,
      )
      expect(error).toEqual({ code: 'otp_invalid', status: 400, attemptsLeft: 4 })
      await page.evaluate((typed) => window.foyer.verifyCode(typed), right)
      expect(await emailOn(page)).toBe('wrong@example.com')
    })
  })

  it('goes on where it was when the network has been away in the middle', async () => {
    const page = await open()
    const email = freshAddress()
    const send = () =>
      page.evaluate((to) => window.foyer.sendCode(to).then(String, ({ code }) => code), email)
    await shop.context.setOffline(true)
    expect(await send()).toBe('network_error')
    await shop.context.setOffline(false)
    await page.evaluate((to) => window.foyer.sendCode(to), email)
    const code = await shop.server.codeFor(email)
    const verify = () =>
      page.evaluate(
        (typed) =>
          window.foyer.verifyCode(typed).then(
            ({ user }) => user.email,
            (error) => error.code,
          ),
        code,
      )
    await shop.context.setOffline(true)
    expect(await verify()).toBe('network_error')
    await shop.context.setOffline(false)
    expect(await verify()).toBe(email)
  })

  describe('a reload', () => {
    it.each([
      ['memory', false],
      ['session', true],
      ['local', true],
    ] as const)('with storage %s: keeps the session? %s', async (storage, isKept) => {
      const page = await open(storage)
      const email = await signInOn(page, shop.server)
      await open(storage, page)
      expect(await emailOn(page)).toBe(isKept ? email : null)
      expect(await eventsOn(page)).toEqual(['INITIAL_SESSION'])
      expect(await page.evaluate(() => Object.keys(localStorage).length)).toBe(
        storage === 'local' ? 1 : 0,
      )
      expect(await page.evaluate(() => Object.keys(sessionStorage).length)).toBe(
        storage === 'session' ? 1 : 0,
      )
    })
  })

  describe('three tabs', () => {
    it.each(['memory', 'session', 'local'] as const)(
      'with storage %s: are one',
      async (storage) => {
        const first = await open(storage)
        const email = await signInOn(first, shop.server)
        const second = await open(storage)
        const third = await open(storage)
        for (const page of [second, third]) expect(await emailOn(page)).toBe(email)

        await second.evaluate(() => window.foyer.refresh())
        for (const page of [first, third]) await heard(page, 'TOKEN_REFRESHED', 1000)
        const tokens = await Promise.all(
          [first, second, third].map((page) => page.evaluate(() => window.foyer.getAccessToken())),
        )
        expect(new Set(tokens).size).toBe(1)

        await third.evaluate(() => window.foyer.signOut())
        for (const page of [first, second]) await heard(page, 'SIGNED_OUT', 1000)
        expect(await emailOn(first)).toBe(null)
        expect(await first.evaluate(() => localStorage.length + sessionStorage.length)).toBe(0)
      },
    )
  })

  describe('ended elsewhere', () => {
    it('is over in every tab within 5 s: signed out at the issuer', async () => {
      const first = await open('local')
      await signInOn(first, shop.server)
      const second = await open('local')
      const issuer = await shop.context.newPage()
      await issuer.goto(await first.evaluate(() => window.foyer.portalUrl()))
      await issuer.goto(`${shop.server.baseUrl}/oauth/logout`)
      await issuer.getByRole('button', { name: 'Sign out' }).click()
      for (const page of [first, second]) await heard(page, 'SIGNED_OUT', 5000)
      expect(await first.evaluate(() => localStorage.length)).toBe(0)
    })

    it('is over in every tab within 5 s: signed out everywhere, on another device', async () => {
      const page = await open()
      const email = await signInOn(page, shop.server)
      const other = await shop.browser.newContext()
      const elsewhere = await openTab(shop, other)
      shop.server.clock.forward(60_000) // codes are not sent more often
      await signInOn(elsewhere, shop.server, email)
      await elsewhere.evaluate(() => window.foyer.signOut({ everywhere: true }))
      await heard(page, 'SIGNED_OUT', 5000)
      await other.close()
    })

    it('is listened for by one tab, and by the next one when that is closed', async () => {
      const streams: Page[] = []
      const first = await open()
      const listen = (page: Page) =>
        page.on('request', (request) => {
          if (request.url().endsWith('/session/events')) streams.push(page)
        })
      listen(first)
      await signInOn(first, shop.server)
      await first.waitForRequest(/session.events/).catch(() => {}) // it may have been sent before
      const second = await shop.context.newPage()
      listen(second)
      await open('memory', second)
      expect(streams).toEqual([first])
      const taken = second.waitForRequest(/session.events/)
      await first.close()
      await taken
      expect(streams).toEqual([first, second])
    })
  })

  describe('signing out', () => {
    it('ends the session at the issuer, with its tokens', async () => {
      const page = await open()
      await signInOn(page, shop.server)
      const token = await page.evaluate(() => window.foyer.getAccessToken())
      await page.evaluate(() => window.foyer.signOut())
      expect(await eventsOn(page)).toEqual(['INITIAL_SESSION', 'SIGNED_IN', 'SIGNED_OUT'])
      const answer = await fetch(`${shop.server.baseUrl}/api/client/v1/profile`, {
        headers: { authorization: `Bearer ${token}` },
      })
      expect(answer.status).toBe(401)
      const error = await page.evaluate(() =>
        window.foyer.fetch('/profile').catch(({ code }) => code),
      )
      expect(error).toBe('session_expired')
    })

    it('forgets everything here, also where nobody answers, and says so', async () => {
      const page = await open('local')
      await signInOn(page, shop.server)
      await shop.context.setOffline(true)
      const error = await page.evaluate(() => window.foyer.signOut().catch(({ code }) => code))
      expect(error).toBe('network_error')
      expect(await emailOn(page)).toBe(null)
      expect(await page.evaluate(() => localStorage.length)).toBe(0)
    })

    it('leaves nothing for the next person', async () => {
      const page = await open()
      const emails: unknown[] = []
      for (const email of [freshAddress(), freshAddress()]) {
        await signInOn(page, shop.server, email)
        emails.push(
          email,
          await page.evaluate(async () => (await window.foyer.profile.get()).email),
        )
        await page.evaluate(() => window.foyer.signOut())
      }
      const [one, shownToOne, two, shownToTwo] = emails
      expect([shownToOne, shownToTwo]).toEqual([one, two])
    })

    it('ends what another page kept, on a page that only signs out', async () => {
      const page = await open('local')
      await signInOn(page, shop.server)
      const token = await page.evaluate(() => window.foyer.getAccessToken())
      await page.goto(shop.site.origin)
      await page.waitForFunction(() => 'Foyer' in window)
      const options = {
        issuer: shop.server.baseUrl,
        clientId: shop.clientId,
        storage: 'local',
      } as const
      await page.evaluate((given) => window.Foyer.createClient(given).signOut(), options)
      expect(await page.evaluate(() => localStorage.length)).toBe(0)
      const answer = await fetch(`${shop.server.baseUrl}/api/client/v1/profile`, {
        headers: { authorization: `Bearer ${token}` },
      })
      expect(answer.status).toBe(401)
    })

    it('does nothing for who is not signed in', async () => {
      const page = await open()
      await page.evaluate(() => window.foyer.signOut({ everywhere: true }))
      expect(await eventsOn(page)).toEqual(['INITIAL_SESSION'])
    })
  })

  it('works for an organisation below the base address, whose Client API is not below its issuer', async () => {
    const acme = await shop.server.addOrganisation('acme')
    const clientId = await registerShop(acme, shop.site)
    const page = await shop.context.newPage()
    await page.goto(shop.site.origin)
    await openClient(page, { issuer: acme.baseUrl, clientId, storage: 'local' })
    const email = await signInOn(page, acme)
    expect(await page.evaluate(() => window.foyer.profile.get())).toMatchObject({ email })
    expect(await page.evaluate(() => window.foyer.portalUrl())).toMatch(`${acme.baseUrl}/`)
    // Another client of the same origin is another session.
    const other = await open('local')
    expect(await emailOn(other)).toBe(null)
    await page.evaluate(() => window.foyer.signOut())
    expect(await emailOn(page)).toBe(null)
  })

  it('calls the Client API, and tells what it refuses', async () => {
    const page = await open()
    const email = await signInOn(page, shop.server)
    expect(await page.evaluate(() => window.foyer.profile.get())).toMatchObject({ email })
    const patch = { given_name: 'Ana' }
    expect(await page.evaluate((given) => window.foyer.profile.update(given), patch)).toMatchObject(
      patch,
    )
    expect(await page.evaluate(() => window.foyer.orders.list({ limit: 5 }))).toEqual({
      items: [],
      next_cursor: null,
    })
    const refusal = await page.evaluate(() =>
      window.foyer.profile
        .update({ nick: 'A' })
        .catch(({ name, code, status, requestId }) => ({ name, code, status, requestId })),
    )
    expect(refusal).toEqual({
      name: 'FoyerError',
      code: 'invalid_fields',
      status: 422,
      requestId: expect.stringMatching(/./),
    })
  })
})
