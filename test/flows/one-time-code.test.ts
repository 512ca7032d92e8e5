// One-time codes, as a guesser would try them: over the pages, on the embedded stores and on the real ones.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { eventually } from '../support/eventually.ts'
import { createRelyingParty, type RelyingParty, untilLeft } from '../support/relying-party.ts'
import { startServer, type TestServer } from '../support/server.ts'
import { describeWithServices, mongoForTest, redisForTest } from '../support/services/shared.ts'
import { codeOpens } from '../support/sign-in-pages.ts'
import { createUserAgent, formsOf, type Page, type UserAgent } from '../support/user-agent.ts'

const MINUTE = 60_000

describe('a one-time code, on the embedded stores', () => {
  describeCodes(() => startServer())
})

describeWithServices('a one-time code, on MongoDB and Redis', () => {
  const mongo = process.env.SKIP_SERVICES === '1' ? undefined : mongoForTest()
  afterAll(() => mongo?.drop())
  describeCodes(() =>
    startServer({ env: { MONGODB_URI: mongo?.uri ?? '', REDIS_URL: redisForTest().url } }),
  )
})

/** Limits that no test meets by accident: all of them come from one source, and Redis keeps its own time. */
const roomy = {
  sendsPer10Minutes: 100,
  sendsPerHour: 1000,
  sendsPerDay: 10_000,
  sendsPerSource: 100_000,
  tarpitAfter: 100,
  tarpitStep: 100,
}

