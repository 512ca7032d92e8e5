// Agreements: where nothing is asked they cost no trip to a store, and what waits for one is kept apart.

import { describe, expect, it } from '@jest/globals'
import { createEmbeddedEphemeral } from '../../adapters/embedded/ephemeral.ts'
import { createAgreements } from '../../src/services/identity/sign-in/agreements.ts'
import { createKeyring } from '../../src/shared/secrets.ts'
import type { Ephemeral } from '../../src/stores/ephemeral.ts'
import type { Organisation } from '../../src/stores/organisations.ts'
import type { PolicyAcceptanceStore } from '../../src/stores/policy-acceptances.ts'

/** Whatever is asked of it throws. */
const untouchable = new Proxy(
  {},
  {
    get(_target, name) {
      throw new Error(`asked for ${String(name)}`)
    },
  },
)

const parts = {
  store: untouchable as PolicyAcceptanceStore, // never asked, as is what follows
  ephemeral: untouchable as Ephemeral,
  findVersion: () => Promise.reject(new Error('asked for a version')),
  console: 'console',
  keyring: createKeyring(['a secret of the tests, long enough']),
  clock: Date,
}
const agreements = createAgreements(parts)

const organisation = (chosen: Partial<Organisation>): Organisation => ({
  _id: 'org_1',
  slug: 'shop',
  name: 'Shop',
  isDefault: true,
  locale: 'en',
  timeZone: 'Europe/London',
  currency: 'GBP',
  makesCustomers: true,
  createdAt: 0,
  updatedAt: 0,
  ...chosen,
})
const published = { terms: { number: 2, binding: 1 } }
const person = { account: 'acc_1', client: { id: 'cli_1' } }

describe('agreements ask no store', () => {
  it.each([
    ['where nothing is published or asked', {}],
    ['where something is published and nothing asked', { policies: published }],
    ['where something is asked that is not published', { asksAcceptance: ['terms'] as const }],
    [
      'where one thing is asked and another published',
      { asksAcceptance: ['privacy'] as const, policies: published },
    ],
  ])('%s', async (_name, chosen) => {
    const owner = organisation(chosen)
    expect(await agreements.due({ organisation: owner, ...person })).toEqual([])
    expect(await agreements.held(owner, 'uid')).toBeUndefined()
  })

  it('for the console', async () => {
    const owner = organisation({ asksAcceptance: ['terms'], policies: published })
    const operator = { organisation: owner, account: 'acc_1', client: { id: 'console' } }
    expect(await agreements.due(operator)).toEqual([])
    await expect(agreements.due({ ...operator, ...person })).rejects.toThrow('asked for list')
  })
})

it('keep what was proven in one sign-in apart from every other', async () => {
  const ephemeral = createEmbeddedEphemeral({ file: ':memory:', clock: Date })
  const kept = createAgreements({ ...parts, ephemeral })
  const asking = { asksAcceptance: ['terms'] as const, policies: published }
  const [shop, other] = [organisation(asking), organisation({ ...asking, _id: 'org_2' })]
  const proven = (accountId: string) => ({ accountId, at: 1, remember: true })
  await kept.hold(shop, 'one', proven('acc_1'))
  await kept.hold(shop, 'two', proven('acc_2'))
  await kept.hold(other, 'one', proven('acc_3'))
  expect(await kept.held(shop, 'one')).toEqual(proven('acc_1'))
  expect(await kept.held(shop, 'two')).toEqual(proven('acc_2'))
  expect(await kept.held(other, 'one')).toEqual(proven('acc_3'))
  expect(await kept.held(other, 'two')).toBeUndefined()
  await ephemeral.close()
})
