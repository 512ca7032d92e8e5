// What the stores of customers, accounts and their links promise, for whichever document store is passed in.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { customerJob } from '../../src/services/commerce/customer-keys.ts'
import { type Account, accountsCollection, createAccountStore } from '../../src/stores/accounts.ts'
import {
  type Customer,
  createCustomerStore,
  customersCollection,
} from '../../src/stores/customers.ts'
import type { Documents } from '../../src/stores/documents.ts'
import { createLinkStore } from '../../src/stores/links.ts'
import { createSessionStore, sessionsCollection } from '../../src/stores/sessions.ts'

let made = 0
const organisation = 'org_people'

export function peopleContract(name: string, open: () => Promise<Documents>): void {
  describe(`people, on ${name}`, () => {
    let documents: Documents
    beforeAll(async () => {
      documents = await open()
      await documents.prepare([accountsCollection, customersCollection, sessionsCollection])
    })
    afterAll(() => documents.close())
    const accounts = () => createAccountStore(documents)
    const customers = () => createCustomerStore(documents)
    const links = () => createLinkStore(documents)

    async function account(fields: Partial<Account> = {}): Promise<Account> {
      made += 1
      const _id = `acc_${made}`
      const email = `person${made}@example.com`
      const times = { createdAt: 1, lastSignInAt: 1 }
      const added = { _id, organisation, email, displayEmail: email, ...times, ...fields }
      await accounts().insert(added)
      return added
    }
    async function customer(fields: Partial<Customer> = {}): Promise<Customer> {
      made += 1
      const _id = `cus_${made}`
      const email = `person${made}@example.com`
      const times = { createdAt: 1, updatedAt: 1, version: 1 }
      const added = { _id, organisation, email, displayEmail: email, ...times, ...fields }
      await customers().insert(added)
      return added
    }
    const customerOf = async ({ _id }: Account) =>
      (await accounts().findById(organisation, _id))?.customer

    describe('link', () => {
      it('joins the two and counts the customer’s version up', async () => {
        const [a, c] = [await account(), await customer()]
        const change = { organisation, account: a._id, customer: c._id, version: 1 }
        expect(await links().link(change)).toBe(true)
        expect(await customerOf(a)).toBe(c._id)
        expect(await customers().findById(organisation, c._id)).toMatchObject({ version: 2 })
        expect(await accounts().findByCustomer(organisation, c._id)).toMatchObject({ _id: a._id })
      })

      it('does nothing for another version, for what is not there, and across organisations', async () => {
        const [a, c] = [await account(), await customer()]
        const change = { organisation, account: a._id, customer: c._id }
        expect(await links().link({ ...change, version: 7 })).toBe(false)
        expect(await links().link({ ...change, account: 'acc_none' })).toBe(false)
        expect(await links().link({ ...change, customer: 'cus_none' })).toBe(false)
        expect(await links().link({ ...change, organisation: 'org_other' })).toBe(false)
        expect(await customerOf(a)).toBeUndefined()
        expect(await customers().findById(organisation, c._id)).toMatchObject({ version: 1 })
      })

      it('D11: lets one of many accounts have the customer, and one of many customers the account', async () => {
        const c = await customer()
        const many = await Promise.all(Array.from({ length: 8 }, () => account()))
        const won = await Promise.all(
          many.map((a) => links().link({ organisation, account: a._id, customer: c._id })),
        )
        expect(won.filter(Boolean)).toHaveLength(1)
        const linked = await Promise.all(many.map(customerOf))
        expect(linked.filter((each) => each === c._id)).toHaveLength(1)

        const a = await account()
        const others = await Promise.all(Array.from({ length: 8 }, () => customer()))
        const taken = await Promise.all(
          others.map((each) => links().link({ organisation, account: a._id, customer: each._id })),
        )
        expect(taken.filter(Boolean)).toHaveLength(1)
      })
    })

    describe('unlink', () => {
      it('takes the two apart once, and no sign-in links them again until an operator does', async () => {
        const [a, c] = [await account(), await customer()]
        const change = { organisation, account: a._id, customer: c._id }
        await links().link(change)
        const ended = await Promise.all([1, 2, 3].map((at) => links().unlink({ ...change, at })))
        expect(ended.filter(Boolean)).toHaveLength(1)
        expect(await accounts().linkCustomer(organisation, a._id, c._id)).not.toHaveProperty(
          'customer',
        )
        expect(await links().link(change)).toBe(true)
        expect(await accounts().findById(organisation, a._id)).not.toHaveProperty('unlinkedAt')
      })
    })

    it('leaves an account at its first sign-in unlinked when its customer is another’s', async () => {
      const [first, second, c] = [await account(), await account(), await customer()]
      await links().link({ organisation, account: first._id, customer: c._id })
      const same = await accounts().linkCustomer(organisation, second._id, c._id)
      expect(same).toMatchObject({ _id: second._id })
      expect(same).not.toHaveProperty('customer')
    })

    it('lists customers by what their key begins with, page by page, without those that lack it', async () => {
      const place = { organisation: 'org_list' }
      for (const name of ['anna b', 'ann z', 'bea a', 'ann z'])
        await customer({ ...place, searchName: name, phone: '+4420' })
      await customer(place)
      await customer({ organisation: 'org_elsewhere', searchName: 'ann q' })
      const page = { key: 'searchName', prefix: 'ann', limit: 2 } as const
      const first = await customers().list(place.organisation, page)
      expect(first.map(({ searchName }) => searchName)).toEqual(['ann z', 'ann z'])
      const last = first[1] as Customer // there are two
      const after = [last.searchName ?? '', last._id] as const
      const rest = await customers().list(place.organisation, { ...page, after })
      expect(rest.map(({ searchName }) => searchName)).toEqual(['anna b'])
      const phones = { key: 'phone', prefix: '+44', limit: 9 } as const
      expect(await customers().list(place.organisation, phones)).toHaveLength(4)
    })

    it('makes customers of older programs searchable, and leaves those alone that are', async () => {
      const place = { organisation: 'org_old' }
      const old = await customer({ ...place, givenName: 'Zoë', familyName: 'Quill' })
      const known = await customer({ ...place, searchName: 'as it is', searchFamily: 'it is' })
      const job = customerJob(customers())
      while ((await job.run()).again === 0);
      const read = (id: string) => customers().findById(place.organisation, id)
      const keys = { searchName: 'zoe quill', searchFamily: 'quill zoe' }
      expect(await read(old._id)).toEqual({ ...old, ...keys })
      expect(await read(known._id)).toEqual(known)
      expect(await customers().unsearchable(9)).toEqual([])
    })

    it('finds some accounts by their ids, of one organisation', async () => {
      const [one, two, other] = [
        await account(),
        await account(),
        await account({ organisation: 'x' }),
      ]
      const ids = [one, two, other].map(({ _id }) => _id)
      const found = await accounts().findSome(organisation, ids)
      expect(found.map(({ _id }) => _id).sort()).toEqual([one._id, two._id].sort())
    })

    it('takes regular expressions and wildcards for the characters that they are (D03)', async () => {
      for (const prefix of ['.*', '(a+)+$', '%', '_', '\\', '*'])
        for (const key of ['searchName', 'email', 'phone'] as const)
          expect(await customers().list('org_list', { key, prefix, limit: 9 })).toEqual([])
    })

    it('lists sessions of everybody, the newest first, without those that are over or nobody’s', async () => {
      const place = { organisation: 'org_sessions' }
      const sessions = documents.collection<{ _id: string }>(sessionsCollection)
      for (const [at, fields] of [
        { account: 'acc_1' },
        { account: 'acc_2' },
        { account: 'acc_1' },
        {},
        { account: 'acc_3', expiresAt: 5 },
        { account: 'acc_4', organisation: 'org_elsewhere' },
      ].entries()) {
        const id = `uid_${at}`
        const row = { _id: id, ...place, cookie: id, expiresAt: 1e15, firstSeenAt: at, ...fields }
        await sessions.insert(row)
      }
      const request = { ...place, now: 10, limit: 2 }
      const first = await createSessionStore(documents).listAll(request)
      expect(first.map(({ _id }) => _id)).toEqual(['uid_2', 'uid_1'])
      const after = { at: 1, id: 'uid_1' }
      const rest = await createSessionStore(documents).listAll({ ...request, after })
      expect(rest.map(({ _id }) => _id)).toEqual(['uid_0'])
    })
  })
}
