// Codes typed on an application's own page: bounded, taken once and telling nothing, exactly as on the pages of the issuer.

import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { accountsCollection } from '../../src/stores/accounts.ts'
import { createOwnPage, type OwnPage } from '../support/challenge.ts'
import type { Answer } from '../support/endpoints.ts'
import { eventually } from '../support/eventually.ts'
import { createRelyingParty } from '../support/relying-party.ts'
import type { TestServer } from '../support/server.ts'
import {
  askCode,
  codeOpens,
  freshAddress,
  roomyLimits,
  wrongCode,
} from '../support/sign-in-pages.ts'
import { describeOnAllStores } from '../support/stores.ts'
import { createUserAgent } from '../support/user-agent.ts'

const ORIGIN = 'https://shop.example'

describeOnAllStores('a code on an own page', (start) => {
  let server: TestServer
  let page: OwnPage

  beforeAll(async () => {
    server = await start()
    await server.changeSignIn(roomyLimits)
    const client = await server.register({
      kind: 'browser',
      firstParty: true,
      redirectUris: [`${ORIGIN}/callback`],
    })
    page = createOwnPage(server, client, { origin: ORIGIN })
  })
  afterAll(() => server.stop())

  const errorOf = ({ status, body }: Answer) => ({ status, error: body.error })
  const over = { status: 400, error: 'invalid_session' }

  /** A sign-in whose code is known. */
  async function begun(email = freshAddress()) {
    const session = await page.begun(email)
    return { email, session, code: await server.codeFor(email) }
  }

  /** Wrong codes until the address is closed: four sign-ins with five each. */
  async function burn(email: string): Promise<void> {
    for (let round = 0; round < 4; round += 1) {
      const session = await page.begun(email)
      for (let miss = 0; miss < 5; miss += 1) await page.prove(session, `${miss}00000`)
    }
  }

  describe('that is wrong', () => {
    it('E01: is counted; after five even the right one opens nothing', async () => {
      const { session, code } = await begun()
      const told: unknown[] = []
      for (let miss = 0; miss < 5; miss += 1) {
        const { status, body } = await page.prove(session, wrongCode(code))
        const { error_description, ...rest } = body
        told.push({ status, ...rest })
        expect(error_description).toEqual(expect.any(String))
      }
      expect(told).toEqual([
        ...[4, 3, 2, 1].map((attempts_left) => ({
          status: 400,
          error: 'otp_invalid',
          auth_session: session,
          attempts_left,
        })),
        { status: 400, error: 'too_many_attempts' },
      ])
      expect(errorOf(await page.prove(session, code))).toEqual(over)
    })

    it('E03: is looked at five times in a thousand at once, and the right one among them once at most', async () => {
      const { session, code } = await begun()
      const tries = Array.from({ length: 1000 }, (_, at) =>
        at === 700 ? code : String((Number(code) + 1 + at) % 1_000_000).padStart(6, '0'),
      )
      const answers = await Promise.all(tries.map((otp) => page.prove(session, otp)))
      const told = answers.map(({ body }) => body.error ?? 'signed in')
      expect(new Set(told)).not.toContain('server_error')
      expect(told.filter((each) => each === 'signed in').length).toBeLessThanOrEqual(1)
      expect(told.filter((each) => each === 'otp_invalid').length).toBeLessThanOrEqual(4)
      expect((await page.prove(session, code)).status).not.toBe(200)
    })

    it('E08: may be right for another sign-in, or another address', async () => {
      const email = freshAddress()
      const [first, second] = [await begun(email), await begun()]
      expect(errorOf(await page.prove(first.session, second.code)).error).toBe('otp_invalid')
      expect(errorOf(await page.prove(second.session, first.code)).error).toBe('otp_invalid')
      // E09: somebody else's address is typed where a code of one's own is at hand.
      const other = freshAddress()
      await page.ask({ auth_session: first.session, email: other })
      expect(errorOf(await page.prove(first.session, first.code)).error).toBe('otp_invalid')
      const { status } = await page.prove(first.session, await server.codeFor(other))
      expect(status).toBe(200)
    })

    it('may be none at all: nothing is counted', async () => {
      const { session, code } = await begun()
      for (const otp of ['12345', '1234567', 'abcdef', '1'.repeat(1000)]) {
        const { status, body } = await page.prove(session, otp)
        expect({ status, ...body }).toEqual({
          status: 400,
          error: 'otp_invalid',
          error_description: expect.any(String),
          auth_session: session,
        })
      }
      const typed = ` ${code.slice(0, 3)}-${code.slice(3)} `
      expect((await page.prove(session, typed)).status).toBe(200)
    })
  })

  describe('that is right', () => {
    it('E07: is taken once, however often it is sent at once', async () => {
      const { session, code } = await begun()
      const answers = await Promise.all(Array.from({ length: 20 }, () => page.prove(session, code)))
      const given = answers.filter(({ status }) => status === 200)
      expect(given).toHaveLength(1)
      for (const answer of answers) if (answer !== given[0]) expect(errorOf(answer)).toEqual(over)
      expect((await page.redeem(String(given[0]?.body.authorization_code))).status).toBe(200)
    })

    it('E06: is good for ten minutes; then another one can be sent', async () => {
      const { session, email, code } = await begun()
      server.clock.forward(601_000)
      const { status, body } = await page.prove(session, code)
      expect({ status, ...body }).toEqual({
        status: 400,
        error: 'otp_expired',
        error_description: expect.any(String),
        auth_session: session,
      })
      expect((await page.ask({ auth_session: session, email })).body.otp_expires_in).toBe(600)
      const next = await eventually(async () => {
        const newest = await server.codeFor(email)
        expect(newest).not.toBe(code)
        return newest
      })
      expect((await page.prove(session, next)).status).toBe(200)
    })

    it('E24: stands in no line of the log, nor does anything that it leads to', async () => {
      const { session, code, email } = await begun()
      const { body } = await page.prove(session, code)
      const tokens = (await page.redeem(String(body.authorization_code))).body
      // In development the mailbox prints its mails.
      const lines = server.log.lines.filter((line) => !line.startsWith('mail:'))
      const secrets = [session, code, email, body.authorization_code, page.verifier]
      for (const secret of [...secrets, tokens.access_token, tokens.refresh_token])
        expect(lines.filter((line) => isIn(line, String(secret)))).toEqual([])
    })
  })

  describe('asked for', () => {
    it('E12: again too soon is not sent; the answer is the same, with the seconds that are left', async () => {
      const { session, email } = await begun()
      server.clock.forward(20_000)
      const { status, body } = await page.ask({ auth_session: session, email })
      expect({ status, ...body }).toEqual({
        status: 403,
        error: 'insufficient_authorization',
        error_description: expect.any(String),
        auth_session: session,
        otp_length: 6,
        otp_expires_in: expect.any(Number),
        otp_resend_in: expect.any(Number),
      })
      expect(body.otp_resend_in).toBeLessThanOrEqual(40)
      expect(body.otp_resend_in).toBeGreaterThan(30)
      expect(await server.mails(email)).toHaveLength(1)
    })

    it('E10: is answered the same, with an account or without, disabled, or over its limit', async () => {
      const [known, disabled, bombed] = [freshAddress(), freshAddress(), freshAddress()]
      for (const email of [known, disabled]) await page.signIn(email)
      const accounts = server.documents.collection<{ _id: string; disabledAt?: number }>(
        accountsCollection,
      )
      await accounts.updateOne(
        { email: disabled, organisation: server.organisation._id },
        { $set: { disabledAt: 1 } },
      )
      await server.changeSignIn({ ...roomyLimits, sendsPer10Minutes: 1 })
      await page.begin(bombed)
      await server.codeFor(bombed)
      server.clock.forward(3000)
      const answers: unknown[] = []
      for (const email of [known, freshAddress(), disabled, bombed]) {
        const { status, headers, body } = await page.begin(email)
        const { 'x-request-id': _id, date: _date, ...others } = Object.fromEntries(headers)
        answers.push({ status, others, body: { ...body, auth_session: 'one' } })
      }
      await server.changeSignIn(roomyLimits)
      for (const answer of answers) expect(answer).toEqual(answers[0])
      expect(await server.mails(bombed)).toHaveLength(1)
    })

    it('E13: too often from one source is refused, with when to come back', async () => {
      await server.changeSignIn({ ...roomyLimits, sendsPerSource: 1 })
      await page.begin(freshAddress())
      const { status, headers, body } = await page.begin(freshAddress())
      await server.changeSignIn(roomyLimits)
      expect({ status, error: body.error }).toEqual({ status: 429, error: 'rate_limited' })
      expect(Number(headers.get('retry-after'))).toBeGreaterThan(0)
    })
  })

  describe('of an address that too many have guessed at', () => {
    let known: string
    let unknown: string
    const toWeb = { status: 403, error: 'redirect_to_web' }

    beforeEach(() => {
      known = freshAddress()
      unknown = freshAddress()
    })

    it('E02: is neither sent nor taken: the page leads to the issuer, with an account or without', async () => {
      await page.signIn(known)
      for (const email of [known, unknown]) {
        const before = await begun(email)
        await burn(email)
        const mails = (await server.mails(email)).length
        const answer = await page.begin(email)
        expect(errorOf(answer)).toEqual(toWeb)
        expect(answer.body.auth_session).toBeUndefined()
        expect(errorOf(await page.prove(before.session, before.code))).toEqual(toWeb)
        expect(await server.mails(email)).toHaveLength(mails)
      }
    })

    it('is taken on the pages from a browser that knows it', async () => {
      const agent = createUserAgent(server.baseUrl)
      const party = await createRelyingParty(server, await server.register({ firstParty: true }))
      const ask = () =>
        askCode(server, party, { email: known, agent, parameters: { prompt: 'login' } })
      const first = await ask()
      expect(await codeOpens(agent, first.page, await server.codeFor(known))).toBe(true)
      await burn(known)
      expect(errorOf(await page.begin(known))).toEqual(toWeb)
      const newest = (await server.mails(known)).length
      const second = await ask()
      await eventually(async () => expect(await server.mails(known)).toHaveLength(newest + 1))
      expect(await codeOpens(agent, second.page, await server.codeFor(known))).toBe(true)
    })
  })
})

/** Whole: six digits may be part of a longer number. */
function isIn(text: string, secret: string): boolean {
  return new RegExp(`(?<!\\w)${secret}(?!\\w)`).test(text)
}
