// `foyer customers`, `accounts` and `sessions` beside a running server: what operators do with people.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type Account, accountsCollection } from '../../src/stores/accounts.ts'
import { type AuditEntry, auditCollection } from '../../src/stores/audit.ts'
import type { CollectionSpec } from '../../src/stores/documents.ts'
import { createEnquiryStore } from '../../src/stores/enquiries.ts'
import { guessBudgetsCollection } from '../../src/stores/guess-budgets.ts'
import { createOrderStore } from '../../src/stores/orders.ts'
import { permissionsCollection } from '../../src/stores/permissions.ts'
import { policyAcceptancesCollection } from '../../src/stores/policy-acceptances.ts'
import { relyingPartySessionsCollection } from '../../src/stores/relying-party-sessions.ts'
import { callerOf, tokensOf } from '../support/client-api.ts'
import { eventually } from '../support/eventually.ts'
import { foyerBeside, foyer as foyerWith, storesOf } from '../support/foyer.ts'
import { isSignedIn, signedInPerson } from '../support/journeys.ts'
import type { Ended } from '../support/program.ts'
import type { TestServer } from '../support/server.ts'
import { freshAddress } from '../support/sign-in-pages.ts'
import { storedCollections } from '../support/stored-bytes.ts'
import { describeOnAllStores } from '../support/stores.ts'

