// One mail to one operator: sent as long as there is something to do, and tried again when the mail server is away.

import { describe, expect, it } from '@jest/globals'
import type { Message } from '../../src/emails/message.ts'
import {
  createSecretWarnings,
  type SecretWarningMail,
} from '../../src/services/identity/clients/secret-warnings.ts'
import { DAY, HOUR, MINUTE } from '../../src/shared/clock.ts'
import { type ClientSecret, secretIdOf } from '../../src/stores/clients.ts'
import type { Organisation } from '../../src/stores/organisations.ts'
import { createClientGround } from '../support/client-ground.ts'

const { clock, store, clients } = createClientGround()
// Only asked for its id.
const organisation = { _id: 'org_one' } as Organisation

const tills = {
  organisation: organisation._id,
  kind: 'machine',
  name: 'Tills',
  redirectUris: [],
} as const

/** A client on the day of its first warning; `others` are secrets that it has before the one that ends. */
async function warned({ others = [] as readonly ClientSecret[] } = {}) {
  const made = (await clients.create(tills)).client
  const secrets = [...others, ...made.secrets]
  const client = await store.change(made, { secrets }, clock.at)
  if (!client) throw new Error('nothing was registered')
  const mails: SecretWarningMail[] = []
  const sent: string[] = []
  const jobs = new Map<string, { [key: string]: unknown }>()
  let isAway = false
  const { tend, warning } = createSecretWarnings({
    store,
    operatorsOf: async () => ['ana@example.com', 'ben@example.com'],
    findOrganisation: async (id) => (id === organisation._id ? organisation : undefined),
    writeMail(mail) {
      mails.push(mail)
      return { to: mail.to } as Message // all that is looked at
    },
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
  expect(await tend.run({}, 1)).toEqual({ again: HOUR })
  const [first = {}] = [...jobs.values()]
  const run = () => warning.run(first as Parameters<typeof warning.run>[0], 1)
  const leave = () => {
    isAway = true
  }
  return { client, jobs, mails, sent, run, leave, tend, warning, payload: first }
}

describe('a warning', () => {
  it('is a job for each operator, named without their address, and waits in no log', async () => {
    const { jobs, run, sent, warning, payload } = await warned()
    expect(jobs.size).toBe(2)
    expect([...jobs.keys()].join()).not.toContain('@')
    const { organisation, client, secret } = payload
    expect(warning.about?.(payload as never)).toEqual({ organisation, client, secret })
    await run()
    expect(sent).toEqual(['ana@example.com'])
  })

  it('says which secret of which client ends, when, and when it was used last', async () => {
    const [long] = (await clients.create({ ...tills, secretLife: 400 * DAY })).client.secrets
    if (!long) throw new Error('nothing was registered')
    const { client, mails, run } = await warned({ others: [long] })
    const { id: secret = '', hint, expiresAt } = client.secrets.at(-1) ?? long
    await run()
    const told = {
      to: 'ana@example.com',
      organisation,
      client: { id: client._id, name: 'Tills' },
      hint,
      expiresAt,
    }
    const lastUsedAt = clock.at - DAY
    await store.noteUse(client, { secret, at: lastUsedAt, after: 0 })
    await run()
    expect(mails).toEqual([told, { ...told, lastUsedAt }])
    const found = await store.find(organisation._id, client._id)
    if (found) await store.revokeSecret(found, { secret, warnAt: undefined, at: clock.at })
    await run()
    expect(mails).toHaveLength(2)
  })

  it('is due once: the client is looked at again when there is another one', async () => {
    const { client, jobs, tend } = await warned()
    const days = (): number | undefined => {
      const at = client.secrets[0]?.expiresAt ?? 0
      return (at - clock.at) / DAY
    }
    const looked = async () => (await store.toWarn(clock.at, 10)).map(({ _id }) => _id)
    for (const [left, wait, due] of [
      [30, 23, 7],
      [7, 6, 1],
    ]) {
      expect([days(), await looked()]).toEqual([left, []])
      clock.at += Number(wait) * DAY
      expect([days(), await looked()]).toEqual([due, [client._id]])
      await tend.run({}, 1)
    }
    expect(jobs.size).toBe(6)
    clock.at += DAY
    expect(await looked()).toEqual([])
  })

  it('is given to nobody for a client that is disabled, which is looked at no more', async () => {
    const made = (await clients.create(tills)).client
    const disabled = await store.change(made, { disabledAt: clock.at }, clock.at)
    const { jobs } = await warned()
    expect(jobs.size).toBe(2) // of the other one
    expect([...jobs.keys()].join()).not.toContain(disabled?._id)
    expect((await store.toWarn(clock.at, 10)).length).toBe(0)
  })

  it('of very many is made without a pause, as is what an earlier program left', async () => {
    const { client, tend } = await warned()
    const { search, warnAt: _next, ...rest } = { ...client, secrets: [] }
    const insert = async (name: string, more: object) => {
      for (let at = 0; at < 200; at += 1)
        await store.insert({ ...rest, ...more, _id: `cli_${name}_${at}` })
    }
    await insert('due', { search, warnAt: clock.at })
    expect(await tend.run({}, 1)).toEqual({ again: 0 })
    expect(await tend.run({}, 1)).toEqual({ again: HOUR })
    await insert('earlier', {})
    expect(await tend.run({}, 1)).toEqual({ again: 0 })
    expect(await tend.run({}, 1)).toEqual({ again: HOUR })
  })

  it('is tried again when the mail server is away, for a day', async () => {
    const { run, leave, warning } = await warned()
    leave()
    await expect(run()).rejects.toThrow('no mail server')
    const waits = warning.waits ?? []
    expect(waits).toEqual(waits.toSorted((one, other) => one - other))
    expect(waits[0]).toBe(MINUTE)
    const total = waits.reduce((sum, wait) => sum + wait, 0)
    expect(total).toBeGreaterThan(DAY / 2)
    expect(total).toBeLessThan(DAY) // the last warning comes a day before
    expect(warning.kept).toBeGreaterThan(DAY)
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
    const left = await warned()
    await left.warning.run({ ...left.payload, organisation: 'org_gone' }, 1)
    expect([revoked.sent, removed.sent, ended.sent, left.sent]).toEqual([[], [], [], []])
  })
})
