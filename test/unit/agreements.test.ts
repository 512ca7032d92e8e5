// Agreements where nothing is asked: signing in costs no trip to a store because of them.

import { describe, expect, it } from '@jest/globals'
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

const agreements = createAgreements({
  store: untouchable as PolicyAcceptanceStore, // never asked, as is what follows
  ephemeral: untouchable as Ephemeral,
  findVersion: () => Promise.reject(new Error('asked for a version')),
  console: 'console',
  keyring: createKeyring(['a secret of the tests, long enough']),
  clock: Date,
})

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