describeOnAllStores('people on the command line', (start) => {
  let server: TestServer
  beforeAll(async () => {
    server = await start()
  })
  afterAll(() => server.stop())

  const foyer = (...args: string[]): Promise<Ended> => foyerBeside(server, args)
  async function json(...args: string[]) {
    const { code, stdout, stderr } = await foyer(...args, '--json')
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    return JSON.parse(stdout)
  }
  /** Types a line to a command that asks. */
  async function typed(line: string, ...args: string[]): Promise<number> {
    const { code } = await foyerWith(args, { env: storesOf(server), typed: `${line}\n` })
    return code
  }
  /** The collections in which a text stands. */
  async function standsIn(text: string): Promise<string[]> {
    const all = [...(await storedCollections(server))]
    return all.filter(([, documents]) => documents.includes(text)).map(([name]) => name)
  }
  const organisation = () => server.organisation._id
  const accountOf = (email: string) =>
    server.documents
      .collection<Account>(accountsCollection)
      .findOne({ organisation: organisation(), email })
  const auditOf = (target: string) =>
    server.documents
      .collection<AuditEntry>(auditCollection)
      .find({ organisation: organisation(), target }, { sort: [['_id', 1]], limit: 50 })

  describe('foyer customers', () => {
    it('makes customers and finds them by name, address, telephone and id', async () => {
      const made = await json(
        ...['customers', 'create', '--email', 'Zoe.Quill@example.org', '--given-name', 'Zoë'],
        ...['--family-name', 'Quill', '--phone', '+4930901820'],
      )
      expect(made).toMatchObject({ email: 'Zoe.Quill@example.org', version: 1, account: null })
      for (const text of ['QUILL', '0049 30 9018'])
        expect(await json('customers', 'list', text)).toMatchObject([{ id: made.id }])
      expect(await json('customers', 'list', '(q+)+$')).toEqual([])
      const again = await foyer('customers', 'create', '--email', 'zoe.quill@EXAMPLE.org')
      expect(again).toMatchObject({ code: 1, stderr: 'email: it has a customer already\n' })
    })

    it('links an account, and unlinks it: the Client API says at once that nobody is linked', async () => {
      const email = freshAddress()
      const { access_token, sub } = await tokensOf(server, { email })
      const call = callerOf(server, access_token)
      const { data } = await call('GET', '/profile')
      const own = String(data.id)
      expect(await json('customers', 'show', own)).toMatchObject({ account: { id: sub } })
      await json('customers', 'unlink', own)
      await eventually(async () => {
        const { status, failure } = await call('GET', '/profile')
        expect([status, failure.code]).toEqual([400, 'no_customer'])
      }, 5000)
      // Nor does the next sign-in link them again.
      const next = callerOf(server, (await tokensOf(server, { email })).access_token)
      expect((await next('GET', '/profile')).failure.code).toBe('no_customer')

      const other = await json('customers', 'create', '--email', freshAddress())
      await json('customers', 'link', other.id, sub)
      await eventually(async () => {
        expect((await call('GET', '/profile')).data.id).toBe(other.id)
      }, 5000)
      expect(await foyer('customers', 'link', own, sub)).toMatchObject({
        code: 1,
        stderr: 'The account is linked to another customer\n',
      })
      const rows = (await auditOf(own)).filter(({ action }) => action.startsWith('customer.'))
      expect(rows).toMatchObject([
        { action: 'customer.unlinked', actor: 'command-line', before: { account: sub } },
      ])
    })
  })

  describe('erasing somebody', () => {
    const countBudgets = () =>
      server.documents.collection(guessBudgetsCollection).count({ organisation: organisation() })

    /** One of everything that an account may have. */
    async function givePossessions(account: string): Promise<void> {
      const place = { organisation: organisation(), account }
      const add = (spec: CollectionSpec, fields: object) =>
        server.documents
          .collection<{ _id: string }>(spec)
          .insert({ _id: `${account}/planted`, ...place, ...fields })
      await add(permissionsCollection, { client: 'x', scopes: [] })
      await add(policyAcceptancesCollection, { kind: 'terms', number: 1, at: 1 })
      await add(relyingPartySessionsCollection, { relyingParty: 'x', expiresAt: 1e13 })
    }

    it('leaves nothing of them in any collection but ids, and keeps the trade', async () => {
      const email = freshAddress()
      const { access_token, sub } = await tokensOf(server, { email })
      const call = callerOf(server, access_token)
      const json = { given_name: 'Wilhelmina', family_name: 'Xanthopoulos', phone: '+4930111222' }
      const { data } = await call('PATCH', '/profile', { json })
      const customer = String(data.id)
      const place = { organisation: organisation(), customer }
      const money = { amount: 100, currency: 'EUR' }
      await createEnquiryStore(server.documents).insert({
        ...{ _id: `enq_${customer}`, ...place, subject: 'Xanthopoulos asks', message: email },
        ...{ status: 'open', createdAt: 1 },
      })
      await createOrderStore(server.documents).insert({
        ...{ _id: `ord_${customer}`, ...place, number: 'A-1', status: 'paid', placedAt: 1 },
        ...{ lines: [], subtotal: money, tax: money, total: money },
      })
      await givePossessions(sub)
      expect(await standsIn(email)).toEqual(expect.arrayContaining(['accounts', 'customers']))
      const before = await countBudgets()

      expect(await foyer('customers', 'erase', customer, '--yes')).toMatchObject({ code: 0 })
      for (const personal of [email, 'Wilhelmina', 'wilhelmina', 'anthopoulos', '4930111222'])
        expect(await standsIn(personal)).toEqual([])
      expect(await countBudgets()).toBe(before - 1)
      // Ids alone: of what was done, and of what must be refused or told for an hour.
      const ids = ['audit', 'denials', 'jobs']
      expect((await standsIn(sub)).filter((name) => !ids.includes(name))).toEqual([])
      expect((await standsIn(customer)).filter((name) => name !== 'audit')).toEqual(['orders'])
      expect((await auditOf(sub)).at(-1)).toMatchObject({ action: 'account.erased' })
      expect((await auditOf(customer)).at(-1)).toMatchObject({ action: 'customer.erased' })

      await eventually(async () => {
        expect((await call('GET', '/profile')).status).toBe(401)
      }, 5000)
      expect(await foyer('customers', 'erase', customer, '--yes')).toMatchObject({
        code: 1,
        stderr: `${customer} is no customer\n`,
      })
      const again = await tokensOf(server, { email })
      expect(again.sub).not.toBe(sub)
      const profile = await callerOf(server, again.access_token)('GET', '/profile')
      expect(profile.data).toMatchObject({ email, given_name: null })
    })

    it('begins with the account, too, and asks for its id once more', async () => {
      const { email, agent } = await signedInPerson(server)
      const id = (await accountOf(email))?._id ?? ''
      expect(await typed('yes', 'accounts', 'erase', email)).toBe(1)
      expect(await accountOf(email)).toBeDefined()
      expect(await typed(id, 'accounts', 'erase', email)).toBe(0)
      expect(await standsIn(email)).toEqual([])
      await eventually(async () => expect(await isSignedIn(server, agent)).toBe(false), 5000)
    })
  })

  describe('foyer accounts', () => {
    it('shows what somebody has open and allowed, and signs them out everywhere', async () => {
      const { email, agent } = await signedInPerson(server)
      const shown = await json('accounts', 'show', email)
      expect(shown).toMatchObject({
        email,
        live_sessions: 1,
        customer_id: expect.stringMatching(/^cus_/),
      })
      expect(shown.permissions).toMatchObject([{ first_party: true, live_grants: 1 }])
      await json('accounts', 'sign-out', shown.id)
      expect(await json('accounts', 'show', email)).toMatchObject({
        live_sessions: 0,
        permissions: [],
      })
      await eventually(async () => expect(await isSignedIn(server, agent)).toBe(false), 5000)
      expect((await auditOf(shown.id)).at(-1)).toMatchObject({ action: 'account.signed-out' })
    })
  })

  describe('foyer sessions', () => {
    it('lists them, and ends one', async () => {
      const { email, agent } = await signedInPerson(server)
      const id = (await accountOf(email))?._id ?? ''
      const [session] = await json('sessions', 'list', '--account', id)
      expect(session).toMatchObject({ account_id: id, email, client_ids: [expect.any(String)] })
      expect(await json('sessions', 'list', '--limit', '1')).toMatchObject([{ id: session.id }])
      expect(await json('sessions', 'end', session.id)).toEqual({ id: session.id, ended: true })
      await eventually(async () => expect(await isSignedIn(server, agent)).toBe(false), 5000)
      const [row] = await auditOf(session.id)
      expect(row).toMatchObject({ action: 'session.ended', actor: 'command-line' })
      for (const none of [session.id, '-hVx-none'])
        expect(await foyer('sessions', 'end', none)).toMatchObject({
          code: 1,
          stderr: `${none} is no session\n`,
        })
    })
  })
})
