// The browser library where networks and servers say little: nothing, too late, later, or something else.

import { describe, expect, it } from '@jest/globals'
import type { Page } from 'playwright-core'
import { describeWithBrowser, routeOnce } from '../support/browser.ts'
import {
  emailOn,
  eventsOn,
  heard,
  openTab,
  shopForTest,
  signInOn,
} from '../support/embedded-client.ts'
import { eventually } from '../support/eventually.ts'

const EVENTS = '**/session/events'

describeWithBrowser('the browser library, where', () => {
  const shop = shopForTest()

  const endSession = async (token: string | null): Promise<void> => {
    await fetch(`${shop.server.baseUrl}/api/client/v1/session`, {
      method: 'DELETE',
      headers: { authorization: `Bearer ${token}` },
    })
  }
  /** Seconds, in steps: between two of them answers arrive. */
  const pass = async (seconds: number): Promise<void> => {
    for (let step = 0; step < 25; step += 1) await shop.context.clock.runFor((seconds * 1000) / 25)
  }
  const tokenOn = (page: Page) => page.evaluate(() => window.foyer.getAccessToken())

  describe('nothing is heard of a sign-out elsewhere', () => {
    it.each([429, 503])('because of a %i: asks again when it was told to', async (status) => {
      await shop.context.addInitScript('Math.random = () => 0')
      await shop.context.clock.install()
      let asked = 0
      await shop.context.route(EVENTS, (route) => {
        asked += 1
        const headers = {
          'access-control-allow-origin': '*',
          'access-control-expose-headers': 'Retry-After',
          'retry-after': '30',
        }
        return route.fulfill({ status, headers, body: '{}' })
      })
      const page = await openTab(shop, shop.context)
      await signInOn(page, shop.server)
      await eventually(async () => expect(asked).toBe(1))
      await pass(25)
      expect(asked).toBe(1)
      await pass(6)
      await eventually(async () => expect(asked).toBe(2))
    })

    it('because a proxy knows no server for a moment: asks again', async () => {
      await routeOnce(shop.context, EVENTS, (route) => route.fulfill({ status: 404 }))
      const page = await openTab(shop, shop.context)
      await signInOn(page, shop.server)
      await endSession(await tokenOn(page))
      await heard(page, 'SIGNED_OUT', 5000)
    })

    it('because it is for other clients (403): asks no more', async () => {
      await shop.context.clock.install()
      let asked = 0
      await shop.context.route(EVENTS, (route) => {
        asked += 1
        return route.fulfill({ status: 403, headers: { 'access-control-allow-origin': '*' } })
      })
      const page = await openTab(shop, shop.context)
      await signInOn(page, shop.server)
      await pass(10 * 60)
      expect(asked).toBe(1)
    })

    it('because the device was offline for long: is told as soon as it is not', async () => {
      await shop.context.clock.install()
      await shop.context.route(EVENTS, (route) => route.abort())
      const page = await openTab(shop, shop.context)
      await signInOn(page, shop.server)
      await pass(10 * 60) // it tries but once in a minute or two by now
      await shop.context.unroute(EVENTS)
      await endSession(await tokenOn(page))
      await page.evaluate(() => dispatchEvent(new Event('online')))
      await heard(page, 'SIGNED_OUT', 5000)
    })

    it('because it was asked for in vain before somebody else signed in: asks for them at once', async () => {
      await shop.context.clock.install()
      await shop.context.route(EVENTS, (route) => route.abort())
      const page = await openTab(shop, shop.context)
      await signInOn(page, shop.server)
      await pass(10 * 60)
      await shop.context.unroute(EVENTS)
      await page.evaluate(() => window.foyer.signOut())
      const isAsked = page.waitForRequest(EVENTS, { timeout: 5000 })
      await signInOn(page, shop.server)
      await isAsked
    })
  })

  it('everything that is sent is swallowed: signs out here all the same, and says so', async () => {
    const page = await openTab(shop, shop.context, { storage: 'local' })
    await signInOn(page, shop.server)
    await page.route('**/api/client/v1/session', () => {}) // never answered
    const error = await page.evaluate(() => {
      const { timeout } = AbortSignal
      AbortSignal.timeout = (milliseconds) => timeout.call(AbortSignal, milliseconds / 100)
      return window.foyer.signOut().catch(({ code }) => code)
    })
    expect(error).toBe('network_error')
    expect(await page.evaluate(() => localStorage.length)).toBe(0)
  })

  it('somebody else answers: takes that for no record', async () => {
    const page = await openTab(shop, shop.context)
    const email = await signInOn(page, shop.server)
    await page.route('**/api/client/v1/profile', (route) =>
      route.fulfill({ status: 200, contentType: 'text/html', body: '<h1>Free Wi-Fi</h1>' }),
    )
    const error = await page.evaluate(() => window.foyer.profile.get().catch(({ code }) => code))
    expect(error).toBe('request_failed')
    expect(await emailOn(page)).toBe(email)
  })

  it('a refresh is answered after a sign-out: nobody is signed in by it', async () => {
    const page = await openTab(shop, shop.context, { storage: 'local' })
    await signInOn(page, shop.server)
    const answered = Promise.withResolvers<void>()
    const signedOut = Promise.withResolvers<void>()
    await page.route('**/oauth/token', async (route) => {
      const response = await route.fetch()
      answered.resolve()
      await signedOut.promise
      await route.fulfill({ response })
    })
    const refreshed = page.evaluate(() => window.foyer.refresh())
    await answered.promise
    await page.evaluate(() => window.foyer.signOut())
    signedOut.resolve()
    expect(await refreshed).toBe(null)
    expect(await emailOn(page)).toBe(null)
    expect(await eventsOn(page)).toEqual(['INITIAL_SESSION', 'SIGNED_IN', 'SIGNED_OUT'])
    expect(await page.evaluate(() => localStorage.length)).toBe(0)
  })

  it('the issuer says late whose another tab’s tokens are: keeps whom it has signed in since', async () => {
    const page = await openTab(shop, shop.context)
    const other = await openTab(shop, shop.context)
    const asked = Promise.withResolvers<void>()
    const signedIn = Promise.withResolvers<void>()
    await page.route('**/oauth/userinfo', async (route) => {
      const response = await route.fetch()
      asked.resolve()
      await signedIn.promise
      await route.fulfill({ response })
    })
    await signInOn(other, shop.server)
    await asked.promise
    const email = await signInOn(page, shop.server)
    const isRead = page.waitForResponse('**/oauth/userinfo')
    signedIn.resolve()
    await (await isRead).finished()
    await page.evaluate(() => new Promise(requestAnimationFrame)) // for what follows from the answer
    expect(await emailOn(page)).toBe(email)
    expect(await eventsOn(page)).toEqual(['INITIAL_SESSION', 'SIGNED_IN'])
  })

  it.each([429, 503])(
    'the issuer does not say whose tokens are, for a %i: leaves them where they are kept',
    async (status) => {
      const page = await openTab(shop, shop.context, { storage: 'local' })
      const other = await openTab(shop, shop.context, { storage: 'local' })
      await page.route('**/oauth/userinfo', (route) => route.fulfill({ status, json: {} }))
      const isAsked = page.waitForResponse('**/oauth/userinfo')
      const email = await signInOn(other, shop.server)
      await (await isAsked).finished()
      await page.evaluate(() => new Promise(requestAnimationFrame)) // for what follows from the answer
      expect(await emailOn(page)).toBe(null)
      await openTab(shop, other, { storage: 'local' })
      expect(await emailOn(other)).toBe(email)
    },
  )

  it('a request is sent on to another site: follows nowhere', async () => {
    const page = await openTab(shop, shop.context)
    await signInOn(page, shop.server)
    const visited: string[] = []
    page.on('request', (request) => visited.push(new URL(request.url()).pathname))
    await page.route('**/api/client/v1/profile', (route) =>
      route.fulfill({
        status: 307,
        headers: { location: `${shop.site.origin}/taken`, 'access-control-allow-origin': '*' },
      }),
    )
    const error = await page.evaluate(() => window.foyer.profile.get().catch(({ code }) => code))
    expect(error).toBe('network_error')
    expect(visited).not.toContain('/taken')
  })

  it('a link to the portal leads to another site: gives none', async () => {
    const page = await openTab(shop, shop.context)
    await signInOn(page, shop.server)
    for (const url of ['https://evil.example/', `${shop.server.baseUrl}.evil.example/`]) {
      await page.route('**/oauth/handoff', (route) => route.fulfill({ status: 201, json: { url } }))
      const error = await page.evaluate(() => window.foyer.portalUrl().catch(({ code }) => code))
      expect(error).toBe('request_failed')
    }
  })

  it('a sign-in has another name after every answer: goes on by the newest', async () => {
    const page = await openTab(shop, shop.context)
    const named: (string | null)[] = []
    let real = ''
    await page.route('**/oauth/challenge', async (route) => {
      const form = new URLSearchParams(route.request().postData() ?? '')
      named.push(form.get('auth_session'))
      if (form.has('auth_session')) form.set('auth_session', real)
      const response = await route.fetch({ postData: form.toString() })
      const answer = await response.json()
      real = answer.auth_session
      const json = { ...answer, ...(real && { auth_session: `name ${named.length}` }) }
      await route.fulfill({ response, json })
    })
    await page.evaluate(() => window.foyer.sendCode('names@example.com'))
    const right = await shop.server.codeFor('names@example.com')
    const wrong = right === '000000' ? '000001' : '000000'
    for (const code of [wrong, right])
      await page.evaluate((typed) => window.foyer.verifyCode(typed).catch(() => {}), code)
    expect(named).toEqual(['', 'name 1', 'name 2'])
    expect(await emailOn(page)).toBe('names@example.com')
  })
})
