// The page on which a customer allows an application something, and what is remembered of it.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createRelyingParty, type RelyingParty, untilLeft } from '../support/relying-party.ts'
import { startServer, type TestServer } from '../support/server.ts'
import {
  askAddress,
  askCode,
  freshAddress,
  roomyLimits,
  type Visit,
  wordsOf,
} from '../support/sign-in-pages.ts'
import { formAt, formsOf, type Page } from '../support/user-agent.ts'

describe('the permission page', () => {
  let server: TestServer
  let party: RelyingParty

  beforeAll(async () => {
    server = await startServer()
    await server.changeSignIn(roomyLimits)
    party = await createRelyingParty(server, await server.register({ name: 'Table Ledger' }))
  })
  afterAll(() => server.stop())

  type Asks = { email?: string; scope?: string; prompt?: string; by?: RelyingParty }

  /** A browser that is signed in, in front of whatever comes after the code. */
  async function afterCode({ email = freshAddress(), scope, prompt, by = party }: Asks = {}) {
    const parameters = { ...(scope && { scope }), ...(prompt && { prompt }) }
    const visit = await askCode(server, by, { email, parameters })
    const code = await server.codeFor(email)
    const submit = () => visit.agent.submit(visit.page, { code })
    return { ...visit, email, submit }
  }

  async function askPermission(asks: Asks = {}): Promise<Visit & { email: string }> {
    const visit = await afterCode(asks)
    return { ...visit, page: await visit.submit() }
  }

  const asked = ({ html }: Page): string[] =>
    [
      ...(/<ul class="scopes"[\s\S]*?<\/ul>/.exec(html)?.[0] ?? '').matchAll(/<li>(.*?)<\/li>/g),
    ].map(([, text = '']) => text)

  it('says who asks, for which account, and for what in plain words', async () => {
    const { page, email } = await askPermission({
      scope: 'openid email orders:read bookings:write',
    })
    expect(wordsOf(page).heading).toBe('Table Ledger asks for access')
    expect(page.html).toContain(email)
    expect(asked(page)).toEqual([
      'know that it is you',
      'see your e-mail address',
      'see your orders',
      'make, move and cancel bookings',
    ])
  })

  it('P03: links to the application’s own pages as text, and fetches nothing of theirs', async () => {
    const client = await server.register({
      name: 'Ledger "><script>',
      homeUri: 'https://ledger.example/',
      policyUri: 'https://ledger.example/privacy?a=1&b=%22',
      termsUri: 'https://ledger.example/terms',
      logoUri: 'https://ledger.example/logo.svg',
    })
    const { page } = await askPermission({ by: await createRelyingParty(server, client) })
    const links = [...page.html.matchAll(/<a href="([^"]*)" target="_blank" rel="([^"]*)"/g)]
    expect(links.map(([, href]) => href)).toEqual([
      'https://ledger.example/privacy?a=1&amp;b=%22',
      'https://ledger.example/terms',
      'https://ledger.example/',
    ])
    for (const [, , rel] of links) expect(rel).toContain('noopener noreferrer')
    expect(page.html).not.toContain('logo.svg')
    expect(page.html).not.toContain('"><script>')
  })

  it('allows by its first form, without a field', async () => {
    const { agent, page, pending } = await askPermission()
    expect(formsOf(page)[0]?.fields).toEqual({})
    const callback = await untilLeft(() => agent.submit(page))
    const tokens = await party.exchange(callback, pending)
    expect(tokens.scope).toContain('orders:read')
  })

  it('allows by a POST without a body, which is how programs send a form without a field', async () => {
    const { agent, page } = await askPermission()
    const action = formsOf(page)[0]?.action ?? ''
    const left = await untilLeft(() => agent.open(action, { method: 'POST' }))
    expect(left.searchParams.has('code')).toBe(true)
  })

  it('cancelled, tells the application that access was denied, and allows nothing', async () => {
    const { agent, page, pending, email } = await askPermission()
    const left = await untilLeft(() => agent.submit(page, {}, 1))
    expect(Object.fromEntries(left.searchParams)).toMatchObject({
      error: 'access_denied',
      state: pending.state,
      iss: server.baseUrl,
    })
    expect(asked((await askPermission({ email })).page)).not.toEqual([])
  })

  it('is shown to nobody for an application of the house', async () => {
    const own = await createRelyingParty(server, await server.register({ firstParty: true }))
    const { submit } = await afterCode({ by: own })
    expect((await untilLeft(submit)).searchParams.has('code')).toBe(true)
  })

  it('is not shown again, in whatever browser', async () => {
    const first = await askPermission()
    await untilLeft(() => first.agent.submit(first.page))
    const again = await party.authorize()
    expect((await untilLeft(() => first.agent.open(again.url))).searchParams.has('code')).toBe(true)
    const elsewhere = await afterCode({ email: first.email })
    expect((await untilLeft(elsewhere.submit)).searchParams.has('code')).toBe(true)
  })

  it('O28: asks later only for what is new', async () => {
    const first = await askPermission({ scope: 'openid email orders:read' })
    await untilLeft(() => first.agent.submit(first.page))
    const { page } = await askPermission({
      email: first.email,
      scope: 'openid email orders:read bookings:read',
    })
    expect(asked(page)).toEqual(['see your bookings'])
  })

  it('allows one application nothing that was allowed to another', async () => {
    const first = await askPermission()
    await untilLeft(() => first.agent.submit(first.page))
    const other = await createRelyingParty(server, await server.register({ name: 'Another' }))
    const { page } = await askPermission({ email: first.email, by: other })
    expect(wordsOf(page).heading).toBe('Another asks for access')
  })

  it('says that the access lasts, when the application asks for that', async () => {
    const { page } = await askPermission({ scope: 'openid offline_access', prompt: 'consent' })
    expect(asked(page)).toContain('keep this access while you are away')
  })

  it('shows the name of an application as text, whatever it is', async () => {
    const name = '<img src=x onerror=alert(1)>&amp;'
    const odd = await createRelyingParty(server, await server.register({ name }))
    const { page } = await askPermission({ by: odd })
    expect(page.html).toContain('&lt;img src=x onerror=alert(1)>&amp;amp; asks for access')
    expect(page.html).not.toContain('<img')
  })

  it('O28: is skipped by no question of the application: without it, prompt=none is refused', async () => {
    const email = freshAddress()
    const { agent, page } = await askPermission({ email })
    await untilLeft(() => agent.submit(page, {}, 1))
    const { url } = await party.authorize({ prompt: 'none' })
    const left = await untilLeft(() => agent.open(url))
    expect(left.searchParams.get('error')).toMatch(/^(consent|interaction)_required$/)
  })

  it('is not reached without a sign-in', async () => {
    const { agent, page } = await askAddress(server, party)
    const answer = await agent.open(formAt(page, 'permission'), {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    })
    expect(wordsOf(answer).heading).toBe('Sign in')
  })
})
