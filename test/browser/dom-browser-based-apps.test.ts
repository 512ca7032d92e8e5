// OAuth 2.0 for Browser-Based Applications (RFC 10017): what it asks of the client and its page, by the numbers of the list.

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { decodeJwt } from 'jose'
import type { Browser, BrowserContext, Page, Request } from 'playwright-core'
import type { ClientOptions } from '../../packages/dom/src/index.ts'
import { describeWithBrowser, startBrowser } from '../support/browser.ts'
import { heard, openClient, registerShop, signInOn } from '../support/embedded-client.ts'
import {
  type EmbeddingPage,
  type EmbeddingSite,
  startEmbeddingSite,
  strictPolicy,
} from '../support/embedding-site.ts'
import { runProgram } from '../support/program.ts'
import { startServer, type TestServer } from '../support/server.ts'
import { freshAddress, roomyLimits } from '../support/sign-in-pages.ts'

type Options = Partial<Pick<ClientOptions, 'storage' | 'scope' | 'redirectUri'>>

describeWithBrowser('a page that signs people in', () => {
  let server: TestServer
  let site: EmbeddingSite
  let browser: Browser
  let clientId: string
  let context: BrowserContext
  const pages: { [path: string]: EmbeddingPage } = {}

  beforeAll(async () => {
    expect(await runProgram('scripts/front-ends.js')).toMatchObject({ code: 0, stderr: '' })
    server = await startServer()
    await server.changeSignIn(roomyLimits)
    site = await startEmbeddingSite({ issuer: server.baseUrl, pages })
    clientId = await registerShop(server, site)
    browser = await startBrowser()
  })
  afterAll(async () => {
    await browser?.close()
    await site?.stop()
    await server?.stop()
  })
  beforeEach(async () => {
    context = await browser.newContext()
  })
  afterEach(() => context.close())

  async function open(options: Options = {}, path = '/'): Promise<Page> {
    const page = await context.newPage()
    await page.goto(`${site.origin}${path}`)
    await openClient(page, { issuer: server.baseUrl, clientId, ...options })
    return page
  }

  /** What goes to the issuer from now on: its form, or its query. */
  function requestsOf(page: Page): { path: string; fields: URLSearchParams; request: Request }[] {
    const sent: ReturnType<typeof requestsOf> = []
    page.on('request', (request) => {
      const { origin, pathname, searchParams } = new URL(request.url())
      if (origin !== server.baseUrl) return
      const body = request.postData()
      const fields = body === null ? searchParams : new URLSearchParams(body)
      sent.push({ path: pathname, fields, request })
    })
    return sent
  }

  /** Leaves for the issuer, signs in there, and is back. */
  async function walkRedirect(page: Page, email = freshAddress()): Promise<string> {
    await page.evaluate(() => void window.foyer.signInWithRedirect())
    await page.getByLabel('E-mail address').fill(email)
    await page.keyboard.press('Enter')
    await page.locator('#code:focus').waitFor()
    await page.keyboard.type(await server.codeFor(email))
    await page.waitForURL((url) => url.origin === site.origin)
    return email
  }

  /** The client of a page that was left and came back. */
  const reopen = (page: Page, options: Options = {}) =>
    openClient(page, { issuer: server.baseUrl, clientId, ...options })

  const everythingStored = (page: Page): Promise<string> =>
    page.evaluate(async () => {
      const databases = await indexedDB.databases()
      return JSON.stringify([{ ...localStorage }, { ...sessionStorage }, databases])
    })

  describe('and its scripts', () => {
    it('BCP 5a: run only if they are what their hash says', async () => {
      const manifest = await (await fetch(`${server.baseUrl}/dom/v1/manifest.json`)).json()
      const { files } = manifest as {
        files: { name: string; address: string; integrity: string }[]
      }
      const file = files.find(({ name }) => name === 'index.js')
      const page = await context.newPage()
      const outcome = async (integrity = ''): Promise<string> => {
        pages['/pinned'] = {
          policy: null,
          document: `<!doctype html><script type="module" src="${file?.address}" integrity="${integrity}"
            onload="document.title = 'ran'" onerror="document.title = 'refused'"></script>`,
        }
        await page.goto(`${site.origin}/pinned`)
        await page.waitForFunction(() => document.title !== '')
        return page.title()
      }
      expect(await outcome(file?.integrity)).toBe('ran')
      expect(await outcome(`sha384-${'A'.repeat(64)}`)).toBe('refused')
    })

    it('BCP 5b: need a nonce, and no string becomes a script', async () => {
      pages['/nonce'] = {
        policy: strictPolicy(server.baseUrl).replace("script-src 'self'", "script-src 'nonce-n0'"),
        document: `<!doctype html><title>Shop</title><script nonce="n0">
          window.refused = []
          addEventListener('securitypolicyviolation', (event) => refused.push(event.violatedDirective))
        </script><script>document.title = 'injected'</script><script type="module" nonce="n0">
          import * as Foyer from '${server.baseUrl}/dom/v1/index.js'
          window.Foyer = Foyer
        </script>`,
      }
      const page = await context.newPage()
      await page.goto(`${site.origin}/nonce`)
      await reopen(page)
      await signInOn(page, server)
      const refused = () => page.evaluate(() => Reflect.get(window, 'refused') as string[])
      expect(await refused()).toEqual(['script-src-elem']) // what had no nonce, and nothing of the library
      await page.evaluate(() => {
        const script = document.createElement('script')
        script.append('document.title = "injected"')
        document.body.append(script)
      })
      expect(await refused()).toEqual(['script-src-elem', 'require-trusted-types-for'])
      expect(await page.title()).toBe('Shop')
    })
  })

  describe('asks for tokens', () => {
    it('BCP 6.3.2.1a: with PKCE, on the page and by redirect', async () => {
      const page = await open()
      const sent = requestsOf(page)
      await signInOn(page, server)
      await page.evaluate(() => window.foyer.signOut())
      await walkRedirect(page)
      await reopen(page)
      const of = (path: string) =>
        sent.filter(
          (each) => each.path === path && each.fields.get('grant_type') !== 'refresh_token',
        )
      const asked = [of('/oauth/challenge')[0], of('/oauth/authorize')[0]]
      for (const [index, each] of asked.entries()) {
        const verifier = of('/oauth/token')[index]?.fields.get('code_verifier') ?? ''
        expect(verifier).toMatch(/^[\w-]{43,}$/)
        expect(each?.fields.get('code_challenge_method')).toBe('S256')
        const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier))
        const challenge = Buffer.from(digest).toString('base64url')
        expect(each?.fields.get('code_challenge')).toBe(challenge)
      }
    })

    it('BCP 7.2c: with an authorization code, and never otherwise', async () => {
      const page = await open()
      const sent = requestsOf(page)
      await signInOn(page, server)
      await page.evaluate(() => window.foyer.signOut())
      await walkRedirect(page)
      await reopen(page)
      const values = (name: string) =>
        new Set(sent.map(({ fields }) => fields.get(name)).filter((each) => each !== null))
      expect(values('response_type')).toEqual(new Set(['code']))
      // Once it is signed out, a tab may ask whether it really is.
      const granted = [...values('grant_type')].filter((each) => each !== 'refresh_token')
      expect(granted).toEqual(['authorization_code'])
    })

    it('BCP 6.3.2.2: and takes no answer that it did not ask for', async () => {
      // A thief's own answer, in a link: true in itself, and meant for this client.
      const thief = await (await browser.newContext()).newPage()
      await thief.goto(site.origin)
      await reopen(thief)
      await walkRedirect(thief)
      const stolen = thief.url()
      expect(stolen).toContain('code=')
      await thief.context().close()

      const page = await context.newPage()
      const sent = requestsOf(page)
      await page.goto(stolen)
      await expect(reopen(page)).rejects.toThrow('did not ask for it')
      expect(await page.evaluate(() => [window.foyer.isAuthenticated(), location.search])).toEqual([
        false,
        '',
      ])
      expect(sent.filter(({ path }) => path.startsWith('/oauth/'))).toEqual([])
    })

    it('BCP 6.3.3.2.1a: at the address that is registered, to the letter', async () => {
      const page = await open({}, '/?campaign=spring#top')
      const sent = requestsOf(page)
      await page.evaluate(() => void window.foyer.signInWithRedirect())
      await page.getByLabel('E-mail address').waitFor()
      expect(sent[0]?.fields.get('redirect_uri')).toBe(`${site.origin}/`)
    })

    it('BCP 7.3b: by redirect where it is told to, and then nothing of it stays in the address', async () => {
      const page = await open()
      const email = await walkRedirect(page)
      expect(await reopen(page)).toMatchObject({ user: { email } })
      expect(page.url()).toBe(`${site.origin}/`)
    })

    it('BCP 9.1b: with the scopes that it was given, and no more', async () => {
      const page = await open({ scope: 'openid orders:read' })
      await signInOn(page, server)
      const session = await page.evaluate(() => window.foyer.getSession())
      expect(session?.scope).toBe('openid orders:read')
      expect(decodeJwt(session?.accessToken ?? '').scope).toBe('openid orders:read')
      expect(session?.user).not.toHaveProperty('email')
    })

    it('BCP 9.3: and takes no answer that is not its issuer’s', async () => {
      const page = await open()
      await page.route(`${server.baseUrl}/oauth/authorize*`, (route) => {
        const state = new URL(route.request().url()).searchParams.get('state')
        const answer = `code=its-own&state=${state}&iss=${encodeURIComponent('https://other.example')}`
        return route.fulfill({ status: 302, headers: { location: `${site.origin}/?${answer}` } })
      })
      const sent = requestsOf(page)
      await page.evaluate(() => void window.foyer.signInWithRedirect())
      await page.waitForURL(/iss=/)
      await expect(reopen(page)).rejects.toThrow('did not ask for it')
      expect(sent.map(({ path }) => path)).not.toContain('/oauth/token')
    })
  })

  describe('has windows and workers', () => {
    it('BCP 6.3.3.3a: none of its own, and nobody’s message signs somebody in or out', async () => {
      const page = await open()
      await page.evaluate(() => {
        window.open = () => {
          throw new Error('a window was opened')
        }
      })
      const email = await signInOn(page, server)
      const name = `foyer:${server.baseUrl}:${clientId}`
      await page.evaluate((channel) => {
        const forged = [
          { type: 'signed-out' },
          { type: 'signed-out', token: 'made up' },
          { type: 'session', grant: { access: 'a', refresh: 'b', id: 'c', scope: 'd' } },
        ]
        for (const message of forged) {
          window.postMessage(message, '*')
          new BroadcastChannel(channel).postMessage(message)
        }
      }, name)
      // What the issuer says of it comes before its answer to this.
      await page.evaluate(() => window.foyer.profile.get())
      expect(await page.evaluate(() => [window.foyer.getUser()?.email, window.events])).toEqual([
        email,
        ['INITIAL_SESSION', 'SIGNED_IN'],
      ])
      expect([context.pages().length, page.frames().length]).toEqual([1, 1])
    })

    it('BCP 7.4: no service worker', async () => {
      const page = await open({ storage: 'local' })
      await signInOn(page, server)
      const workers = await page.evaluate(() => navigator.serviceWorker.getRegistrations())
      expect([workers, context.serviceWorkers()]).toEqual([[], []])
    })

    it('BCP 8.2: no worker that would keep tokens where the page reads them', async () => {
      const page = await open()
      await signInOn(page, server)
      expect(page.workers()).toEqual([])
      expect(await everythingStored(page)).toBe('[{},{},[]]')
    })
  })

  describe('keeps tokens', () => {
    it('BCP 6.3.4.2.1: in memory, if nothing else was said', async () => {
      const page = await open()
      await signInOn(page, server)
      expect(await everythingStored(page)).toBe('[{},{},[]]')
      await page.reload()
      expect(await reopen(page)).toBeNull()
    })

    it('BCP 6.3.4.2.2: bound to a key that cannot be taken out, if the page says so', async () => {
      const page = await context.newPage()
      await page.goto(site.origin)
      const isOut = await page.evaluate(
        async ([issuer = '', client = '']) => {
          const { dpop } = (await import(
            String('/foyer/dpop.ts')
          )) as typeof import('../../packages/dom/src/dpop.ts')
          const storage = 'session'
          window.foyer = window.Foyer.createClient({ issuer, clientId: client, storage, dpop })
          await window.foyer.initialize()
          await window.foyer.sendCode('key@example.org')
          const [database] = await indexedDB.databases()
          const opened = await new Promise<IDBDatabase>((resolve) => {
            const request = indexedDB.open(database?.name ?? '')
            request.onsuccess = () => resolve(request.result)
          })
          const [store = ''] = opened.objectStoreNames
          const pair = await new Promise<CryptoKeyPair>((resolve) => {
            const request = opened.transaction(store).objectStore(store).getAll()
            request.onsuccess = () => resolve(request.result[0])
          })
          opened.close()
          const taken = crypto.subtle.exportKey('jwk', pair.privateKey)
          return taken.then(
            () => 'taken out',
            (error) => error.name,
          )
        },
        [server.baseUrl, clientId],
      )
      expect(isOut).toBe('InvalidAccessError')
      const code = await server.codeFor('key@example.org')
      const session = await page.evaluate((typed) => window.foyer.verifyCode(typed), code)
      expect(decodeJwt(session.accessToken)).toHaveProperty('cnf.jkt')
    })

    it('BCP 8.1: never in cookies, and sends none', async () => {
      const page = await open({ storage: 'local' })
      // One that goes to every site that asks for it.
      const forAll = { sameSite: 'None', secure: true } as const
      await context.addCookies([
        { ...{ name: 'left', value: 'over', domain: 'localhost', path: '/' }, ...forAll },
      ])
      const sent = requestsOf(page)
      await signInOn(page, server)
      await page.evaluate(() => window.foyer.profile.get())
      const headers = await Promise.all(sent.map(({ request }) => request.allHeaders()))
      expect(headers.length).toBeGreaterThan(3)
      expect(headers.filter((each) => 'cookie' in each)).toEqual([])
      expect((await context.cookies()).map(({ name }) => name)).toEqual(['left'])
    })

    it('BCP 8.4: where no property leads to them', async () => {
      const page = await open({ storage: 'session' })
      await signInOn(page, server)
      const stored = await page.evaluate(() => Object.values(sessionStorage).join())
      const refreshToken = /"refresh":"([^"]+)"/.exec(stored)?.[1] ?? ''
      expect(refreshToken).toMatch(/^[\w-]{20,}$/)
      const found = await page.evaluate((token) => {
        const seen = new Set<unknown>()
        const search = (value: unknown, depth: number): boolean => {
          if (typeof value === 'string') return value.includes(token)
          if (value === null || !/object|function/.test(typeof value)) return false
          if (seen.has(value) || depth > 6) return false
          seen.add(value)
          const own = Object.getOwnPropertyDescriptors(value)
          return Reflect.ownKeys(own).some((key) => search(Reflect.get(own, key).value, depth + 1))
        }
        return search(window.foyer, 0)
      }, refreshToken)
      expect(found).toBe(false)
    })

    it('BCP 8.5: in a storage only by its name, until they end', async () => {
      for (const storage of ['session', 'local'] as const) {
        const page = await open({ storage })
        await signInOn(page, server)
        expect(await everythingStored(page)).toContain('refresh')
        await page.evaluate(() => window.foyer.signOut())
        await heard(page, 'SIGNED_OUT')
        expect(await everythingStored(page)).toBe('[{},{},[]]')
        await page.close()
      }
    })

    it('BCP 9.4: apart from those of another client on the same page', async () => {
      const other = await registerShop(server, site)
      const page = await open({ storage: 'local' })
      await signInOn(page, server)
      const second = await page.evaluate(
        async ([issuer = '', client = '']) => {
          const mine = window.Foyer.createClient({ issuer, clientId: client, storage: 'local' })
          return [
            await mine.initialize(),
            Object.keys(localStorage).filter((key) => key.includes(client)),
          ]
        },
        [server.baseUrl, other],
      )
      expect(second).toEqual([null, []])
    })
  })
})
