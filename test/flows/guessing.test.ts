// Guessers and owners at one address, over the pages: who gets codes, who gets in, and what anybody may learn.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { accountsCollection } from '../../src/stores/accounts.ts'
import { createGuesser, type Guesser } from '../support/guessing-pages.ts'
import { isSignedIn, signedInPerson } from '../support/journeys.ts'
import { startMailServer } from '../support/mail-server.ts'
import { createRelyingParty, type RelyingParty, signIn } from '../support/relying-party.ts'
import { startServer, type TestServer } from '../support/server.ts'
import {
  askAddress,
  askCode,
  codeOpens,
  freshAddress,
  roomyLimits,
  wrongCode,
} from '../support/sign-in-pages.ts'
import { describeOnAllStores } from '../support/stores.ts'
import { createUserAgent, type Page, type UserAgent } from '../support/user-agent.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

describeOnAllStores('an address that somebody guesses at', (start) => {
  let server: TestServer
  let party: RelyingParty
  let guesser: Guesser

  beforeAll(async () => {
    server = await start()
    await server.changeSignIn(roomyLimits)
    party = await createRelyingParty(server, await server.register({ firstParty: true }))
    guesser = createGuesser(server, party)
  })
  afterAll(() => server.stop())

  it('E04: has one budget, however it is written, from wherever and in however many flows', async () => {
    const email = freshAddress()
    const spellings = [
      (address: string) => address.toUpperCase(),
      (address: string) => `  ${address} `,
      (address: string) => address.replace('example', 'EXAMPLE'),
      (address: string) => address,
    ]
    let number = 0
    let looked = 0
    for (let round = 0; round < 8; round += 1) {
      const spelled = spellings[round % spellings.length]?.(email) ?? email
      // Another address in every request, as if a proxy had written it.
      const agent = createUserAgent(server.baseUrl, (url, init) => {
        number += 1
        const claimed = `198.51.100.${number % 250}`
        const headers = { ...init.headers, 'x-forwarded-for': claimed, 'x-real-ip': claimed }
        return fetch(url, { ...init, headers })
      })
      const before = (await guesser.codesFor(email)).length
      const { page } = await guesser.ask(spelled, agent)
      if ((await guesser.codesFor(email)).length === before) break
      for (let miss = 0; miss < 5; miss += 1) {
        await agent.submit(page, { code: wrongCode(await server.codeFor(email)) })
        looked += 1
      }
    }
    expect(looked).toBe(20)
    for (const other of [email.replace('@', '＠'), `${email}.`, `${email}\u200b`]) {
      const { agent, page } = await askAddress(server, party)
      expect((await agent.submit(page, { email: other })).status).toBe(422)
    }
  })

  it('E04: is not given more codes by sources that only a header claims', async () => {
    await server.changeSignIn({})
    const own = createUserAgent(server.baseUrl, (url, init) =>
      fetch(url, {
        ...init,
        headers: {
          ...init.headers,
          'x-forwarded-for': `198.51.100.${Math.floor(Math.random() * 250)}`,
        },
      }),
    )
    const statuses: number[] = []
    for (let at = 0; at < 35; at += 1) {
      const visit = await askAddress(server, party, { agent: own, parameters: { prompt: 'login' } })
      statuses.push((await own.submit(visit.page, { email: freshAddress() })).status)
    }
    await server.changeSignIn(roomyLimits)
    expect(statuses.at(-1)).toBe(429)
    expect(statuses.filter((status) => status === 200).length).toBeLessThanOrEqual(30)
  })

  it('E19: with a tag or a dot more is another person, and shares the mails but not the lock', async () => {
    const [name = '', domain] = freshAddress().split('@')
    const [base, tagged, dotted] = [
      `${name}@${domain}`,
      `${name}+tag@${domain}`,
      `${name}.x@${domain}`,
    ]
    for (const email of [base, tagged, dotted]) await signedInPerson(server, email)
    const accounts = server.documents.collection<{ _id: string }>(accountsCollection)
    const found = await accounts.count({
      organisation: server.organisation._id,
      email: { $in: [base, tagged, dotted] },
    })
    expect(found).toBe(3)

    await guesser.burn(tagged)
    const free = await guesser.ask(base)
    expect(await codeOpens(free.agent, free.page, await server.codeFor(base))).toBe(true)

    await server.changeSignIn({ sendsPerSource: 100_000, tarpitAfter: 100 })
    const [other = ''] = freshAddress().split('@')
    for (let at = 0; at < 8; at += 1) await guesser.ask(`${other}+${at}@${domain}`)
    const all = await Promise.all(
      [...Array(8).keys()].map((at) => guesser.codesFor(`${other}+${at}@${domain}`)),
    )
    expect(all.flat()).toHaveLength(5)
    await server.changeSignIn(roomyLimits)
  })

  let probes = 0
  /** Addresses of one length: answers that show them are as long as each other. */
  const likeAddress = (): string => {
    probes += 1
    return `probe-${String(probes).padStart(3, '0')}@example.org`
  }

  it('E10: answers byte by byte the same, with an account or without, disabled, of another organisation, closed, or over its limit', async () => {
    const known = (await signedInPerson(server, likeAddress())).email
    const disabled = (await signedInPerson(server, likeAddress())).email
    await server.documents
      .collection<{ _id: string; disabledAt?: number }>(accountsCollection)
      .updateOne(
        { organisation: server.organisation._id, email: disabled },
        { $set: { disabledAt: 1 } },
      )
    const closed = likeAddress()
    await guesser.burn(closed)
    const bombed = likeAddress()
    const elsewhere = await signedInElsewhere()
    await server.changeSignIn({ ...roomyLimits, sendsPer10Minutes: 1 })
    await guesser.ask(bombed)

    const answers = []
    for (const email of [likeAddress(), known, disabled, elsewhere, closed, bombed])
      answers.push(await answersTo(email))
    await server.changeSignIn(roomyLimits)
    for (const answer of answers) expect(answer).toEqual(answers[0])
  })

  /** Somebody who has an account with another organisation on this server. */
  async function signedInElsewhere(): Promise<string> {
    const other = await server.addOrganisation('elsewhere')
    const email = likeAddress()
    const { url } = await (
      await createRelyingParty(other, await other.register({ firstParty: true }))
    ).authorize()
    await signIn(other, { url, email })
    return email
  }

  /** Everything that a browser hears about an address, with what is different each time taken out. */
  async function answersTo(email: string): Promise<object> {
    const heard: object[] = []
    const agent = createUserAgent(server.baseUrl, async (url, init) => {
      const response = await fetch(url, init)
      const text = await response.clone().text()
      const headers = [...response.headers].filter(
        ([name]) => !['date', 'x-request-id'].includes(name),
      )
      const plain = JSON.stringify({ path: url.pathname, status: response.status, headers, text })
      heard.push({
        plain: plain
          .replaceAll(email, 'ADDRESS')
          .replaceAll(/(sign-in|oauth\/authorize)\/[\w-]+/g, '$1/UID')
          .replaceAll(/(foyer_\w+(?:\.sig)?)=[\w.-]+/g, '$1=VALUE')
          .replaceAll(/(state|nonce|code_challenge)=[\w-]+/g, '$1=NONCE')
          .replaceAll(/([?&]|&amp;)r=[\w.-]+/g, '$1r=RESTART')
          .replaceAll(/expires=[^;"]+/gi, 'expires=TIME'),
      })
      return response
    })
    const visit = await askCode(server, party, { email, agent })
    const wrong = await agent.submit(visit.page, { code: '12345' })
    expect(wrong.status).toBe(422)
    expect(heard.length).toBeGreaterThan(3)
    return heard
  }

  it('E24: leaves neither codes nor tokens, cookies, secrets or its own name in the log, at any level', async () => {
    server.log.lines.length = 0
    const email = freshAddress()
    const client = await server.register({ firstParty: true })
    const own = await createRelyingParty(server, client)
    const seen: string[] = []
    const visit = await askCode(server, own, { email, parameters: { scope: 'openid email' } })
    const { agent, pending } = visit
    const code = await server.codeFor(email)
    await agent.submit(visit.page, { code: wrongCode(code) })
    const left = await agent.submit(visit.page, { code }).catch((error) => error.location)
    const tokens = await own.exchange(left, pending)
    const uid = agent.cookies.find(({ name }) => name === 'foyer_interaction')?.value
    expect(uid).toEqual(expect.any(String))
    for (const spelled of ['authorize', 'AUTHORIZE'])
      await agent.request(`/oauth/${spelled}/${uid}`)
    seen.push(
      code,
      wrongCode(code),
      email,
      left.searchParams.get('code'),
      client.client_secret ?? '',
    )
    seen.push(tokens.access_token, String(tokens.id_token), String(tokens.refresh_token))
    seen.push(...agent.cookies.map(({ value }) => value), pending.verifier)
    const logged = server.log.lines.filter((line) => !line.startsWith('mail:')).join('\n')
    expect(logged).toContain('/oauth/token') // it was listened to
    expect(seen.filter((secret) => secret.length > 4 && logged.includes(secret))).toEqual([])
  })

  it('E28: is no use with cookies that were altered, cut, moved to another browser or kept after the sign-out', async () => {
    const { email, agent } = await signedInPerson(server)
    const session = () => agent.cookies.filter(({ name }) => name.startsWith('foyer_session'))
    const [value, signature] = session()
    expect(signature?.name).toBe('foyer_session.sig')
    const withCookies = (...cookies: UserAgent['cookies']): UserAgent => {
      const browser = createUserAgent(server.baseUrl)
      browser.cookies.push(...cookies)
      return browser
    }
    if (!value || !signature) throw new Error('no session')
    const last = value.value.endsWith('x') ? 'y' : 'x'
    const altered = { ...value, value: `${value.value.slice(0, -1)}${last}` }
    const cut = { ...signature, value: signature.value.slice(0, 10) }
    for (const browser of [
      withCookies(value),
      withCookies(altered, signature),
      withCookies(value, cut),
    ])
      expect(await isSignedIn(server, browser)).toBe(false)
    const kept = session().map((cookie) => ({ ...cookie }))
    expect(await isSignedIn(server, withCookies(...kept))).toBe(true)

    // The flow of one browser does not go on in another that brings a flow of its own.
    const mine = await guesser.ask(email)
    const theirs = await guesser.ask(freshAddress())
    const crossed = await theirs.agent.open(mine.page.url)
    expect(crossed.html).not.toContain(email)
    expect(await codeOpens(theirs.agent, mine.page, await server.codeFor(email))).toBe(false)

    // Nor does an organisation take what another one has signed.
    const other = await server.addOrganisation('away')
    const elsewhere = withCookies(
      ...kept.map((cookie) => ({
        ...cookie,
        name: cookie.name.replace('foyer_', 'foyer_away_'),
        path: '/o/away',
      })),
    )
    expect(elsewhere.cookies[0]?.name).toBe('foyer_away_session')
    expect(await isSignedIn({ ...server, ...other }, elsewhere)).toBe(false)

    const question = await agent.open(`${server.baseUrl}/oauth/logout`)
    await agent.submit(question)
    expect(await isSignedIn(server, withCookies(...kept))).toBe(false)
  })

  it('tells its owner by mail when it closes: for how long, and that nobody got in', async () => {
    const email = freshAddress()
    await guesser.burn(email)
    const [mail] = await server.mails(email)
    expect(mail?.subject).toBe(`Sign-in to ${server.organisation.name} is paused for your address`)
    const hour = new Intl.DateTimeFormat('en', {
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
      timeZone: server.organisation.timeZone,
    })
    const until = [0, 1, 2].map((minutes) =>
      hour.format(server.clock.now() + HOUR - minutes * MINUTE),
    )
    for (const part of [mail?.text, mail?.html]) {
      expect(part).toMatch(/Nobody got in/)
      expect(until.some((time) => part?.includes(time))).toBe(true)
      expect(part).toMatch(/no codes are sent or accepted until/)
    }
  })
})

describe('a code that is asked for', () => {
  it('E11: does not wait for its mail', async () => {
    const mailServer = await startMailServer()
    mailServer.behave('silence')
    const server = await startServer({ mailServer })
    try {
      const party = await createRelyingParty(server, await server.register({ firstParty: true }))
      const { page } = await askCode(server, party, { email: freshAddress() })
      expect(page.html).toMatch(/Check your e-mail/)
      expect(mailServer.taken).toHaveLength(0)
    } finally {
      await server.stop()
      await mailServer.stop()
    }
  })
})

it('says on the page of the code that too many were typed, and when to come back', async () => {
  const server = await startServer()
  try {
    await server.changeSignIn({ ...roomyLimits, guessesPerHour: 100 })
    const party = await createRelyingParty(server, await server.register({ firstParty: true }))
    let page: Page | undefined
    for (let round = 0; round < 21; round += 1) {
      const email = freshAddress()
      const visit = await askCode(server, party, { email })
      const code = wrongCode(await server.codeFor(email))
      for (let miss = 0; miss < 5; miss += 1) page = await visit.agent.submit(visit.page, { code })
    }
    expect(page?.status).toBe(429)
    expect(Number(page?.headers.get('retry-after'))).toBeGreaterThan(3000)
    expect(page?.html).toMatch(
      /Too many wrong codes were typed\. [^<]* Try again in (59 minutes|1 hour)\./,
    )
  } finally {
    await server.stop()
  }
})
