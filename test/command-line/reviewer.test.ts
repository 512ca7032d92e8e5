// `foyer reviewer` beside a running server: one exact address with a fixed code, for as long as was said.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { resolveSignInSettings } from '../../src/services/identity/limits/settings.ts'
import { createReviewers } from '../../src/services/identity/sign-in/reviewers.ts'
import { createKeyring, systemRandom } from '../../src/shared/secrets.ts'
import {
  createReviewerStore,
  type Reviewer,
  reviewersCollection,
} from '../../src/stores/reviewers.ts'
import { createOwnPage } from '../support/challenge.ts'
import { personWith } from '../support/console-tokens.ts'
import { eventually } from '../support/eventually.ts'
import { foyerBeside } from '../support/foyer.ts'
import { createRelyingParty, type RelyingParty } from '../support/relying-party.ts'
import { startServer, type TestServer } from '../support/server.ts'
import { askCode, codeOpens, roomyLimits, wrongCode } from '../support/sign-in-pages.ts'

const DAY = 24 * 60 * 60_000
const EMAIL = 'review@example.org'

describe('foyer reviewer', () => {
  let server: TestServer
  let party: RelyingParty

  beforeAll(async () => {
    server = await startServer()
    await server.changeSignIn(roomyLimits)
    party = await createRelyingParty(server, await server.register({ firstParty: true }))
  })
  afterAll(() => server.stop())

  const foyer = (...args: string[]) => foyerBeside(server, ['reviewer', ...args])
  const dayIn = (days: number): string =>
    new Date(Date.now() + days * DAY).toISOString().slice(0, 10)

  /** A new fixed code, which the server knows from now on. */
  async function newCode(days = 30): Promise<string> {
    const { stdout } = await foyer('set', EMAIL, '--expires', dayIn(days), '--json')
    server.clock.forward(3000)
    return JSON.parse(stdout).code
  }

  const audited = async (): Promise<string[]> => {
    const audit = server.documents.collection<{ _id: string; action: string }>({
      name: 'audit',
      indexes: [],
    })
    return (await audit.find({}, { sort: [['_id', -1]], limit: 50 })).map(({ action }) => action)
  }

  it('is off: without it the address is one like any other', async () => {
    expect((await foyer('show')).stdout).toBe('There is no reviewer.\n')
    await askCode(server, party, { email: EMAIL })
    expect(await server.mails(EMAIL)).toHaveLength(1)
  })

  it('prints a code once, which opens the door again and again, is never mailed, and is audited', async () => {
    const { stdout, stderr } = await foyer('set', EMAIL, '--expires', dayIn(30))
    const code = /^code {2}(\d{6})$/m.exec(stdout)?.[1] ?? ''
    expect(stdout).toContain(`${EMAIL}  until ${dayIn(30)}  0 wrong codes`)
    expect(stderr).toMatch(/use an address of no customer\. After 50 wrong codes it is dead/)
    expect((await foyer('show')).stdout).toBe(`${EMAIL}  until ${dayIn(30)}  0 wrong codes\n`)
    server.clock.forward(3000)

    const before = await server.mails(EMAIL)
    for (let times = 0; times < 3; times += 1) {
      const { agent, page } = await askCode(server, party, { email: ` ${EMAIL.toUpperCase()}` })
      expect(await codeOpens(agent, page, code)).toBe(true)
      // It proves no mailbox: the browser is not known to have one.
      expect(agent.cookies.map(({ name }) => name)).not.toContain('foyer_known')
    }
    expect(await server.mails(EMAIL)).toEqual(before)
    expect((await audited()).filter((action) => action === 'reviewer.signed-in')).toHaveLength(3)
    expect(await audited()).toContain('reviewer.set')
  })

  it('takes the code for that address alone', async () => {
    const code = await newCode()
    for (const email of ['review+1@example.org', 'someone@example.org']) {
      const { agent, page } = await askCode(server, party, { email })
      expect(await server.mails(email)).toHaveLength(1)
      expect(await codeOpens(agent, page, code)).toBe(false)
    }
  })

  it('opens no console, whoever’s address it is, until codes are mailed to it again', async () => {
    const owner = { email: EMAIL, role: 'owner' }
    await server.operators.add(server.organisation._id, owner, { actor: 'test' })
    const code = await newCode()
    const byCode = await personWith({ ...server, codeFor: async () => code }, EMAIL)
    expect((await byCode('GET', '/me')).status).toBe(401)
    await foyer('remove')
    server.clock.forward(3000)
    // What the code opened does not turn into a proof by mail.
    await eventually(async () => expect((await byCode('GET', '/me')).status).toBe(401))
    const byMail = await personWith(server, EMAIL)
    expect((await byMail('GET', '/me')).status).toBe(200)
  })

  it('E01, E07: shares the five tries of a sign-in, and opens it once however often it is sent', async () => {
    const code = await newCode()
    const tired = await askCode(server, party, { email: EMAIL })
    for (let miss = 0; miss < 5; miss += 1)
      await tired.agent.submit(tired.page, { code: wrongCode(code) })
    expect(await codeOpens(tired.agent, tired.page, code)).toBe(false)

    const fresh = await askCode(server, party, { email: EMAIL })
    const all = Array.from({ length: 5 }, () => codeOpens(fresh.agent, fresh.page, code))
    expect((await Promise.all(all)).filter(Boolean)).toHaveLength(1)
  })

  it('E02: is dead after fifty wrong codes in all its life, however many days they take', async () => {
    const code = await newCode(300)
    let looked = 0
    while (looked < 50) {
      server.clock.forward(2 * DAY)
      for (let round = 0; round < 2; round += 1) {
        const { agent, page } = await askCode(server, party, { email: EMAIL })
        for (let miss = 0; miss < 5; miss += 1) await agent.submit(page, { code: wrongCode(code) })
        looked += 5
      }
    }
    server.clock.forward(2 * DAY)
    const { agent, page } = await askCode(server, party, { email: EMAIL })
    expect(await codeOpens(agent, page, code)).toBe(false)
    // By the last wrong one alone, not by those before it nor by who tries it later.
    const locks = (await audited()).filter((action) => action === 'reviewer.locked')
    expect(locks).toHaveLength(1)
    expect(JSON.parse((await foyer('show', '--json')).stdout)).toMatchObject({ wrong_codes: 50 })
  })

  it('ends on its day, and by hand', async () => {
    const code = await newCode(1)
    server.clock.forward(3 * DAY)
    const late = await askCode(server, party, { email: EMAIL })
    expect(await codeOpens(late.agent, late.page, code)).toBe(false)
    // Commands go by the real clock.
    await server.documents
      .collection<Reviewer>(reviewersCollection)
      .updateOne({ email: EMAIL }, { $set: { expiresAt: Date.now() } })
    expect((await foyer('show')).stdout).toBe('There is no reviewer.\n')

    expect((await foyer('remove')).stdout).toBe('Removed.\n')
    expect((await foyer('remove', '--json')).stdout).toBe('{"removed":false}\n')
    expect(await audited()).toContain('reviewer.removed')
    server.clock.forward(3 * DAY)
    const before = await server.mails(EMAIL)
    const { agent, page } = await askCode(server, party, { email: EMAIL })
    expect(await server.mails(EMAIL)).toHaveLength(before.length + 1)
    expect(await codeOpens(agent, page, code)).toBe(false)
  })

  it.each([
    ['no address', ['set', 'nobody', '--expires', dayIn(1)], 'email: is not one plain address\n'],
    ['two addresses', ['set', 'a@x.org,b@y.org', '--expires', dayIn(1)], /^email: /],
    [
      'a day that is over',
      ['set', EMAIL, '--expires', '2020-01-01'],
      /^expires: must lie in the f/,
    ],
    ['a day too far away', ['set', EMAIL, '--expires', dayIn(400)], /^expires: .* a year away/],
    ['no day', ['set', EMAIL, '--expires', '2027-02-31'], /^expires: must be a day such as/],
  ])('refuses %s', async (_name, args, message) => {
    const { code, stderr } = await foyer(...args)
    expect(code).toBe(1)
    expect(stderr).toMatch(message)
  })

  it('has a code for a year at the most', async () => {
    const { documents, clock } = server
    const keyring = createKeyring(['a secret of the tests, long enough'])
    const store = createReviewerStore(documents)
    const reviewers = createReviewers({ store, keyring, random: systemRandom, clock })
    const until = (life: number) => {
      const reviewer = { organisation: 'org_year', email: EMAIL, expiresAt: clock.now() + life }
      return reviewers.set(reviewer, resolveSignInSettings(undefined))
    }
    await until(366 * DAY)
    for (const life of [366 * DAY + 1, 0])
      await expect(until(life)).rejects.toMatchObject({ code: 'invalid_fields' })
  })

  it('opens an app that signs people in on its own page, with the same code', async () => {
    const code = await newCode()
    const redirectUris = ['com.example.app:/callback']
    const app = await server.register({ kind: 'native', firstParty: true, redirectUris })
    const page = createOwnPage(server, app)
    const session = await page.begun(EMAIL)
    expect((await page.prove(session, wrongCode(code))).body.attempts_left).toBe(4)
    const { body } = await page.prove(session, code)
    expect((await page.redeem(String(body.authorization_code))).status).toBe(200)
    expect((await page.prove(session, code)).body.error).toBe('invalid_session')
  })

  it('opens one door for one challenge, however many knock at once', async () => {
    const code = await newCode()
    const redirectUris = ['com.example.app:/callback']
    const app = await server.register({ kind: 'native', firstParty: true, redirectUris })
    const page = createOwnPage(server, app)
    const opened = async (knocks: number): Promise<number> => {
      const session = await page.begun(EMAIL)
      const knock = () => page.prove(session, code)
      const answers = await Promise.all(Array.from({ length: knocks }, knock))
      return answers.filter(({ body }) => body.authorization_code !== undefined).length
    }
    expect(await opened(4)).toBe(1)
    // Each is one of the challenge's five tries, and the last one may end it before anybody is let in.
    expect(await opened(8)).toBeLessThanOrEqual(1)
  })
})
