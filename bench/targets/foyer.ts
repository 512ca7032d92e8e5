// This server as a target. Every code is the same, so that nobody has to read mails while time is taken.

import { compose } from '../../src/compose.ts'
import { readConfig } from '../../src/config.ts'
import { apiKeyScopes } from '../../src/services/operators/api-key-scopes.ts'
import { DAY } from '../../src/shared/clock.ts'
import { systemRandom } from '../../src/shared/secrets.ts'
import { PLATFORM } from '../../src/stores/operator-roles.ts'
import { serve } from '../target.ts'

const CODE = 123_456

const config = readConfig(process.env)
// What is chosen among few, a free place for instance, is left to chance as ever.
const below = (bound: number): number => (bound > CODE ? CODE : systemRandom.below(bound))
const server = await compose(config, { random: { ...systemRandom, below } })
const organisation = server.organisation._id
// A few customers sign in again and again, all from one machine.
await server.organisations.change(organisation, {
  signIn: {
    sendsPer10Minutes: 100,
    sendsPerHour: 1000,
    sendsPerDay: 10_000,
    sendsPerSource: 100_000,
    sendsPerOrganisation: 1_000_000,
    // Codes that are being looked at count as wrong ones until they are found right.
    tarpitAfter: 100,
  },
})
const browser = await server.clients.create({
  organisation,
  kind: 'browser',
  name: 'Bench',
  redirectUris: ['http://127.0.0.1:9/callback'],
  firstParty: true,
})
const machine = await server.clients.create({
  organisation,
  kind: 'machine',
  name: 'Bench machine',
  redirectUris: [],
})
const operator = await server.apiKeys.create(
  PLATFORM,
  { name: 'Bench', role: 'owner', scopes: apiKeyScopes, life: DAY },
  { actor: 'bench', role: 'platform-owner' },
)
await serve(server.app.callback(), {
  kind: 'foyer',
  baseUrl: config.baseUrl,
  publicClient: browser.client._id,
  machine: { id: machine.client._id, secret: String(machine.secret) },
  code: String(CODE),
  administration: { slug: server.organisation.slug, key: operator.key },
})
