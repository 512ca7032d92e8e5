// In Chromium, clients without a server and without a secret: oidc-client-ts in a page of its own origin.

import { afterAll, beforeAll, expect, it } from '@jest/globals'
import type { Browser, Page } from 'playwright-core'
import { snippetsFor } from '../../apps/admin/src/pages/clients/snippets.ts'
import { describeWithBrowser, openWindow, startBrowser } from '../support/browser.ts'
import { credentialsOf } from '../support/printed-client.ts'
import { read } from '../support/repository.ts'
import { type Installation, startInstallation } from './kit/installation.ts'
import type { Relay } from './kit/relay.ts'
import { type Site, startSite } from './kit/site.ts'

/** Milliseconds; beside a virtual machine that starts, pages take their time. */
const PATIENCE = 20_000

describeWithBrowser('oidc-client-ts in a browser', () => {
  let installation: Installation
  let relay: Relay
  let browser: Browser
  let site: Site
  let origin: string
  let issuer: string
  let clientId: string
  let visitors = 0

  beforeAll(async () => {
    ;[installation, browser] = await Promise.all([startInstallation(), startBrowser()])
    relay = installation.relay
    issuer = `${installation.baseUrl}/o/acme`
    site = await startSite()
    origin = site.origin
    clientId = await register(
      ...['--organisation', 'acme', '--redirect-uri', `${origin}/callback`, '--api'],
      ...['--post-logout-redirect-uri', `${origin}/`],
    )
    const settings = { issuer, api: `${installation.baseUrl}/api/client/v1`, clientId }
    const page = read('test/interop/oidc-client-ts/index.html')
    for (const path of ['/', '/callback']) site.texts.set(path, page)
    site.texts.set('/shop.js', read('test/interop/oidc-client-ts/shop.js'))
    site.texts.set('/settings.js', `window.settings = ${JSON.stringify(settings)}`)
  }, 120_000)
  afterAll(async () => {
    await browser?.close()
    await site?.stop()
    await installation?.stop()
  })

  async function register(...args: string[]): Promise<string> {
    const create = ['clients', 'create', '--kind', 'browser', '--name', 'The shop', '--json']
    return credentialsOf(await installation.foyer(...create, ...args)).client_id
  }

  /** A new customer in a window of their own walks all pages, and is back. */
  async function signIn(change?: (request: URL) => void, path = '/') {
    const window = await openWindow(browser)
    const { page } = window
    page.setDefaultTimeout(PATIENCE)
    visitors += 1
    const email = `visitor-${visitors}@example.org`
    if (change) await onTheWay(page, change)
    await page.goto(`${origin}${path}`)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByLabel('E-mail address').fill(email)
    await page.keyboard.press('Enter')
    await page.locator('#code:focus').waitFor()
    await page.keyboard.type(await installation.codeFor(email))
    await page.getByRole('button', { name: 'Allow' }).click()
    await page.waitForURL(`${origin}/**`)
    return { ...window, email }
  }

  /**
   * Changes the authorization request, and with it what its answer says. For as long as the page lives: a browser that
   * stops looking at requests while one is under way may lose that one.
   */
  const onTheWay = (page: Page, change: (request: URL) => void) =>
    page.route(`${issuer}/oauth/authorize?**`, (route) => {
      const url = new URL(route.request().url())
      change(url)
      return route.continue({ url: url.href })
    })

  async function shown(page: Page) {
    const output = page.locator('output', { hasText: 'claims' })
    return JSON.parse((await output.textContent()) ?? '') as {
      claims: { [claim: string]: unknown }
      profile: { [field: string]: unknown }
    } // what the page shows
  }
  const grants = (type: string) =>
    relay.passed.filter(({ method, form }) => method === 'POST' && form.get('grant_type') === type)
  const press = (page: Page, name: string) => page.getByRole('button', { name }).click()

  it('finds the issuer by discovery, signs a customer in by code and PKCE, and reads the API', async () => {
    const { page, email, complaints, end } = await signIn()
    const { claims, profile } = await shown(page)
    expect(claims).toMatchObject({ iss: issuer, aud: clientId, email, email_verified: true })
    expect(profile).toMatchObject({ email })
    expect(new URL(page.url()).search).toBe('')
    const [exchange] = grants('authorization_code').slice(-1)
    expect(exchange).toMatchObject({ status: 200, authorization: undefined })
    expect(exchange?.form.get('code_verifier')).toMatch(/^[\w.~-]{43,128}$/)
    for (const path of ['/.well-known/openid-configuration', '/oauth/userinfo'])
      expect(relay.passed.some((each) => each.path === `/o/acme${path}`)).toBe(true)
    expect(complaints).toEqual([])
    await end()
  })

  it('renews its tokens with refresh tokens, each for one use', async () => {
    const { page, email, complaints, end } = await signIn()
    const { claims } = await shown(page)
    const before = grants('refresh_token').length
    for (const times of [1, 2]) {
      const answer = page.waitForResponse('**/api/client/v1/profile')
      await press(page, 'Renew')
      await answer
      expect(grants('refresh_token')).toHaveLength(before + times)
    }
    const used = grants('refresh_token').slice(before)
    expect(used.map(({ status }) => status)).toEqual([200, 200])
    expect(new Set(used.map(({ form }) => form.get('refresh_token'))).size).toBe(2)
    expect((await shown(page)).claims).toMatchObject({ sub: claims.sub, email })
    expect(complaints).toEqual([])
    await end()
  })

  it.each(['state', 'nonce'])('refuses an answer with another %s', async (what) => {
    const { page, end } = await signIn(({ searchParams }) => searchParams.set(what, 'another'))
    const said = page.locator('output', { hasText: 'That did not work' })
    expect(await said.textContent()).toContain(what)
    await page.goto(origin)
    await page.getByText('Nobody is signed in.').waitFor()
    await end()
  })

  it('signs the customer out, at the issuer too', async () => {
    const { page, complaints, end } = await signIn()
    await shown(page)
    await press(page, 'Sign out')
    await page.getByText('Nobody is signed in.').waitFor()
    expect(new URL(page.url()).pathname).toBe('/')
    await press(page, 'Sign in')
    await page.getByLabel('E-mail address').waitFor()
    expect(complaints).toEqual([])
    await end()
  })

  it('learns that the session was ended elsewhere', async () => {
    const { page, end } = await signIn()
    await shown(page)
    const elsewhere = await page.context().newPage()
    await elsewhere.goto(`${issuer}/oauth/logout`)
    await press(elsewhere, 'Sign out')
    await elsewhere.getByText('You are signed out').waitFor()
    await press(page, 'Renew')
    await page.getByText('Nobody is signed in.').waitFor()
    await end()
  })

  it('signs in with the snippet that the console has for pages, on openid-client', async () => {
    const redirectUri = `${origin}/pasted`
    const clientId = await register('--redirect-uri', redirectUri)
    const snippet = snippetsFor({
      issuer: installation.baseUrl,
      clientId,
      kind: 'browser',
      authentication: 'none',
      redirectUri,
      scopes: ['openid', 'profile', 'email'],
    }).find(({ id }) => id === 'openid-client')
    site.texts.set('/sign-in.js', snippet?.code ?? '')
    site.texts.set('/pasted', pastedPage)
    const { page, email, complaints, end } = await signIn(undefined, '/pasted')
    await page.getByText(email).waitFor()
    expect(complaints).toEqual([])
    await end()
  })
})

/** What somebody would write around the snippet. */
const pastedPage = `<!doctype html>
<script type="importmap">
  { "imports": {
    "openid-client": "/node_modules/openid-client/build/index.js",
    "oauth4webapi": "/node_modules/oauth4webapi/build/index.js",
    "jose/errors": "/node_modules/jose/dist/webapi/util/errors.js",
    "jose/jwe/compact/decrypt": "/node_modules/jose/dist/webapi/jwe/compact/decrypt.js"
  } }
</script>
<button type="button">Sign in</button>
<output></output>
<script type="module">
  import { finishSignIn, signIn } from '/sign-in.js'
  document.querySelector('button').onclick = signIn
  const { user } = (await finishSignIn()) ?? {}
  document.querySelector('output').textContent = user?.email ?? 'nobody'
</script>
`
