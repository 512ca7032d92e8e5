// Browsers that proved an address before: what is left to an owner whose address strangers have closed.

import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { createGuesser, type Guesser } from '../support/guessing-pages.ts'
import { isSignedIn, signedInPerson } from '../support/journeys.ts'
import { createRelyingParty, untilLeft } from '../support/relying-party.ts'
import type { TestServer } from '../support/server.ts'
import { codeOpens, freshAddress, roomyLimits, wrongCode } from '../support/sign-in-pages.ts'
import { describeOnAllStores } from '../support/stores.ts'
import { createUserAgent, type UserAgent } from '../support/user-agent.ts'

const HOUR = 60 * 60_000
const KNOWN = 'foyer_known'

describeOnAllStores('an address that strangers have closed', (start) => {
  let server: TestServer
  let guesser: Guesser

  beforeAll(async () => {
    server = await start()
    await server.changeSignIn(roomyLimits)
    const client = await server.register({ firstParty: true })
    guesser = createGuesser(server, await createRelyingParty(server, client))
  })
  afterAll(() => server.stop())

  const knownCookie = ({ cookies }: UserAgent) => cookies.find(({ name }) => name === KNOWN)

  it('E32: is closed to strangers, and not to a browser in which its owner signed in before', async () => {
    const person = await signedInPerson(server)
    const { email, agent } = person
    await guesser.burn(email)

    // Who is signed in stays so.
    expect(await isSignedIn(server, agent)).toBe(true)
    // A stranger gets no code, and one that came before the lock opens nothing.
    const before = (await guesser.codesFor(email)).length
    const stranger = await guesser.ask(email)
    expect(await guesser.codesFor(email)).toHaveLength(before)
    expect(await codeOpens(stranger.agent, stranger.page, await guesser.newest(email))).toBe(false)
    // The owner gets one, mistypes, and gets in.
    const owner = await guesser.ask(email, agent)
    expect(await guesser.codesFor(email)).toHaveLength(before + 1)
    const code = await server.codeFor(email)
    await agent.submit(owner.page, { code: wrongCode(code) })
    expect(await codeOpens(agent, owner.page, code)).toBe(true)
    // For strangers nothing has changed.
    await guesser.ask(email)
    expect(await guesser.codesFor(email)).toHaveLength(before + 1)
  })

  it('E32: gives a known browser codes also when strangers have asked for all that it gets', async () => {
    const { email, agent } = await signedInPerson(server)
    await server.changeSignIn({ sendsPerSource: 100_000, tarpitAfter: 100 })
    for (let at = 0; at < 10; at += 1) await guesser.ask(email)
    const before = (await guesser.codesFor(email)).length
    expect(before).toBe(5)
    for (let at = 0; at < 7; at += 1) await guesser.ask(email, agent)
    expect(await guesser.codesFor(email)).toHaveLength(before + 5) // and no more than these
    await server.changeSignIn(roomyLimits)
  })

  it('gives known browsers five wrong codes a day, and not five each', async () => {
    const { email, agent } = await signedInPerson(server)
    const { agent: second } = await signedInPerson(server, email)
    await guesser.burn(email)
    const first = await guesser.ask(email, agent)
    const code = await server.codeFor(email)
    for (let miss = 0; miss < 5; miss += 1)
      await agent.submit(first.page, { code: wrongCode(code) })

    const before = (await guesser.codesFor(email)).length
    for (const browser of [agent, second]) {
      const again = await guesser.ask(email, browser)
      expect((await browser.submit(again.page, { code })).status).toBe(422)
    }
    expect(await guesser.codesFor(email)).toHaveLength(before)
    server.clock.forward(24 * HOUR)
    const tomorrow = await guesser.ask(email, second)
    expect(await codeOpens(second, tomorrow.page, await server.codeFor(email))).toBe(true)
  })

  it('makes a browser known by nothing but a proof of that address', async () => {
    const { email, agent } = await signedInPerson(server)
    const cookie = knownCookie(agent)
    expect(cookie?.value).toMatch(/^[\w-]{22}\.\w+\.[\w-]{43}$/)
    expect(cookie?.value).not.toContain(email)
    const other = await signedInPerson(server)
    await guesser.burn(email)
    const values = [
      knownCookie(other.agent)?.value, // of another address
      `${cookie?.value.slice(0, -2)}AA`, // altered
      cookie?.value.replace(/^.{22}/, 'x'.repeat(22)), // of another browser
      cookie?.value.replace(/\.\w+\./, '.zzzzzzzz.'), // made younger
      cookie?.value.slice(0, 40), // cut
      '__proto__',
    ]
    const before = (await guesser.codesFor(email)).length
    for (const value of values) {
      const forger = createUserAgent(server.baseUrl)
      forger.cookies.push({ name: KNOWN, value: value ?? '', path: '/' })
      expect((await guesser.ask(email, forger)).page.status).toBe(200)
    }
    expect(await guesser.codesFor(email)).toHaveLength(before)
    // Nothing but this: it signs nobody in.
    const thief = createUserAgent(server.baseUrl)
    if (cookie) thief.cookies.push(cookie)
    expect(await isSignedIn(server, thief)).toBe(false)
    expect((await guesser.ask(email, thief)).page.status).toBe(200)
    expect(await guesser.codesFor(email)).toHaveLength(before + 1)
  })

  it('remembers several addresses of one browser, and forgets a browser that was away for half a year', async () => {
    const { email, agent } = await signedInPerson(server)
    const second = freshAddress()
    const { page } = await guesser.ask(second, agent)
    await agent.submit(page, { code: await guesser.newest(second) })
    expect(knownCookie(agent)?.value.split('.')).toHaveLength(5)
    for (const address of [email, second]) {
      await guesser.burn(address)
      const before = (await guesser.codesFor(address)).length
      await guesser.ask(address, agent)
      expect(await guesser.codesFor(address)).toHaveLength(before + 1)
    }
    server.clock.forward(181 * 24 * HOUR)
    await guesser.burn(email)
    const before = (await guesser.codesFor(email)).length
    await guesser.ask(email, agent)
    expect(await guesser.codesFor(email)).toHaveLength(before)
  })

  it('sets the cookie out of reach of scripts and other sites, and only with a proof', async () => {
    const email = freshAddress()
    const { agent, page } = await guesser.ask(email)
    const right = await server.codeFor(email)
    const wrong = await agent.submit(page, { code: wrongCode(right) })
    expect(wrong.headers.getSetCookie().join()).not.toContain(KNOWN)
    const response = await agent.request(`${page.url.split('?')[0]}/code`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: `code=${right}`,
    })
    const [header = ''] = response.headers.getSetCookie().filter((each) => each.startsWith(KNOWN))
    expect(header).toMatch(/; path=\/; expires=[^;]+; samesite=lax; httponly$/i)
  })

  it('makes no computer known that others use, too', async () => {
    const email = freshAddress()
    const { agent, page } = await guesser.ask(email)
    const typed = { code: await server.codeFor(email), shared: 'yes' }
    await untilLeft(() => agent.submit(page, typed))
    expect(knownCookie(agent)).toBeUndefined()
  })
})
