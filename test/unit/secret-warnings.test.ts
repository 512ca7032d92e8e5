// One mail to one operator: sent as long as there is something to do, and tried again when the mail server is away.

import { afterAll, describe, expect, it } from '@jest/globals'
import { createEmbeddedDocuments } from '../../adapters/embedded/documents.ts'
import type { Message } from '../../src/emails/message.ts'
import { createClients } from '../../src/services/identity/clients/clients.ts'
import { createSecretWarnings } from '../../src/services/identity/clients/secret-warnings.ts'
import { DAY } from '../../src/shared/clock.ts'
import { createKeyring, systemRandom } from '../../src/shared/secrets.ts'
import { createClientStore, secretIdOf } from '../../src/stores/clients.ts'
import type { Organisation } from '../../src/stores/organisations.ts'

const clock = { at: 1_800_000_000_000, now: () => clock.at }
const documents = createEmbeddedDocuments({ file: ':memory:', clock })
afterAll(() => documents.close())
const store = createClientStore(documents)
const clients = createClients({
  store,
  keyring: createKeyring(['a-secret-of-the-tests-that-is-long-enough']),
  clock,
  random: systemRandom,
  outgoing: { privateHosts: [], allowLoopback: false, allowPlainHttp: false },
})
// Only asked for its id.
const organisation = { _id: 'org_one' } as Organisation

async function warned() {
  const { client } = await clients.create({
    organisation: organisation._id,
    kind: 'machine',
    name: 'Tills',
    redirectUris: [],
  })
  const sent: string[] = []
  const jobs = new Map<string, { [key: string]: unknown }>()
  let isAway = false
  const { tend, warning } = createSecretWarnings({
    store,
    operatorsOf: async () => ['ana@example.com', 'ben@example.com'],
    findOrganisation: async (id) => (id === organisation._id ? organisation : undefined),
    writeMail: ({ to }) => ({ to }) as Message,
    async send({ to }) {
      if (isAway) throw new Error('no mail server')
      sent.push(to)
    },
    async ensureJob(name, _kind, job) {
      if (!jobs.has(name)) jobs.set(name, job?.payload ?? {})
    },
    clock,
  })
  clock.at += 150 * DAY
  expect(await tend.run({}, 1)).toEqual({ again: 60 * 60 * 1000 })
  const [first = {}] = [...jobs.values()]
  const run = () => warning.run(first as Parameters<typeof warning.run>[0], 1)
  const leave = () => {
    isAway = true
  }
  return { client, jobs, sent, run, leave, warning, payload: first }
}

describe('a warning', () => {
  it('is a job for each operator, named without their address, and waits in no log', async () => {
    const { jobs, run, sent, warning, payload } = await warned()
    expect(jobs.size).toBe(2)
    expect([...jobs.keys()].join()).not.toContain('@')
    expect(JSON.stringify(warning.about?.(payload as never))).not.toContain('@')
    await run()
    expect(sent).toEqual(['ana@example.com'])
  })

  it('is tried again when the mail server is away, for a day', async () => {
    const { run, leave, warning } = await warned()
    leave()
    await expect(run()).rejects.toThrow('no mail server')
    const waits = warning.waits ?? []
    expect(waits.reduce((sum, wait) => sum + wait, 0)).toBeGreaterThan(DAY / 2)
  })

  it('is not sent any more when its secret was revoked, or has ended, or its client is gone', async () => {
    const revoked = await warned()
    const [secret] = revoked.client.secrets
    const found = await store.find(organisation._id, revoked.client._id)
    if (!secret || !found) throw new Error('nothing was registered')
    const revocation = { secret: secretIdOf(secret), warnAt: undefined, at: clock.at }
    expect(await store.revokeSecret(found, revocation)).toBeDefined()
    await revoked.run()
    const removed = await warned()
    const current = await store.find(organisation._id, removed.client._id)
    expect(current && (await store.remove(current, clock.at))).toBe(true)
    await removed.run()
    const ended = await warned()
    clock.at += 30 * DAY
    await ended.run()
    expect([revoked.sent, removed.sent, ended.sent]).toEqual([[], [], []])
  })
})
