// The pages of address and code, form by form.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createRelyingParty, type RelyingParty, untilLeft } from '../support/relying-party.ts'
import { REDIRECT_URI, startServer, type TestServer } from '../support/server.ts'
import {
  askAddress,
  askCode,
  freshAddress,
  roomyLimits,
  wordsOf,
  wrongCode,
} from '../support/sign-in-pages.ts'
import { formsOf, type Page, type UserAgent } from '../support/user-agent.ts'

const SECOND = 1000
/** The order of the forms on the page of the code. */
const [CODE, RESEND, OTHER_ADDRESS, CANCEL] = [0, 1, 2, 3]

describe('the pages of sign-in', () => {
  let server: TestServer
  let party: RelyingParty

  beforeAll(async () => {
    server = await startServer()
    await server.changeSignIn(roomyLimits)
    party = await createRelyingParty(server, await server.register({ firstParty: true }))
  })
  afterAll(() => server.stop())

  const inputsOf = ({ html }: Page): string[] =>
    [...html.matchAll(/<input[^>]*>/g)].map(([tag]) => tag)

  describe('the address', () => {
    it('is asked for by the first form, in one field that browsers fill in', async () => {
      const { page } = await askAddress(server, party)
      const [way] = formsOf(page)
      expect({ status: page.status, fields: way?.fields }).toEqual({
        status: 200,
        fields: { email: '' },
      })
      expect(inputsOf(page)).toHaveLength(1)
      expect(inputsOf(page)[0]).toMatch(/type="email".*autocomplete="email"/)
    })

    it('stands in the field when the application knows it, and is not sent to by itself', async () => {
      const email = freshAddress()
      const { page } = await askAddress(server, party, { parameters: { login_hint: email } })
      expect(formsOf(page)[0]?.fields).toEqual({ email })
      expect(await server.mails(email)).toHaveLength(0)
    })

    it('hinted at in a form that is no address, leaves the field empty', async () => {
      const hint = '"><script>alert(1)</script>'
      const { page } = await askAddress(server, party, { parameters: { login_hint: hint } })
      expect(formsOf(page)[0]?.fields).toEqual({ email: '' })
      expect(page.html).not.toContain('alert(1)')
    })

    it('mistyped, is said to be so beside the field, which keeps what was typed', async () => {
      const { agent, page } = await askAddress(server, party)
      const again = await agent.submit(page, { email: 'ana at example' })
      expect(again.status).toBe(422)
      expect(wordsOf(again).alert).toContain('typing mistake')
      expect(wordsOf(again).title).toMatch(/^Error: /)
      expect(inputsOf(again)[0]).toMatch(
        /value="ana at example".*aria-describedby="problem hint".*aria-invalid="true"/,
      )
    })

    it('asked for a code too often from one place, is told when to try again', async () => {
      await server.changeSignIn({ ...roomyLimits, sendsPerSource: 1 })
      await askCode(server, party, { email: freshAddress() })
      const { page } = await askCode(server, party, { email: freshAddress() })
      await server.changeSignIn(roomyLimits)
      expect(page.status).toBe(429)
      expect(Number(page.headers.get('retry-after'))).toBeGreaterThan(0)
      expect(wordsOf(page).alert).toMatch(/Try again in \d+ min/)
    })
  })

  describe('the code', () => {
    /** Sends the right code, and does not follow the answer. */
    async function sendAndLose(agent: UserAgent, page: Page, code: string): Promise<void> {
      const lost = await agent.request(formsOf(page)[CODE]?.action ?? '', {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({ code }).toString(),
      })
      expect(lost.status).toBe(303)
    }

    it('is asked for by the first form, in one field that phones fill in', async () => {
      const { page } = await askCode(server, party, { email: freshAddress() })
      expect(formsOf(page)[CODE]?.fields).toEqual({ code: '' })
      expect(wordsOf(page).title).not.toMatch(/^Error: /)
      expect(page.html).not.toContain('class="notice"') // nothing was asked for again
      const [box, field = '', ...more] = inputsOf(page)
      expect(more).toEqual([])
      expect(box).toContain('type="checkbox"')
      expect(field).toContain('type="text"')
      expect(field).toContain('inputmode="numeric"')
      expect(field).toContain('autocomplete="one-time-code"')
    })

    const ways: [string, (code: string) => string][] = [
      ['spaces', (code) => `${code.slice(0, 3)} ${code.slice(3)}`],
      ['hyphens', (code) => code.split('').join('-')],
      ['a line break and a direction mark', (code) => `\u200e${code}\r\n`],
      ['Arabic digits', (code) => inScript(code, '٠')],
      ['Persian digits', (code) => inScript(code, '۰')],
      ['full-width digits', (code) => inScript(code, '０')],
    ]
    it.each(ways)('E22: pasted with %s, is the same code', async (_name, write) => {
      const email = freshAddress()
      const { agent, page } = await askCode(server, party, { email })
      const typed = write(await server.codeFor(email))
      const left = await untilLeft(() => agent.submit(page, { code: typed }))
      expect(left.searchParams.has('code')).toBe(true)
    })

    it.each<[string, (agent: UserAgent, page: Page, code: string) => Promise<Page>]>([
      ['the page is asked for again', (agent, page) => agent.open(page.url)],
      ['it is sent again', (agent, page, code) => agent.submit(page, { code })],
    ])('right, is enough where its answer was lost on the way: %s', async (_name, goOn) => {
      const email = freshAddress()
      const { agent, page } = await askCode(server, party, { email })
      const code = await server.codeFor(email)
      await sendAndLose(agent, page, code)
      const left = await untilLeft(() => goOn(agent, page, code))
      expect(left.searchParams.has('code')).toBe(true)
      expect(wordsOf(await agent.open(page.url)).heading).toBe('This sign-in has ended')
    })

    it('right, is forgotten with its address where another is wanted before the answer came', async () => {
      const email = freshAddress()
      const { agent, page } = await askCode(server, party, { email })
      await sendAndLose(agent, page, await server.codeFor(email))
      const beginning = await agent.submit(page, {}, OTHER_ADDRESS)
      expect(formsOf(beginning)[0]?.fields).toEqual({ email: '' })
      expect(formsOf(await agent.open(page.url))[0]?.fields).toEqual({ email: '' })
    })

    it('typed wrong, is refused beside the field, which is empty again', async () => {
      const email = freshAddress()
      const { agent, page } = await askCode(server, party, { email })
      const wrong = wrongCode(await server.codeFor(email))
      const again = await agent.submit(page, { code: wrong })
      expect(again.status).toBe(422)
      expect(wordsOf(again).alert).toBe(
        'That code is not right. Check the newest mail and type it again.',
      )
      expect(wordsOf(again).title).toMatch(/^Error: /)
      expect(inputsOf(again)[1]).toContain('aria-invalid="true"')
      expect(again.html).not.toContain(wrong)
      await agent.submit(page, { code: wrong })
      expect(wordsOf(await agent.submit(page, { code: wrong })).alert).toContain('2 tries are left')
    })

    it('typed in part, is not counted, and says how many digits it has', async () => {
      const { agent, page } = await askCode(server, party, { email: freshAddress() })
      const again = await agent.submit(page, { code: '12' })
      expect(again.html).not.toMatch(/name="shared"[^>]* checked/)
      expect({ status: again.status, alert: wordsOf(again).alert }).toEqual({
        status: 422,
        alert: 'The code has 6 digits. Type all of them.',
      })
    })

    it('after the last wrong one, leads back to the beginning', async () => {
      const email = freshAddress()
      const { agent, page } = await askCode(server, party, { email })
      const wrong = wrongCode(await server.codeFor(email))
      let last = page
      for (let tries = 0; tries < 5; tries += 1) last = await agent.submit(page, { code: wrong })
      expect(wordsOf(last).heading).toBe('Too many wrong codes')
      const beginning = await agent.submit(last)
      expect(formsOf(beginning)[0]?.fields).toEqual({ email: '' })
    })

    it('expired, is offered anew to the same address by the first form', async () => {
      const email = freshAddress()
      const { agent, page } = await askCode(server, party, { email })
      server.clock.forward(601 * SECOND)
      const expired = await agent.open(page.url)
      expect(wordsOf(expired).heading).toBe('That code has expired')
      const again = await agent.submit(expired)
      expect(wordsOf(again).heading).toBe('Check your e-mail')
      expect(await server.mails(email)).toHaveLength(2)
      const code = await server.codeFor(email)
      expect((await untilLeft(() => agent.submit(again, { code }))).href).toContain(REDIRECT_URI)
    })
  })

  describe('another code', () => {
    it('asked for too soon, is refused with the seconds that are left', async () => {
      const email = freshAddress()
      const { agent, page } = await askCode(server, party, { email })
      server.clock.forward(20 * SECOND)
      const refused = await agent.submit(page, {}, RESEND)
      expect(refused.status).toBe(429)
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(30)
      expect(Number(refused.headers.get('retry-after'))).toBeLessThanOrEqual(40)
      expect(wordsOf(refused).alert).toContain('sent a moment ago')
      expect(refused.html).toMatch(/You can ask for a new code in (3\d|40) s\./)
      expect(await server.mails(email)).toHaveLength(1)
      // The page still takes the code that is on its way.
      const code = await server.codeFor(email)
      expect((await untilLeft(() => agent.submit(refused, { code }))).href).toContain(REDIRECT_URI)
    })

    it('E21: is sent after a minute and announced, and the one before stays good', async () => {
      const email = freshAddress()
      const { agent, page } = await askCode(server, party, { email })
      const first = await server.codeFor(email)
      server.clock.forward(61 * SECOND)
      const again = await agent.submit(page, {}, RESEND)
      expect(again.html).toMatch(/role="status">A new code is on its way/)
      expect(await server.mails(email)).toHaveLength(2)
      const left = await untilLeft(() => agent.submit(again, { code: first }))
      expect(left.searchParams.has('code')).toBe(true)
    })
  })

  it('another code, asked for too often from one place, is told when to try again', async () => {
    const { agent, page } = await askCode(server, party, { email: freshAddress() })
    await server.changeSignIn({ ...roomyLimits, sendsPerSource: 1 })
    server.clock.forward(61 * SECOND)
    const refused = await agent.submit(page, {}, RESEND)
    await server.changeSignIn(roomyLimits)
    expect(refused.status).toBe(429)
    expect(wordsOf(refused).alert).toMatch(/Try again in \d+ min/)
  })

  it('another address can be used instead, and the code of the first is worthless then', async () => {
    const [first, second] = [freshAddress(), freshAddress()]
    const { agent, page } = await askCode(server, party, { email: first })
    const beginning = await agent.submit(page, {}, OTHER_ADDRESS)
    const again = await agent.submit(beginning, { email: second })
    expect(again.html).toContain(second)
    expect((await agent.submit(again, { code: await server.codeFor(first) })).status).toBe(422)
    const code = await server.codeFor(second)
    expect((await untilLeft(() => agent.submit(again, { code }))).href).toContain(REDIRECT_URI)
  })

  it.each(['address', 'code'])('cancelled at the %s, tell the application so', async (at) => {
    const walk = at === 'code' ? askCode : askAddress
    const { agent, page, pending } = await walk(server, party, { email: freshAddress() })
    const left = await untilLeft(() => agent.submit(page, {}, at === 'code' ? CANCEL : 1))
    expect(left.origin + left.pathname).toBe(REDIRECT_URI)
    expect(Object.fromEntries(left.searchParams)).toEqual({
      error: 'access_denied',
      error_description: 'the customer cancelled',
      state: pending.state,
      iss: server.baseUrl,
    })
  })

  it('show where one is when asked for again: reloading repeats no mail and no try', async () => {
    const email = freshAddress()
    const { agent, page } = await askCode(server, party, { email })
    const wrong = await agent.submit(page, { code: wrongCode(await server.codeFor(email)) })
    // The address of the form, where the browser stands after a refusal.
    const again = await agent.open(formsOf(wrong)[CODE]?.action ?? '')
    expect({ status: again.status, url: again.url }).toEqual({ status: 200, url: page.url })
    expect(again.html).toContain(email)
    expect(await server.mails(email)).toHaveLength(1)
  })

  it('work on when the same address is sent twice, with the code that is on its way', async () => {
    const email = freshAddress()
    const { agent, page } = await askAddress(server, party)
    await agent.submit(page, { email })
    const again = await agent.submit(page, { email })
    expect(wordsOf(again)).toEqual({
      title: 'Check your e-mail · Casa Aurora',
      heading: 'Check your e-mail',
    })
    expect(await server.mails(email)).toHaveLength(1)
  })
})

/** The digits of the script whose zero is this. */
function inScript(code: string, zero: string): string {
  return code.replace(/\d/g, (digit) =>
    String.fromCodePoint((zero.codePointAt(0) ?? 0) + Number(digit)),
  )
}
