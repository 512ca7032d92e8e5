// Policies that are to be accepted on an application's own page: named after the right code, accepted once, and only then is there a code for tokens.

import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals'
import { accountsCollection } from '../../src/stores/accounts.ts'
import {
  type PolicyAcceptance,
  policyAcceptancesCollection,
} from '../../src/stores/policy-acceptances.ts'
import { createOwnPage, type OwnPage } from '../support/challenge.ts'
import type { Answer } from '../support/endpoints.ts'
import type { OtherOrganisation, TestServer } from '../support/server.ts'
import { freshAddress, roomyLimits } from '../support/sign-in-pages.ts'
import { describeOnAllStores } from '../support/stores.ts'

const ORIGIN = 'https://shop.example'
const BY = { actor: 'test' }

describeOnAllStores('policies on an own page', (start) => {
  let server: TestServer
  let shop: OtherOrganisation
  let page: OwnPage
  let count = 0
  beforeAll(async () => {
    server = await start()
  })
  afterAll(() => server.stop())

  beforeEach(async () => {
    count += 1
    shop = await server.addOrganisation(`own-page-${count}`)
    await server.organisations.change(shop.organisation._id, { signIn: roomyLimits })
    const client = await shop.register({
      kind: 'browser',
      firstParty: true,
      redirectUris: [`${ORIGIN}/callback`],
    })
    page = createOwnPage(shop, client, { origin: ORIGIN })
    await publish('terms')
    await publish('privacy')
    await server.policies.ask(shop.organisation._id, ['terms', 'privacy'], BY)
  })

  const publish = (kind: 'terms' | 'privacy') =>
    server.policies.publish(
      { organisation: shop.organisation._id, kind },
      { texts: { en: 'Read me', de: 'Lies mich' }, needsAcceptance: true },
      BY,
    )
  const ledger = (): Promise<PolicyAcceptance[]> =>
    server.documents
      .collection<PolicyAcceptance>(policyAcceptancesCollection)
      .find({ organisation: shop.organisation._id }, { limit: 50 })
  const accept = (session: string, accepted: string): Promise<Answer> =>
    page.ask({ auth_session: session, accept: accepted })
  const policy = (kind: string, number: number, changed = false) => ({
    kind,
    number,
    changed,
    uri: `${shop.baseUrl}/policies/${kind}/${number}`,
  })
  const over = { status: 400, error: 'invalid_session' }
  const errorOf = ({ status, body }: Answer) => ({ status, error: body.error })

  /** A sign-in whose code was right. */
  async function proven(email = freshAddress(), more = {}) {
    const session = await page.begun(email, more)
    const answer = await page.prove(session, await shop.codeFor(email))
    return { session, email, answer }
  }

  it('are named after the right code, and accepted by the third request', async () => {
    const { session, email, answer } = await proven(freshAddress(), { ui_locales: 'de' })
    expect({ status: answer.status, ...answer.body }).toEqual({
      status: 403,
      error: 'insufficient_authorization',
      error_description: expect.any(String),
      auth_session: session,
      policies: [policy('terms', 1), policy('privacy', 1)],
    })
    expect((await fetch(policy('terms', 1).uri)).status).toBe(200)
    expect(await ledger()).toEqual([])
    const accepted = await accept(session, 'terms.1 privacy.1')
    expect(accepted.status).toBe(200)
    const tokens = await page.redeem(String(accepted.body.authorization_code))
    expect(tokens.status).toBe(200)
    const rows = await ledger()
    expect(rows.map(({ kind, locale }) => `${kind} ${locale}`).sort()).toEqual([
      'privacy de',
      'terms de',
    ])
    expect((await page.signIn(email)).access_token).toBeTruthy()
    expect(await ledger()).toHaveLength(2)
  })

  it('are accepted once, however often that is sent at once', async () => {
    const { session } = await proven()
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => accept(session, 'privacy.1 terms.1')),
    )
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    for (const answer of answers) if (answer.status !== 200) expect(errorOf(answer)).toEqual(over)
    expect(await ledger()).toHaveLength(2)
    expect(errorOf(await accept(session, 'privacy.1 terms.1'))).toEqual(over)
  })

  it.each(['terms.1', 'terms.2 privacy.1', 'terms.1 terms.1'])(
    'are named again after %j, which is not all of them',
    async (accepted) => {
      const { session } = await proven()
      const { status, body } = await accept(session, accepted)
      expect({ status, policies: body.policies }).toEqual({
        status: 403,
        policies: [policy('terms', 1), policy('privacy', 1)],
      })
      expect(await ledger()).toEqual([])
      expect((await accept(session, 'terms.1 privacy.1')).status).toBe(200)
    },
  )

  it('are named again when another version was published meanwhile', async () => {
    const { session, email } = await proven()
    await accept(session, 'terms.1 privacy.1')
    await publish('terms')
    const second = await proven(email)
    expect(second.answer.body.policies).toEqual([policy('terms', 2, true)])
    await publish('terms')
    const { body } = await accept(second.session, 'terms.2')
    expect(body.policies).toEqual([policy('terms', 3, true)])
    expect((await accept(second.session, 'terms.3')).status).toBe(200)
  })

  it.each(['terms', 'terms.0', 'refund.1', 'terms.1,privacy.1', 'toString.1', 'terms.99999999999'])(
    'are not accepted by %j',
    async (accepted) => {
      const { session } = await proven()
      expect(errorOf(await accept(session, accepted)).error).toBe('invalid_request')
    },
  )

  it('are accepted by nobody whose code was not right', async () => {
    const session = await page.begun(freshAddress())
    expect(errorOf(await accept(session, 'terms.1 privacy.1'))).toEqual(over)
    await page.prove(session, '000000')
    expect(errorOf(await accept(session, 'terms.1 privacy.1'))).toEqual(over)
    expect(await ledger()).toEqual([])
  })

  it('M03: are accepted by no other client, and at no other organisation', async () => {
    const { session } = await proven()
    const registration = {
      kind: 'browser',
      firstParty: true,
      redirectUris: [`${ORIGIN}/x`],
    } as const
    const other = createOwnPage(shop, await shop.register(registration), { origin: ORIGIN })
    const { client_id } = await shop.register(registration)
    const fields = { auth_session: session, accept: 'terms.1 privacy.1' }
    expect(errorOf(await other.ask({ ...fields, client_id }))).toEqual(over)
    const elsewhere = createOwnPage(server, await server.register(registration), { origin: ORIGIN })
    expect(errorOf(await elsewhere.ask(fields))).toEqual(over)
    expect((await page.ask(fields)).status).toBe(200)
  })

  it('lead nowhere once the account was disabled while its owner read', async () => {
    const { session, email } = await proven()
    const accounts = server.documents.collection(accountsCollection)
    await accounts.updateOne(
      { organisation: shop.organisation._id, email },
      { $set: { disabledAt: 1 } },
    )
    server.clock.forward(3000)
    expect(errorOf(await accept(session, 'terms.1 privacy.1'))).toEqual(over)
  })
})
