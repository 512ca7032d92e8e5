// What the audit log promises, as cases that run on every document store.

import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { createAudit } from '../../src/services/audit/audit.ts'
import { createAuditSealer, hashOf } from '../../src/services/audit/audit-chain.ts'
import { createAuditLog } from '../../src/services/audit/audit-log.ts'
import { createKeyring } from '../../src/shared/secrets.ts'
import {
  type AuditEntry,
  type AuditHead,
  auditCollection,
  auditHeadsCollection,
  createAuditStore,
} from '../../src/stores/audit.ts'
import type { Documents, Filter } from '../../src/stores/documents.ts'
import { movableClock } from '../support/movable-clock.ts'
import { recordingLog } from '../support/recording-log.ts'

export function auditContract(name: string, open: () => Promise<Documents>): void {
  describe(`the audit log on ${name}`, () => {
    const clock = movableClock()
    const log = recordingLog()
    let documents: Documents
    let other: Documents
    let organisation: string

    beforeAll(async () => {
      documents = await open()
      other = await open()
      await documents.prepare([auditCollection, auditHeadsCollection])
    })
    beforeEach(() => {
      organisation = `org_${randomUUID()}`
    })
    afterAll(() => Promise.all([documents.close(), other.close()]))

    const rows = () => documents.collection<AuditEntry>(auditCollection)
    const heads = () => documents.collection<AuditHead>(auditHeadsCollection)
    const keyring = createKeyring(['a secret'])
    const reader = (secrets = ['a secret']) =>
      createAuditLog({ store: createAuditStore(documents), keyring: createKeyring(secrets) })
    const sealer = (on = documents, secrets = ['a secret']) =>
      createAuditSealer({ store: createAuditStore(on), keyring: createKeyring(secrets), log })

    async function write(count: number): Promise<void> {
      const audit = createAudit({ store: createAuditStore(documents), clock })
      for (let at = 0; at < count; at += 1) {
        clock.forward(1)
        await audit.record({ organisation, action: 'account.created', actor: `acc_${at}` })
      }
    }
    async function written(count: number): Promise<void> {
      await write(count)
      await sealer().sealAll()
    }
    const at = (sequence: number): Filter => ({ organisation, sequence })
    const row = async (sequence: number): Promise<AuditEntry> => {
      const found = await rows().findOne(at(sequence))
      if (!found) throw new Error(`there is no row ${sequence}`)
      return found
    }
    const broken = async () => (await reader().verify(organisation)).broken

    it('is chained in the order of its rows, and holds together', async () => {
      await write(3)
      expect(await reader().verify(organisation)).toEqual({
        outcome: 'whole',
        rows: 0,
        unsealed: 3,
        older: 0,
      })
      await sealer().sealAll()
      await written(2)
      const found = await reader().list(organisation, {}, { limit: 10 })
      expect(found.map(({ sequence, actor }) => [sequence, actor])).toEqual([
        [5, 'acc_1'],
        [4, 'acc_0'],
        [3, 'acc_2'],
        [2, 'acc_1'],
        [1, 'acc_0'],
      ])
      expect(found.map(({ previous }) => previous)).toEqual([
        ...found.slice(1).map(({ hash }) => hash),
        '',
      ])
      expect(await reader().verify(organisation)).toEqual({
        outcome: 'whole',
        rows: 5,
        head: { sequence: 5, hash: found[0]?.hash },
        unsealed: 0,
        older: 0,
      })
    })

    it('is a chain of its own in every organisation', async () => {
      const first = organisation
      await write(2)
      organisation = `org_${randomUUID()}`
      await written(3)
      expect(await reader().verify(first)).toMatchObject({ outcome: 'whole', rows: 2 })
      expect(await reader().verify(organisation)).toMatchObject({ outcome: 'whole', rows: 3 })
    })

    it.each<[string, { sequence: number; what: string }, () => Promise<unknown>]>([
      [
        'a row that was altered',
        { sequence: 2, what: 'altered' },
        () => rows().updateOne(at(2), { $set: { actor: 'somebody else' } }),
      ],
      [
        'a row that was altered with its hash',
        { sequence: 2, what: 'altered' },
        async () => {
          const forged = { ...(await row(2)), actor: 'somebody else' }
          const { actor } = forged
          await rows().updateOne(at(2), { $set: { actor, hash: hashOf(forged) } })
        },
      ],
      [
        'the last that was altered with its hash',
        { sequence: 5, what: 'altered' },
        async () => {
          const forged = { ...(await row(5)), actor: 'somebody else' }
          const { actor } = forged
          await rows().updateOne(at(5), { $set: { actor, hash: hashOf(forged) } })
        },
      ],
      [
        'a row that was given a field more',
        { sequence: 3, what: 'altered' },
        () => rows().updateOne(at(3), { $set: { source: '192.0.2.1' } }),
      ],
      ['a row that was removed', { sequence: 3, what: 'removed' }, () => rows().deleteMany(at(3))],
      [
        'the first that was removed',
        { sequence: 1, what: 'removed' },
        () => rows().deleteMany(at(1)),
      ],
      [
        'the last that was removed',
        { sequence: 5, what: 'removed' },
        () => rows().deleteMany(at(5)),
      ],
      [
        'a row that was put in at the end',
        { sequence: 6, what: 'inserted' },
        async () => rows().insert({ ...(await row(5)), _id: `aud_${randomUUID()}`, sequence: 6 }),
      ],
      [
        'a row that was put in beside the chain',
        { sequence: 6, what: 'inserted' },
        async () => {
          const { sequence: _1, hash: _2, previous: _3, _id, ...copy } = await row(4)
          await rows().insert({ ...copy, _id: `${_id}0` })
        },
      ],
      [
        'two rows that changed places',
        { sequence: 2, what: 'altered' },
        async () => {
          await rows().updateOne(at(2), { $set: { sequence: 99 } })
          await rows().updateOne(at(4), { $set: { sequence: 2 } })
          await rows().updateOne(at(99), { $set: { sequence: 4 } })
        },
      ],
      [
        'an end that was taken away with its head set back',
        { sequence: 3, what: 'end altered' },
        async () => {
          await rows().deleteMany({ organisation, sequence: { $gt: 3 } })
          const { hash = '' } = await row(3)
          await heads().updateOne({ _id: organisation }, { $set: { sequence: 3, hash } })
        },
      ],
      [
        'a head that was removed',
        { sequence: 5, what: 'end altered' },
        () => heads().deleteMany({ _id: organisation }),
      ],
    ])('finds %s', async (_name, expected, tamper) => {
      await written(5)
      expect(await broken()).toBeUndefined()
      await tamper()
      expect(await broken()).toEqual(expected)
    })

    it('finds a chain that was made anew by somebody without SECRET', async () => {
      await written(3)
      const { head } = await reader().verify(organisation)
      await rows().deleteMany({ organisation })
      await heads().deleteMany({ _id: organisation })
      await write(3)
      await sealer(documents, ['another secret']).sealAll()
      expect(await broken()).toEqual({ sequence: 3, what: 'end altered' })
      // And with it, by a head that was kept elsewhere.
      await rows().deleteMany({ organisation })
      await heads().deleteMany({ _id: organisation })
      await written(3)
      expect(await broken()).toBeUndefined()
      expect((await reader().verify(organisation, head)).broken).toEqual({
        sequence: 3,
        what: 'not the kept one',
      })
    })

    it('finds that an older end was put back, by a head that was kept elsewhere', async () => {
      await written(3)
      const older = await heads().findOne({ _id: organisation })
      await written(2)
      const { head } = await reader().verify(organisation)
      await rows().deleteMany({ organisation, sequence: { $gt: 3 } })
      await heads().deleteMany({ _id: organisation })
      if (older) await heads().insert(older)
      expect((await reader().verify(organisation, head)).broken).toEqual({
        sequence: 4,
        what: 'removed',
      })
    })

    it('never forks, however many seal at once', async () => {
      await write(60)
      const sealers = [documents, other, documents, other].map((on) => sealer(on))
      const writing = write(40)
      for (let round = 0; round < 5; round += 1)
        await Promise.all(sealers.map((each) => each.sealAll()))
      await writing
      await sealer().sealAll()
      expect(await reader().verify(organisation)).toMatchObject({
        outcome: 'whole',
        rows: 100,
        unsealed: 0,
      })
    })

    it('gives a place to one of two that have the same head before them', async () => {
      await written(1)
      await write(2)
      const [mine, others] = [createAuditStore(documents), createAuditStore(other)]
      const from = await mine.head(organisation)
      const waiting = await rows().find({ organisation, unsealed: true }, { limit: 2 })
      const end = { sequence: 2, hash: 'h', seal: 's', sealedBy: 'b' }
      const outcomes = await Promise.all(
        waiting.map((entry, index) =>
          (index ? others : mine).append(
            [{ ...entry, sequence: 2, previous: from?.hash ?? '', hash: 'h' }],
            { _id: organisation, organisation, ...end },
            from,
          ),
        ),
      )
      expect(outcomes.toSorted()).toEqual([false, true])
      expect(await rows().count(at(2))).toBe(1)
      // The same rows may not be put in a second time either.
      await rows().deleteMany({ organisation, unsealed: true })
    })

    it('holds when SECRET is changed, and its end is sealed under the new one', async () => {
      await written(3)
      expect((await reader(['new']).verify(organisation)).broken).toEqual({
        sequence: 3,
        what: 'end altered',
      })
      await sealer(documents, ['new', 'a secret']).sealAll()
      expect(await reader(['new']).verify(organisation)).toMatchObject({
        outcome: 'whole',
        rows: 3,
      })
      await sealer(documents, ['a secret', 'new']).sealAll() // as the other cases expect it
    })

    it('seals many rows in bounded parts, and one organisation that cannot be sealed stops no other', async () => {
      await written(1)
      const stuck = organisation
      await rows().insert({ ...(await row(1)), _id: `aud_${randomUUID()}`, sequence: 2 })
      await write(210)
      organisation = `org_${randomUUID()}`
      await write(410)
      await sealer().sealAll()
      expect(await reader().verify(organisation)).toMatchObject({ outcome: 'whole', rows: 410 })
      expect(await reader().verify(stuck)).toMatchObject({ outcome: 'broken', unsealed: 210 })
      expect(log.lines.some((line) => line.includes('were not sealed'))).toBe(true)
      await rows().deleteMany({ organisation: stuck })
    })

    it('is filtered by action, actor, target and time, sealed or not, and paged', async () => {
      const audit = createAudit({ store: createAuditStore(documents), clock })
      const start = clock.now()
      for (let each = 0; each < 6; each += 1) {
        clock.forward(1000)
        const action = each % 2 ? 'client.created' : 'session.ended'
        await audit.record({
          organisation,
          action,
          actor: `acc_${each % 3}`,
          target: `cli_${each}`,
        })
        if (each === 3) await sealer().sealAll()
      }
      const found = async (query = {}, page: { limit: number; after?: string } = { limit: 10 }) =>
        (await reader().list(organisation, query, page))
          .map(({ target }) => target?.slice(4))
          .join()
      expect(await found()).toBe('5,4,3,2,1,0')
      expect(await found({ action: 'client.created' })).toBe('5,3,1')
      expect(await found({ actor: 'acc_1' })).toBe('4,1')
      expect(await found({ target: 'cli_2' })).toBe('2')
      expect(await found({ from: start + 2000, to: start + 5000 })).toBe('3,2,1')
      expect(await found({ action: 'client.created', from: start + 4000 })).toBe('5,3')
      expect(await found({ action: 'session.ended', actor: 'acc_1' })).toBe('4')
      const [, second] = await reader().list(
        organisation,
        { action: 'client.created' },
        { limit: 2 },
      )
      expect(second?._id).toBeDefined()
      const after = second?._id ?? ''
      expect(await found({ action: 'client.created' }, { limit: 2, after })).toBe('1')
      const all: (string | undefined)[] = []
      for await (const { target } of reader().each(organisation, { action: 'session.ended' }))
        all.push(target)
      expect(all).toEqual(['cli_0', 'cli_2', 'cli_4'])
    })

    it('P17: has no method that changes or removes a row', () => {
      expect(Object.keys(createAuditStore(documents)).toSorted()).toEqual([
        'append',
        'chain',
        'countStrays',
        'countUnsealed',
        'head',
        'headsSealedBy',
        'insert',
        'list',
        'resealHead',
        'unsealed',
      ])
      expect(keyring.digest('audit-head')).not.toBe(keyring.digest('cursor'))
    })
  })
}