function describeCodes(start: () => Promise<TestServer>): void {
  let server: TestServer
  let party: RelyingParty
  let count = 0

  beforeAll(async () => {
    server = await start()
    await server.changeSignIn(roomy)
    party = await createRelyingParty(server, await server.register({ firstParty: true }))
  })
  afterAll(() => server.stop())

  /** An address that nobody used before. */
  const freshAddress = (): string => {
    count += 1
    return `guessed-${count}-${server.config.port}@example.org`
  }

  /** A browser on the code page. */
  async function askCode(email: string): Promise<{ agent: UserAgent; page: Page }> {
    const agent = createUserAgent(server.baseUrl)
    const { url } = await party.authorize()
    const page = await agent.submit(await agent.open(url), { email })
    return { agent, page }
  }

  const wrongOnes = (right: string, count: number): string[] =>
    Array.from({ length: count }, (_, index) =>
      String((Number(right) + index + 1) % 1_000_000).padStart(6, '0'),
    )

  it('E01: is dead after five wrong guesses, even for the right one, in the same words', async () => {
    const email = freshAddress()
    const { agent, page } = await askCode(email)
    const right = await server.codeFor(email)
    const answers: number[] = []
    const wrong = wrongOnes(right, 20)
    const type = async (code: string): Promise<Page> => {
      const answer = await agent.submit(page, { code })
      answers.push(answer.status)
      return answer
    }
    for (const code of wrong.slice(0, 5)) await type(code)
    // Nor is the address closed by now: it is the code that is dead.
    const after = await type(right)
    const last = await type(wrong[0] ?? '')
    expect(after.html).toBe(last.html)
    for (const code of wrong.slice(5)) await type(code)
    await type(right)
    expect(new Set(answers)).toEqual(new Set([422]))
  })

  it('E02: and new codes with it, share one budget of twenty wrong guesses for the address', async () => {
    const email = freshAddress()
    const isCode = ({ subject }: { subject: string }): boolean => /^\d{6} /.test(subject)
    const codes = async () => (await server.mails(email)).filter(isCode).length
    let looked = 0
    for (let round = 1; round <= 10; round += 1) {
      const { agent, page } = await askCode(email)
      if ((await codes()) < round) break // nothing is sent any more
      for (const code of wrongOnes(await server.codeFor(email), 5)) {
        await agent.submit(page, { code })
        looked += 1
      }
    }
    expect(looked).toBe(20)
    // The owner was told, once; and while the lock holds not even the right code opens the door.
    expect((await server.mails(email)).filter((mail) => !isCode(mail))).toHaveLength(1)

    server.clock.forward(61 * MINUTE)
    const owner = await askCode(email)
    const right = (await server.mails(email)).find(isCode)?.text.match(/^\d{6}$/m)?.[0] ?? ''
    expect(await codeOpens(owner.agent, owner.page, right)).toBe(true)

    // One wrong guess after the lock locks again, for longer.
    const attacker = await askCode(email)
    await attacker.agent.submit(attacker.page, {
      code: wrongOnes(await server.codeFor(email), 1)[0] ?? '',
    })
    const before = await codes()
    server.clock.forward(61 * MINUTE)
    await askCode(email)
    expect(await codes()).toBe(before)
    server.clock.forward(61 * MINUTE)
    await askCode(email)
    expect(await codes()).toBe(before + 1)
  })

  it('E02: right, but typed while the address is locked, is refused', async () => {
    const email = freshAddress()
    const waiting = await askCode(email)
    const right = await server.codeFor(email)
    for (let round = 0; round < 4; round += 1) {
      const { agent, page } = await askCode(email)
      for (const code of wrongOnes(right, 5)) await agent.submit(page, { code })
    }
    expect(await codeOpens(waiting.agent, waiting.page, right)).toBe(false)
  })

  it('E03: is looked at no more than five times, however many guess at once', async () => {
    const email = freshAddress()
    const { agent, page } = await askCode(email)
    const right = await server.codeFor(email)
    const guesses = [...wrongOnes(right, 60), right]
    const pages = await Promise.all(guesses.map((code) => agent.submit(page, { code })))
    // Whoever was looked at may read how many tries are left: of five two do. All others read the same.
    const counts = [...Map.groupBy(pages, ({ html }) => html).values()].map((same) => same.length)
    expect(counts.sort((one, other) => one - other)).toEqual([1, 1, 2, 57])
  })

  it('E06: is good for ten minutes, and no second longer', async () => {
    const early = freshAddress()
    const first = await askCode(early)
    server.clock.forward(10 * MINUTE - 2000)
    expect(await codeOpens(first.agent, first.page, await server.codeFor(early))).toBe(true)
    const late = freshAddress()
    const second = await askCode(late)
    server.clock.forward(10 * MINUTE + 1000)
    expect(await codeOpens(second.agent, second.page, await server.codeFor(late))).toBe(false)
  })

  it('E07: opens the door once, however often it is sent at once', async () => {
    const email = freshAddress()
    const { agent, page } = await askCode(email)
    const code = await server.codeFor(email)
    const tries = await Promise.all(Array.from({ length: 20 }, () => verifyOnly(page, agent, code)))
    expect(tries.filter((location) => location?.includes('/oauth/authorize/'))).toHaveLength(1)
    expect(await verifyOnly(page, agent, code)).not.toContain('/oauth/authorize/')
  })

  /** Posts the code and tells where it led, without following. */
  async function verifyOnly(page: Page, agent: UserAgent, code: string): Promise<string> {
    const [form] = formsOf(page)
    const response = await agent.request(form?.action ?? '', {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ code }).toString(),
    })
    return response.headers.get('location') ?? ''
  }

  it('E08: asked for in one browser, is worthless in another', async () => {
    const email = freshAddress()
    await askCode(email)
    const asked = await server.codeFor(email)
    const other = await askCode(email)
    expect(await codeOpens(other.agent, other.page, asked)).toBe(false)
    // Nor does the page of the first open without its cookie.
    const thief = createUserAgent(server.baseUrl)
    expect((await thief.open(other.page.url)).status).toBe(410)
  })

  it('E21: sent anew, leaves the one before good, and shares its five tries', async () => {
    const email = freshAddress()
    const { agent, page } = await askCode(email)
    const first = await server.codeFor(email)
    for (const code of wrongOnes(first, 3)) await agent.submit(page, { code })
    server.clock.forward(61_000)
    await agent.submit(page, {}, 1)
    const second = await server.codeFor(email)
    expect(second).not.toBe(first)
    await agent.submit(page, { code: wrongOnes(second, 1)[0] ?? '' })
    expect(await codeOpens(agent, page, first)).toBe(true)
  })

  it('is sent again only after a minute', async () => {
    const email = freshAddress()
    const { agent, page } = await askCode(email)
    await agent.submit(page, {}, 1)
    expect(await server.mails(email)).toHaveLength(1)
    server.clock.forward(61_000)
    await agent.submit(page, {}, 1)
    expect(await server.mails(email)).toHaveLength(2)
  })

  it('E30: for one address, does not prove another that is put in its place', async () => {
    const mine = freshAddress()
    const theirs = freshAddress()
    const { agent, page } = await askCode(mine)
    const code = await server.codeFor(mine)
    const again = await agent.submit(page, {}, 2) // "use another address"
    const pageOfTheirs = await agent.submit(again, { email: theirs })
    expect(await codeOpens(agent, pageOfTheirs, code)).toBe(false)
    // And a field that says another address is no field of the page.
    const sneaked = await agent.submit(page, { code, email: theirs })
    expect(sneaked.status).toBe(400)
  })

  it('E22: is read as people type it', async () => {
    const email = freshAddress()
    const { agent, page } = await askCode(email)
    const code = await server.codeFor(email)
    const typed = ` ${code.slice(0, 3)}-${[...code.slice(3)].map((digit) => String.fromCodePoint(0xff10 + Number(digit))).join(' ')} `
    expect(await codeOpens(agent, page, typed)).toBe(true)
  })

  it('E12: is not mailed when asked for too often in ten minutes, which uses up nothing of the hour and the day', async () => {
    const few = { sendsPerHour: 3, sendsPerDay: 3 }
    await server.changeSignIn({ ...roomy, ...few, sendsPer10Minutes: 1 })
    const email = freshAddress()
    for (let asked = 0; asked < 5; asked += 1) await askCode(email)
    expect(await server.mails(email)).toHaveLength(1)
    await server.changeSignIn({ ...roomy, ...few })
    for (let asked = 0; asked < 5; asked += 1) await askCode(email)
    expect(await server.mails(email)).toHaveLength(3)
    await server.changeSignIn(roomy)
  })

  it('E12: is mailed to one address five times in ten minutes at the most, and the page looks the same', async () => {
    await server.changeSignIn({ sendsPerSource: 100_000 })
    const email = freshAddress()
    const pages: string[] = []
    for (let at = 0; at < 8; at += 1)
      pages.push((await askCode(email)).page.html.replace(/sign-in\/[^"]+/g, ''))
    expect(await server.mails(email)).toHaveLength(5)
    expect(new Set(pages).size).toBe(1)
    await server.changeSignIn(roomy)
  })

  it('E27: stands in the mail and nowhere else: no answer, header or log line holds it', async () => {
    const email = freshAddress()
    const { agent, page } = await askCode(email)
    const code = await server.codeFor(email)
    const wrong = await agent.submit(page, { code: wrongOnes(code, 1)[0] ?? '' })
    const seen = [page, wrong].flatMap(({ html, headers }) => [html, JSON.stringify([...headers])])
    expect(seen.join('\n')).not.toContain(code)
    const logged = server.log.lines.filter((line) => !line.startsWith('mail:'))
    expect(logged.join('\n')).not.toContain(code)
  })

  const tricks: [string, string][] = [
    ['an operator in the field name', 'code[$ne]=x'],
    ['a list', 'code[]=123456'],
    ['two codes', 'code=123456&code=654321'],
    ['no code', 'other=1'],
    ['JSON', '{"code":{"$gt":""}}'],
  ]
  it.each(tricks)('E29: sent as %s, is refused with 400 and not counted', async (_name, body) => {
    const email = freshAddress()
    const { agent, page } = await askCode(email)
    const [form] = formsOf(page)
    const response = await agent.request(form?.action ?? '', {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body,
    })
    expect(response.status).toBe(400)
    expect(await codeOpens(agent, page, await server.codeFor(email))).toBe(true)
  })

  it.each(['', '1e5', '12345', '1234567', 'a'.repeat(100), '१२३४५६'])(
    'E29: typed as %j, is no code and not counted',
    async (code) => {
      const email = freshAddress()
      const { agent, page } = await askCode(email)
      for (let at = 0; at < 6; at += 1)
        expect((await agent.submit(page, { code })).status).toBe(422)
      expect(await codeOpens(agent, page, await server.codeFor(email))).toBe(true)
    },
  )

  it('D11: proves a new address to one account, however many prove it at once', async () => {
    const email = freshAddress()
    const started = []
    for (let at = 0; at < 20; at += 1) {
      const visit = await askCode(email)
      // Mails leave one by one, and not always in the order in which they were asked for.
      const mail = await eventually(async () => {
        const mails = await server.mails(email)
        expect(mails).toHaveLength(at + 1)
        return mails[0]
      })
      started.push({ ...visit, code: /^\d{6}$/m.exec(mail?.text ?? '')?.[0] ?? '' })
    }
    const callbacks = await Promise.all(
      started.map(({ agent, page, code }) => untilLeft(() => agent.submit(page, { code }))),
    )
    expect(callbacks).toHaveLength(20)
    const accounts = server.documents.collection<{ _id: string }>({ name: 'accounts', indexes: [] })
    expect(await accounts.count({ organisation: server.organisation._id, email })).toBe(1)
    const customers = server.documents.collection<{ _id: string }>({
      name: 'customers',
      indexes: [],
    })
    expect(await customers.count({ organisation: server.organisation._id, email })).toBe(1)
  })
}
