// Account and customer: who signed in, and the business's record of them, joined by the first proven sign-in.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createCustomers } from '../../../src/services/commerce/customers.ts'
import { newId } from '../../../src/shared/ids.ts'
import type { Account } from '../../../src/stores/accounts.ts'
import {
  type Customer,
  createCustomerStore,
  customersCollection,
} from '../../../src/stores/customers.ts'
import { callerOf, signedIn, tokensOf } from '../../support/client-api.ts'
import type { TestServer } from '../../support/server.ts'
import { describeOnAllStores } from '../../support/stores.ts'

describeOnAllStores('the first sign-in with an address', (start) => {
  let server: TestServer
  beforeAll(async () => {
    server = await start()
  })
  afterAll(() => server.stop())

  const customers = () => server.documents.collection<Customer>(customersCollection)
  const recordsOf = (email: string) => customers().find({ email }, { limit: 10 })

  it('links the customer record that has it, and makes no other', async () => {
    const email = 'ana.dubois@example.com'
    const [record] = await recordsOf(email)
    const tokens = await tokensOf(server, { email })
    const { data } = await callerOf(server, tokens.access_token)('GET', '/profile')
    expect(data.id).toBe(record?._id)
    expect(tokens.sub).toMatch(/^acc_/) // two things, two ids
    expect(await recordsOf(email)).toHaveLength(1)
  })

  it('links it however the address is written', async () => {
    const [record] = await recordsOf('ben.kaya@example.com')
    const call = await signedIn(server, 'Ben.Kaya@EXAMPLE.com')
    expect((await call('GET', '/profile')).data.id).toBe(record?._id)
  })

  it('makes a record where there is none: one, with the address, and empty lists', async () => {
    const email = 'new.here@example.org'
    const call = await signedIn(server, email)
    const { data } = await call('GET', '/profile')
    expect(data).toMatchObject({ email, given_name: null, address: null })
    for (const list of ['/orders', '/bookings', '/enquiries'])
      expect((await call('GET', list)).data).toEqual({ items: [], next_cursor: null })
    const again = await signedIn(server, email)
    expect((await again('GET', '/profile')).data.id).toBe(data.id)
    expect(await recordsOf(email)).toHaveLength(1)
  })

  it('D11: makes one record, however many sign in at once', async () => {
    const now = server.clock.now()
    const email = 'all.at.once@example.org'
    const account: Account = {
      _id: newId('acc', server.clock),
      organisation: server.organisation._id,
      email,
      displayEmail: email,
      locale: 'en',
      createdAt: now,
      lastSignInAt: now,
    }
    const store = createCustomerStore(server.documents)
    const { findForAccount } = createCustomers({ store, clock: server.clock })
    const ids = await Promise.all(
      Array.from({ length: 20 }, () => findForAccount(server.organisation, account)),
    )
    const [record, ...others] = await recordsOf(email)
    expect(others).toEqual([])
    expect(new Set(ids)).toEqual(new Set([record?._id]))
  })

  describe('in an organisation that makes no customers', () => {
    beforeAll(() => server.change({ makesCustomers: false }))
    afterAll(() => server.change({ makesCustomers: true }))

    it('signs in all the same, and the API says that nobody is linked', async () => {
      const email = 'stranger@example.org'
      const call = await signedIn(server, email)
      for (const path of ['/profile', '/orders', '/bookings', '/enquiries']) {
        const { status, text } = await call('GET', path)
        const error = 'No customer profile is linked to this account'
        expect([status, JSON.parse(text)]).toEqual([
          400,
          { success: false, error, code: 'no_customer' },
        ])
      }
      expect((await call('PATCH', '/profile', { json: {} })).status).toBe(400)
      expect(await recordsOf(email)).toEqual([])
    })

    it('links the record as soon as the business has one, at the next sign-in', async () => {
      const email = 'stranger@example.org'
      const now = server.clock.now()
      await createCustomerStore(server.documents).insert({
        _id: newId('cus', server.clock),
        organisation: server.organisation._id,
        email,
        displayEmail: email,
        version: 1,
        createdAt: now,
        updatedAt: now,
      })
      const call = await signedIn(server, email)
      expect((await call('GET', '/profile')).data).toMatchObject({ email })
    })

    it('links a record that was there before', async () => {
      const call = await signedIn(server, 'dev.evans@example.com')
      expect((await call('GET', '/profile')).data).toMatchObject({ given_name: 'Dev' })
    })
  })
})
