// Test sign-ins joined to what they try: any client of any organisation, at its own issuer.

import type { Middleware } from 'koa'
import { classify } from '../app.ts'
import type { Engines } from '../provider/engines.ts'
import { createInProcessFetch } from '../provider/in-process.ts'
import type { RelyingParty } from '../routes/relying-party/routes.ts'
import { createTestSignIn, TEST_CALLBACK } from '../routes/relying-party/test-sign-in.ts'
import type { Clients } from '../services/identity/clients/clients.ts'
import { createTestSignIns, type TestSignIns } from '../services/identity/sign-in/test-sign-ins.ts'
import type { Operators } from '../services/operators/operators.ts'
import type { Issuers } from '../services/organisations/issuers.ts'
import type { Organisations } from '../services/organisations/organisations.ts'
import { sha256 } from '../shared/secrets.ts'
import type { Ground } from './ground.ts'

export function testSignInsOf({ config, keyring, clock }: Ground): TestSignIns {
  return createTestSignIns({ callback: `${config.baseUrl}${TEST_CALLBACK}`, keyring, clock })
}

export function composeTestSignIn(
  ground: Ground,
  parts: {
    party: Pick<RelyingParty, 'sessionOf' | 'signInAddress'>
    operators: Pick<Operators, 'roleIn'>
    organisations: Pick<Organisations, 'findBySlug'>
    clients: Pick<Clients, 'find'>
    issuers: Issuers
    engines: Pick<Engines, 'of'>
  },
): Middleware {
  const { ephemeral, keyring, random, clock, log } = ground
  const { party, operators, organisations, clients, issuers, engines } = parts
  const keyOf = (key: string): string => `test-sign-in:${sha256(key)}`
  const contextOf = (key: string) => ({ context: 'test-sign-in', bearer: key })
  const open = (key: string, sealed: string | undefined) =>
    sealed && keyring.open('seal:test-sign-in', contextOf(key), sealed)
  return createTestSignIn({
    personOf: party.sessionOf,
    roleIn: operators.roleIn,
    findOrganisation: organisations.findBySlug,
    findClient: clients.find,
    issuerOf: issuers.issuerOf,
    fetchOf: (organisation) => async (address, init) => {
      const { handle } = await engines.of(organisation)
      return createInProcessFetch(issuers.issuerOf(organisation), handle)(address, init)
    },
    tests: testSignInsOf(ground),
    // Codes and claims of people: worth something only to who has the key.
    keep: (key, value, life) =>
      ephemeral.set(keyOf(key), keyring.seal('seal:test-sign-in', contextOf(key), value), life),
    read: async (key) => open(key, await ephemeral.get(keyOf(key))),
    take: async (key) => open(key, await ephemeral.take(keyOf(key))),
    signInAddress: party.signInAddress,
    random,
    clock,
    classify,
    log,
  })
}
