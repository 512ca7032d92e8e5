// P11: the browser library and other windows: what frames, openers and pop-ups can make of a page that signs people in.

import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { describeWithBrowser, startBrowser } from '../support/browser.ts'
import { openClient, registerShop, signInOn } from '../support/embedded-client.ts'
import {
  type EmbeddingPage,
  type EmbeddingSite,
  startEmbeddingSite,
} from '../support/embedding-site.ts'
import { startServer, type TestServer } from '../support/server.ts'
import { freshAddress } from '../support/sign-in-pages.ts'

/** Notes what the page asks of other windows, and what it listens to. */
const NOTE = `
  window.noted = []
  const { addEventListener, open, postMessage } = window
  EventTarget.prototype.addEventListener = function (type, ...rest) {
    if (type === 'message' && this === window) window.noted.push('listens')
    return addEventListener.call(this, type, ...rest)
  }
  Object.defineProperty(window, 'onmessage', { set() { window.noted.push('listens') } })
  window.open = (...rest) => { window.noted.push('opens'); return open.call(window, ...rest) }
  window.postMessage = (...rest) => { window.noted.push('posts'); return postMessage.call(window, ...rest) }
`

describeWithBrowser('P11: a page that signs people in', () => {
  let server: TestServer
  let site: EmbeddingSite
  /** Another site than both. */
  let evil: EmbeddingSite
  let browser: Browser
  let clientId: string
  let context: BrowserContext
  const pages: { [path: string]: EmbeddingPage } = {}
  const evilPages: { [path: string]: EmbeddingPage } = {}

  beforeAll(async () => {
    server = await startServer()
    site = await startEmbeddingSite({ issuer: server.baseUrl, pages })
    evil = await startEmbeddingSite({ issuer: server.baseUrl, pages: evilPages })
    clientId = await registerShop(server, site)
    browser = await startBrowser()
  })
  afterAll(async () => {
    await browser?.close()
    await site?.stop()
    await evil?.stop()
    await server?.stop()
  })
  beforeEach(async () => {
    context = await browser.newContext()
  })
  afterEach(() => context.close())

  const open = async (page: Page, path = '/'): Promise<void> => {
    await page.goto(`${site.origin}${path}`)
    await openClient(page, { issuer: server.baseUrl, clientId })
  }

  it('neither listens to other windows, nor speaks to them, nor opens any', async () => {
    const page = await context.newPage()
    await page.addInitScript(NOTE)
    await open(page)
    await signInOn(page, server)
    await page.evaluate(async () => {
      await window.foyer.refresh()
      await window.foyer.portalUrl()
      await window.foyer.signOut()
    })
    expect(await page.evaluate(() => Reflect.get(window, 'noted'))).toEqual([])
    expect([context.pages().length, page.frames().length]).toEqual([1, 1])
  })

  it('is moved by nothing that a frame of another site says', async () => {
    const forged = [
      { type: 'authorization_response', response: { code: 'a', state: 'b', iss: server.baseUrl } },
      { type: 'session', grant: { access: 'a', refresh: 'b', id: 'c', scope: 'd' } },
      { type: 'SIGNED_IN', session: { accessToken: 'a' } },
      { type: 'signed-out' },
    ]
    evilPages['/frame'] = {
      policy: null,
      script: `for (const message of ${JSON.stringify(forged)}) parent.postMessage(message, '*')
        parent.postMessage('all was said', '*')`,
    }
    const page = await context.newPage()
    pages['/framing'] = { policy: null }
    await open(page, '/framing')
    const requests: string[] = []
    page.on('request', (request) => requests.push(request.url()))
    await page.evaluate(async (address) => {
      const isSaid = new Promise<void>((resolve) =>
        addEventListener('message', ({ data }) => data === 'all was said' && resolve()),
      )
      document.body.append(Object.assign(document.createElement('iframe'), { src: address }))
      await isSaid
    }, `${evil.origin}/frame`)
    expect(await page.evaluate(() => [window.foyer.isAuthenticated(), window.events])).toEqual([
      false,
      ['INITIAL_SESSION'],
    ])
    expect(requests.filter((url) => url.startsWith(server.baseUrl))).toEqual([])
  })

  it('takes no answer from whoever opened it and leads it about', async () => {
    const page = await context.newPage()
    await page.goto(evil.origin)
    const opened = context.waitForEvent('page')
    await page.evaluate((address) => {
      Reflect.set(window, 'victim', window.open(address))
    }, site.origin)
    const victim = await opened
    await openClient(victim, { issuer: server.baseUrl, clientId })
    // While a sign-in by redirect is under way there, the opener answers it: with a state that it cannot know.
    await victim.evaluate(() => void window.foyer.signInWithRedirect())
    await victim.getByLabel('E-mail address').waitFor()
    const answer = new URLSearchParams({ code: 'its-own', state: 'guessed', iss: server.baseUrl })
    await page.evaluate((address) => {
      Reflect.get(window, 'victim').location = address
    }, `${site.origin}/?${answer}`)
    await victim.waitForURL(`${site.origin}/?**`)
    const requests: string[] = []
    victim.on('request', (request) => requests.push(new URL(request.url()).pathname))
    await expect(openClient(victim, { issuer: server.baseUrl, clientId })).rejects.toThrow(
      'did not ask for it',
    )
    expect(await victim.evaluate(() => window.foyer.isAuthenticated())).toBe(false)
    expect(requests).not.toContain('/oauth/token')
  })

  it('hands a browser on to a page that whoever opened it loses hold of', async () => {
    const page = await context.newPage()
    await open(page)
    await signInOn(page, server, freshAddress())
    const address = await page.evaluate(() => window.foyer.portalUrl())
    const thief = await context.newPage()
    await thief.goto(evil.origin)
    const opened = context.waitForEvent('page')
    await thief.evaluate((link) => {
      Reflect.set(window, 'victim', window.open(link))
    }, address)
    await (await opened).waitForURL(/\/oauth\/handoff\//)
    // The browser tells the one window of the other's leaving, a moment after it left.
    await thief.waitForFunction(() => Reflect.get(window, 'victim').closed)
    expect(await (await opened).evaluate(() => window.opener)).toBeNull()
  })
})
