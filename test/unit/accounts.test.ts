// What a process knows of accounts: for two seconds what it read, nothing of another organisation's, and no outage as an answer.

import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { createAccounts } from '../../src/services/identity/accounts/accounts.ts'
import { SECOND } from '../../src/shared/clock.ts'
import { parseEmailAddress } from '../../src/shared/email-address.ts'
import { createAccountStore } from '../../src/stores/accounts.ts'
import { StoreUnavailable } from '../../src/stores/errors.ts'
import { type House, houseWithoutServer } from '../support/organisations.ts'

let house: House
let now = 1_000_000_000_000
beforeAll(async () => {
  house = await houseWithoutServer()
})
afterAll(() => house.documents.close())

async function accountsOf(change: Partial<ReturnType<typeof createAccountStore>> = {}) {
  const store = { ...createAccountStore(house.documents), ...change }
  const { organisation } = await house.organisations.ensureDefault('Casa Aurora')
  const parts = { store, clock: { now: () => now }, findCustomer: async () => 'cus_ana' }
  const accounts = createAccounts(parts)
  const email = parseEmailAddress('ana@example.org')
  if (!email) throw new Error('no address')
  const signIn = (isCustomer = false) =>
    accounts.signIn({ organisation, email, locale: 'en', isCustomer })
  return { accounts, store, organisation, signIn }
}

it('an account is known for two seconds, or until somebody here changes it', async () => {
  const { accounts, store, organisation, signIn } = await accountsOf()
  const id = String((await signIn())?.account._id)
  const find = () => accounts.findActive(organisation._id, id)
  await store.disable(organisation._id, id, 1)
  expect(await find()).toBeDefined()
  now += 2 * SECOND
  expect(await find()).toBeUndefined()
  await store.enable(organisation._id, id)
  expect(await find()).toBeDefined()
  await store.disable(organisation._id, id, 1)
  accounts.forget(id)
  expect(await find()).toBeUndefined()
  expect(await signIn()).toBeUndefined()
  await store.enable(organisation._id, id)
})

it('M04: an account is known to nobody in another organisation', async () => {
  const { accounts, signIn } = await accountsOf()
  const id = String((await signIn())?.account._id)
  expect(await accounts.findActive('org_elsewhere', id)).toBeUndefined()
})

it('an operator becomes a customer where they go on to as one, once, and this process knows', async () => {
  const { accounts, organisation, signIn } = await accountsOf()
  const id = String((await signIn())?.account._id)
  const customer = async () => (await accounts.findActive(organisation._id, id))?.customer
  expect(await customer()).toBeUndefined()
  await accounts.becomeCustomer(organisation, id)
  expect(await customer()).toBe('cus_ana')
  await accounts.becomeCustomer(organisation, 'acc_none')
})

it('an outage is no disabled account', async () => {
  const { signIn, store, organisation } = await accountsOf({
    insert: () => Promise.reject(new StoreUnavailable('documents')),
  })
  const known = await store.findByEmail(organisation._id, 'ana@example.org')
  if (known) await store.remove(organisation._id, known._id)
  await expect(signIn()).rejects.toThrow(StoreUnavailable)
})
