// Policies as customers meet them: read on pages of the issuer, and accepted before the first sign-in where the business asks.

import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import type { PolicyAcceptance } from '../../src/stores/policy-acceptances.ts'
import { policyAcceptancesCollection } from '../../src/stores/policy-acceptances.ts'
import { programOf } from '../support/admin-api.ts'
import { personWith } from '../support/console-tokens.ts'
import { createRelyingParty, type RelyingParty, untilLeft } from '../support/relying-party.ts'
import type { OtherOrganisation, TestServer } from '../support/server.ts'
import { askCode, freshAddress, roomyLimits, wordsOf } from '../support/sign-in-pages.ts'
import { describeOnAllStores } from '../support/stores.ts'
import { createUserAgent, formAt, formsOf, type Page } from '../support/user-agent.ts'

const HOUR = 60 * 60 * 1000
const BY = { actor: 'test' }

describeOnAllStores('policies', (start, stores) => {
  let server: TestServer
  let issuer: OtherOrganisation
  let party: RelyingParty
  let count = 0
  beforeAll(async () => {
    server = await start()
  })
  afterAll(() => server.stop())

  beforeEach(async () => {
    count += 1
    issuer = await server.addOrganisation(`shop-${count}`)
    await server.organisations.change(issuer.organisation._id, { signIn: roomyLimits })
    party = await createRelyingParty(issuer, await issuer.register({ firstParty: true }))
  })

  const publish = (
    kind: 'terms' | 'privacy' | 'refund',
    texts: { [locale: string]: string },
    needsAcceptance = false,
  ) =>
    server.policies.publish(
      { organisation: issuer.organisation._id, kind },
      { texts, needsAcceptance },
      BY,
    )
  const ask = (...kinds: string[]) => server.policies.ask(issuer.organisation._id, kinds, BY)
  const ledger = (): Promise<PolicyAcceptance[]> =>
    server.documents
      .collection<PolicyAcceptance>(policyAcceptancesCollection)
      .find({ organisation: issuer.organisation._id }, { sort: [['at', 1]], limit: 50 })

  /** A browser that has typed the right code; `submit` shows what comes of it. */
  async function atCode({
    email = freshAddress(),
    by = party,
    agent = createUserAgent(issuer.baseUrl),
  } = {}) {
    const visit = await askCode({ ...server, baseUrl: issuer.baseUrl }, by, { email, agent })
    const code = await server.codeFor(email)
    return { ...visit, email, submit: () => visit.agent.submit(visit.page, { code }) }
  }

  /** A browser on the page that asks to agree. */
  async function atAgreement(walk: Parameters<typeof atCode>[0] = {}) {
    const visit = await atCode(walk)
    const page = await visit.submit()
    expect(wordsOf(page).heading).toBe('Before you go on')
    return { ...visit, page }
  }

  const links = ({ html }: Page): string[] =>
    [...html.matchAll(/<a href="([^"]+\/policies\/[^"?]+)"/g)].map(([, href = '']) => href)

  describe('their pages', () => {
    it('show the newest version, and each version at an address of its own', async () => {
      await publish('terms', { en: '# First\n\nBe *kind*.' })
      await publish('terms', { en: '# Second' })
      const agent = createUserAgent(issuer.baseUrl)
      const newest = await agent.open(`${issuer.baseUrl}/policies/terms`)
      expect(newest.status).toBe(200)
      expect(wordsOf(newest).heading).toBe('Terms of service')
      expect(newest.html).toMatch(/Version 2, /)
      expect(newest.html).toContain('<h2>Second</h2>')
      const first = await agent.open(`${issuer.baseUrl}/policies/terms/1`)
      expect(first.html).toContain('<p>Be <em>kind</em>.</p>')
      expect(first.html).toContain('This is not the newest version.')
      expect(newest.html).not.toContain('This is not the newest version.')
    })

    it('speak the reader’s language where the text does, and name the language of the text', async () => {
      await publish('privacy', { en: 'Private', de: 'Vertraulich' })
      const agent = createUserAgent(issuer.baseUrl)
      const read = (language: string) =>
        agent.open(`${issuer.baseUrl}/policies/privacy`, {
          headers: { 'accept-language': language },
        })
      const german = await read('de-AT')
      expect(wordsOf(german).heading).toBe('Datenschutzerklärung')
      expect(german.html).toMatch(/<article class="text" lang="de" dir="ltr"><p>Vertraulich/)
      const arabic = await read('ar')
      expect(wordsOf(arabic).heading).toBe('سياسة الخصوصية')
      expect(arabic.html).toMatch(/<article class="text" lang="en" dir="ltr"><p>Private/)
      const chosen = await agent.open(`${issuer.baseUrl}/policies/privacy?lang=de`)
      expect(wordsOf(chosen).heading).toBe('Datenschutzerklärung')
    })

    it.each([
      '',
      '/terms',
      '/terms/1',

      '/refund/2',
      '/refund/0',
      '/refund/01',
      '/refund/1/x',
      '/Refund',
      '/constructor',
      '/refund/1e0',
      '/refund/-1',
    ])('are not there at /policies%s', async (path) => {
      await publish('refund', { en: 'Within 14 days.' })
      const answer = await fetch(`${issuer.baseUrl}/policies${path}`)
      expect(answer.status).toBe(404)
      await answer.body?.cancel()
    })

    it('P01: are those of their own organisation alone', async () => {
      await publish('terms', { en: 'Ours' })
      const other = await server.addOrganisation(`other-${count}`)
      expect((await fetch(`${other.baseUrl}/policies/terms`)).status).toBe(404)
      expect((await fetch(`${issuer.baseUrl}/policies/terms`)).status).toBe(200)
    })

    it('are linked from the pages of sign-in once they are published', async () => {
      const { url } = await party.authorize()
      const before = await createUserAgent(issuer.baseUrl).open(url)
      expect(links(before)).toEqual([])
      await publish('refund', { en: 'x' })
      await publish('terms', { en: 'x' })
      const after = await createUserAgent(issuer.baseUrl).open((await party.authorize()).url)
      const expected = ['terms', 'refund'].map((kind) => `${issuer.baseUrl}/policies/${kind}`)
      expect(links(after)).toEqual(expected)
      const front = await createUserAgent(issuer.baseUrl).open(`${issuer.baseUrl}/`)
      expect(links(front)).toEqual(expected)
      const ended = await createUserAgent(issuer.baseUrl).open(`${issuer.baseUrl}/sign-in/x`)
      expect(links(ended)).toEqual(expected)
    })
  })

  it('E20: are linked from mails, where whoever follows a link uses nothing up', async () => {
    const plain = await atCode()
    const before = await server.mails(plain.email) // `atCode` has waited for it
    expect(`${before[0]?.text} ${before[0]?.html}`).not.toMatch(/https?:|href=/)
    await publish('privacy', { en: 'x' })
    const visit = await atCode()
    const [mail] = await server.mails(visit.email)
    const address = `${issuer.baseUrl}/policies/privacy`
    expect(mail?.text).toContain(`Privacy policy: ${address}`)
    const addresses = [...(mail?.html ?? '').matchAll(/href="([^"]+)"/g)].map(([, href]) => href)
    expect(addresses).toEqual([address])
    for (let times = 0; times < 2; times += 1) expect((await fetch(address)).status).toBe(200)
    expect((await untilLeft(visit.submit)).searchParams.has('code')).toBe(true)
  })

  describe('accepting them', () => {
    it('is asked for after the right code, once, and noted with what was read', async () => {
      const privacy = await publish('privacy', { en: 'Private', de: 'Vertraulich' })
      const terms = await publish('terms', { en: 'Terms' })
      await publish('refund', { en: 'Refund' })
      await ask('terms', 'privacy')
      const { agent, page, pending, email } = await atAgreement()
      expect(links(page).slice(0, 2)).toEqual([
        `${issuer.baseUrl}/policies/terms/1`,
        `${issuer.baseUrl}/policies/privacy/1`,
      ])
      expect(formsOf(page)[0]?.fields).toEqual({ terms: '1', privacy: '1' })
      expect(await ledger()).toEqual([])
      const callback = await untilLeft(() => agent.submit(page))
      const claims = (await party.exchange(callback, pending)).claims()
      const rows = await ledger()
      expect(rows.map(({ kind }) => kind).sort()).toEqual(['privacy', 'terms'])
      for (const row of rows)
        expect(row).toMatchObject({
          account: claims?.sub,
          number: 1,
          hash: (row.kind === 'terms' ? terms : privacy).hashes.en,
          locale: 'en',
          client: party.config.clientMetadata().client_id,
          source: expect.stringMatching(/127\.0\.0\.1|::1/),
        })

      const again = await atCode({ email })
      const left = await untilLeft(again.submit)
      expect(left.searchParams.has('code')).toBe(true)
      expect(await ledger()).toHaveLength(2)
    })

    it('is shown to operators of that business, and to nobody else’s', async () => {
      await publish('terms', { en: 'x' })
      await ask('terms')
      const { agent, page, pending } = await atAgreement()
      const callback = await untilLeft(() => agent.submit(page))
      const account = (await party.exchange(callback, pending)).claims()?.sub
      const { organisation } = issuer
      const path = `/organisations/${organisation.slug}/accounts`
      const call = await programOf(server, { role: 'viewer', organisation })
      const rows = await call<{ items: object[] }>('GET', `${path}/${account}/acceptances`)
      expect(rows.data.items).toMatchObject([{ kind: 'terms', number: 1, language: 'en' }])
      expect((await call('GET', `${path}/acc_nobody/acceptances`)).status).toBe(404)
      const elsewhere = await programOf(server, { role: 'viewer' })
      const own = `/organisations/${server.organisation.slug}/accounts/${account}/acceptances`
      expect((await elsewhere('GET', own)).status).toBe(404)
    })

    it('is never asked of operators who sign in to the console', async () => {
      const { _id } = server.organisation
      const texts = { en: 'x' }
      const place = { organisation: _id, kind: 'terms' } as const
      await server.policies.publish(place, { texts, needsAcceptance: true }, BY)
      await server.policies.ask(_id, ['terms'], BY)
      try {
        const call = await personWith(server, freshAddress())
        expect((await call('GET', '/me')).status).toBe(200)
      } finally {
        await server.policies.ask(_id, [], BY)
      }
    })

    it('is not asked where the business asks nothing, or has published nothing', async () => {
      await publish('terms', { en: 'x' })
      const first = await atCode()
      expect((await untilLeft(first.submit)).searchParams.has('code')).toBe(true)
      await ask('privacy')
      const second = await atCode()
      expect((await untilLeft(second.submit)).searchParams.has('code')).toBe(true)
      expect(await ledger()).toEqual([])
    })

    it('is asked again for a version that needs it, and not for one that does not', async () => {
      await publish('terms', { en: 'one' })
      await ask('terms')
      const { agent, page, email } = await atAgreement()
      expect(page.html).not.toContain('has changed')
      await untilLeft(() => agent.submit(page))
      await publish('terms', { en: 'a word spelled otherwise' })
      const unasked = await atCode({ email })
      expect((await untilLeft(unasked.submit)).searchParams.has('code')).toBe(true)
      await publish('terms', { en: 'three' }, true)
      const asked = await atAgreement({ email })
      expect(asked.page.html).toContain('has changed since you agreed')
      await untilLeft(() => asked.agent.submit(asked.page))
      expect((await ledger()).map(({ number }) => number)).toEqual([1, 3])
    })

    it('O15: signs nobody in who goes to where the engine goes on without agreeing', async () => {
      await publish('terms', { en: 'x' })
      await ask('terms')
      const { agent, page, pending } = await atAgreement()
      const uid = /\/sign-in\/([^/?]+)/.exec(page.url)?.[1]
      const resumed = await agent
        .open(`${issuer.baseUrl}/oauth/authorize/${uid}`)
        .catch(() => undefined)
      expect(resumed === undefined || !resumed.url.includes('code=')).toBe(true)
      const silent = new URL(pending.url)
      silent.searchParams.set('prompt', 'none')
      const left = await untilLeft(() => agent.open(silent))
      expect(left.searchParams.get('error')).toBe('login_required')
      expect(await ledger()).toEqual([])
    })

    it('refused, tells the application that access was denied, and signs nobody in', async () => {
      await publish('terms', { en: 'x' })
      await ask('terms')
      const { agent, page, pending } = await atAgreement()
      const left = await untilLeft(() => agent.submit(page, {}, 1))
      expect(left.searchParams.get('error')).toBe('access_denied')
      const silent = new URL(pending.url)
      silent.searchParams.set('prompt', 'none')
      const after = await untilLeft(() => agent.open(silent))
      expect(after.searchParams.get('error')).toBe('login_required')
      expect(await ledger()).toEqual([])
    })

    it('survives reloading, the back button and another language', async () => {
      await publish('terms', { en: 'x' })
      await ask('terms')
      const { agent, page } = await atAgreement()
      expect(wordsOf(await agent.open(page.url)).heading).toBe('Before you go on')
      expect(wordsOf(await agent.open(formAt(page, 'code'))).heading).toBe('Before you go on')
      expect(wordsOf(await agent.open(formAt(page, 'agreement'))).heading).toBe('Before you go on')
      const url = new URL(page.url)
      url.searchParams.set('lang', 'de')
      const german = await agent.open(url)
      expect(wordsOf(german).heading).toBe('Bevor es weitergeht')
      const left = await untilLeft(() => agent.submit(german))
      expect(left.searchParams.has('code')).toBe(true)
    })

    it('notes one row however often it is sent, and answers the application once', async () => {
      await publish('terms', { en: 'x' })
      await ask('terms')
      const { agent, page } = await atAgreement()
      const answers = await Promise.all(
        Array.from({ length: 10 }, () =>
          untilLeft(() => agent.submit(page)).catch(() => undefined),
        ),
      )
      const codes = answers.filter((answer) => answer?.searchParams.has('code'))
      expect(codes).toHaveLength(1)
      expect(await ledger()).toHaveLength(1)
    })

    it('shows the page again when a newer version was published while it was read', async () => {
      await publish('terms', { en: 'one' })
      await ask('terms')
      const { agent, page } = await atAgreement()
      await publish('terms', { en: 'two' }, true)
      const again = await agent.submit(page)
      expect(links(again)[0]).toBe(`${issuer.baseUrl}/policies/terms/2`)
      expect(await ledger()).toEqual([])
      await untilLeft(() => agent.submit(again))
      expect((await ledger()).map(({ number }) => number)).toEqual([2])
    })

    it.each([
      ['no version', {}],
      ['a version that is not there', { terms: '99' }],
      ['no number', { terms: '1e0' }],
      ['the version of something else', { privacy: '1' }],
    ])('is not done by a form with %s', async (_name, fields) => {
      await publish('terms', { en: 'x' })
      await ask('terms')
      const { agent, page } = await atAgreement()
      const again = await agent.open(formAt(page, 'agreement'), {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams(fields),
      })
      expect(wordsOf(again).heading).toBe('Before you go on')
      expect(await ledger()).toEqual([])
    })

    it('P07: is not done by a form of another site', async () => {
      await publish('terms', { en: 'x' })
      await ask('terms')
      const { agent, page } = await atAgreement()
      const answer = await agent.open(formAt(page, 'agreement'), {
        method: 'POST',
        headers: {
          'content-type': 'application/x-www-form-urlencoded',
          'sec-fetch-site': 'cross-site',
        },
        body: 'terms=1',
      })
      expect(answer.status).toBe(403)
      expect(await ledger()).toEqual([])
    })

    it('G4: leads on from its page in another browser', async () => {
      await publish('terms', { en: 'x' })
      await ask('terms')
      const { page } = await atAgreement()
      const foreign = await createUserAgent(issuer.baseUrl).open(page.url)
      expect(foreign.status).toBe(410)
      expect(foreign.html).toContain('class="button primary"')
    })

    // Redis has a clock of its own, which no test moves.
    if (stores === 'embedded')
      it('G4: leads on from its page after its hour', async () => {
        await publish('terms', { en: 'x' })
        await ask('terms')
        const { agent, page } = await atAgreement()
        server.clock.forward(HOUR + 1)
        const late = await agent.open(page.url)
        expect(late.status).toBe(410)
        expect(late.html).toContain('class="button primary"')
      })

    it('forgets nothing of a shared computer: the session still ends with the browser', async () => {
      await publish('terms', { en: 'x' })
      await ask('terms')
      const visit = await atCode()
      const code = await server.codeFor(visit.email)
      const page = await visit.agent.submit(visit.page, { code, shared: 'yes' })
      const answer = await visit.agent.request(formsOf(page)[0]?.action ?? '', {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: 'terms=1',
      })
      const next = await visit.agent.request(answer.headers.get('location') ?? '')
      const set = next.headers.getSetCookie().filter((each) => /session=/.test(each))
      expect(set).toHaveLength(1)
      expect(set[0]).not.toMatch(/expires=/i)
    })
  })
})
