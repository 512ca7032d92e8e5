// What an examination says of signing keys, and that none can be had where none can be kept.

import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { composeKeys } from '../../src/compose/keys.ts'
import { checkKeys } from '../../src/services/identity/keys/key-check.ts'
import { createSigningKeys } from '../../src/services/identity/keys/signing-keys.ts'
import { DAY, HOUR } from '../../src/shared/clock.ts'
import { instantOf } from '../../src/shared/instants.ts'
import { createKeyring } from '../../src/shared/secrets.ts'
import { StoreUnavailable } from '../../src/stores/errors.ts'
import { createOrganisationStore } from '../../src/stores/organisations.ts'
import { createSigningKeyStore } from '../../src/stores/signing-keys.ts'
import { type House, houseWithoutServer } from '../support/organisations.ts'

const keyring = createKeyring(['a secret of the tests, long enough'])

let house: House
beforeAll(async () => {
  house = await houseWithoutServer()
})
afterAll(() => house.documents.close())

function findings(now: number, secrets = keyring) {
  const { documents } = house
  return checkKeys({
    organisations: createOrganisationStore(documents),
    store: createSigningKeyStore(documents),
    keyring: secrets,
    clock: { now: () => now },
  })
}

async function said(now: number): Promise<string[]> {
  return (await findings(now)).map(({ message }) => message)
}

it('keys are looked at from before the first start on, and the next rotation is named', async () => {
  const start = house.clock.now()
  expect(await said(start)).toEqual(['there is no organisation yet: the first start makes it'])
  const { organisation } = await house.organisations.ensureDefault('Casa Aurora')
  const fine = 'all of them open under SECRET'
  expect(await said(start)).toEqual(['looked at 0 keys of 1 organisation', fine])

  const at = { ...house, keyring, clock: { now: () => start } }
  const { signingKeys, rotation } = composeKeys(at)
  await signingKeys.forOrganisation(organisation._id)
  const first = instantOf(start + 90 * DAY)
  expect(await said(start)).toEqual([
    `looked at 2 keys of 1 organisation; the next rotation is on ${first}`,
    fine,
  ])
  const dueAt = start + 89 * DAY
  expect(await said(dueAt + HOUR)).toHaveLength(2)
  const late = expect.stringMatching(
    /^key \S+ of casa-aurora \(\w+, current\) was to be looked after/,
  )
  expect(await said(dueAt + HOUR + 1)).toEqual([expect.any(String), late, late])

  await rotation.rotate(organisation._id, { actor: 'test' })
  const second = instantOf(start + 91 * DAY)
  expect(await said(start)).toEqual([
    `looked at 4 keys of 1 organisation; the next rotation is on ${second}`,
    fine,
  ])
  // Under another SECRET: what is needed is a problem, what signed before is not.
  const closed = await findings(
    start + DAY,
    createKeyring(['another secret of the tests, as long']),
  )
  expect(closed.map(({ severity }) => severity).sort()).toEqual([
    ...['ok', 'problem', 'problem', 'warning', 'warning'],
  ])
  expect(await rotation.rotate('org_none', { actor: 'test' })).toEqual([])
})

it('200 organisations are looked at, and it is said where there are more', async () => {
  const { organisation } = await house.organisations.ensureDefault('Casa Aurora')
  const organisations = createOrganisationStore(house.documents)
  const insert = (n: number) =>
    organisations.insert({ ...organisation, _id: `org_${n}`, slug: `s${n}`, isDefault: false })
  for (let n = 0; n < 199; n += 1) await insert(n)
  expect((await said(house.clock.now()))[0]).toMatch(/^looked at \d keys of 200 organisations/)
  await insert(199)
  expect((await said(house.clock.now()))[0]).toMatch(
    /^looked at \d keys of 200, not all, organisations/,
  )
})

it('keys that cannot be kept are not used', async () => {
  const { documents, clock, log } = house
  const store = {
    ...createSigningKeyStore(documents),
    insert: () => Promise.reject(new StoreUnavailable('documents')),
  }
  const keys = createSigningKeys({ store, keyring, clock, log, rotationOf: async () => 90 * DAY })
  await expect(keys.forOrganisation('org_new')).rejects.toThrow(StoreUnavailable)
})
