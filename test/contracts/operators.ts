// What adding, changing and removing operators promises, as cases that run on every document store.

import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { type AuditEntry, auditCollection } from '../../src/stores/audit.ts'
import type { Documents } from '../../src/stores/documents.ts'
import { PLATFORM } from '../../src/stores/operator-roles.ts'
import { type Operator, operatorsCollection, ownersCollection } from '../../src/stores/operators.ts'
import { type OperatorParts, operatorsOn } from '../support/operators.ts'

const BY = { actor: 'test' }

export function operatorsContract(name: string, open: () => Promise<Documents>): void {
  describe(`operators on ${name}`, () => {
    let documents: Documents
    let parts: OperatorParts
    let place: string
    beforeAll(async () => {
      documents = await open()
      parts = await operatorsOn(documents)
    })
    beforeEach(() => {
      place = `org_${randomUUID()}`
    })
    afterAll(() => documents.close())

    const add = (email: string, role: string, where = place): Promise<Operator> =>
      parts.operators.add(where, { email, role }, BY)
    const ownersOf = async (where: string): Promise<{ rows: number; counted: number }> => ({
      rows: await documents
        .collection<Operator>(operatorsCollection)
        .count({ organisation: where, role: 'owner' }),
      counted:
        (
          await documents
            .collection<{ _id: string; owners: number }>(ownersCollection)
            .findOne({ _id: where })
        )?.owners ?? 0,
    })
    const actionsOf = async (organisation: string): Promise<string[]> => {
      const rows = await documents
        .collection<AuditEntry>(auditCollection)
        .find({ organisation }, { sort: [['at', 1]], limit: 100 })
      return rows.map(({ action }) => action).sort()
    }

    it('A04: has nobody before somebody is named', async () => {
      expect((await parts.operators.list(PLATFORM, { limit: 10 })).items).toEqual([])
      expect((await parts.operators.list(place, { limit: 10 })).items).toEqual([])
    })

    it('adds an address once, normalised, many at the same instant', async () => {
      const all = await Promise.allSettled(
        Array.from({ length: 20 }, (_, index) =>
          add(index % 2 ? 'Ann@Example.com' : 'ann@example.com ', 'owner'),
        ),
      )
      expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
      expect((await parts.operators.find(place, 'ANN@example.com'))?.email).toBe('ann@example.com')
      expect(await ownersOf(place)).toEqual({ rows: 1, counted: 1 })
      expect(await actionsOf(place)).toEqual(['operator.added'])
    })

    it.each([
      ['no address', { email: 'ann', role: 'editor' }, ['email']],
      ['two addresses', { email: 'a@b.example, c@d.example', role: 'editor' }, ['email']],
      ['a role that there is not', { email: 'a@b.example', role: 'admin' }, ['role']],
      ['the role of a platform owner', { email: 'a@b.example', role: 'platform-owner' }, ['role']],
      ['a name of the language itself', { email: 'x', role: '__proto__' }, ['email', 'role']],
    ])('P02: refuses %s', async (_name, who, paths) => {
      const refusal = await parts.operators.add(place, who, BY).catch((error) => error)
      expect(refusal).toMatchObject({ code: 'invalid_fields' })
      expect(refusal.fields.map(({ path }: { path: string }) => path)).toEqual(paths)
    })

    it('refuses a platform viewer: there is only owning the platform', async () => {
      await expect(add('ann@example.com', 'viewer', PLATFORM)).rejects.toMatchObject({
        code: 'invalid_fields',
      })
    })

    it('lists in pages, and takes no cursor of another list', async () => {
      for (let index = 0; index < 5; index += 1) await add(`n${index}@example.com`, 'viewer')
      const seen: string[] = []
      let cursor: string | undefined
      do {
        const page = await parts.operators.list(place, { limit: 2, ...(cursor && { cursor }) })
        seen.push(...page.items.map(({ email }) => email))
        cursor = page.nextCursor ?? undefined
      } while (cursor)
      expect(seen.sort()).toEqual([0, 1, 2, 3, 4].map((index) => `n${index}@example.com`))
      const foreign = String((await parts.operators.list(place, { limit: 2 })).nextCursor)
      for (const forged of [foreign, 'forged'])
        await expect(
          parts.operators.list('org_other', { limit: 2, cursor: forged }),
        ).rejects.toMatchObject({ code: 'bad_request' })
    })

    it('tells the role of an address in an organisation, of a platform owner in every one', async () => {
      const email = `${randomUUID()}@example.com`
      expect(await parts.operators.roleIn(place, email)).toBeUndefined()
      await add(email, 'editor')
      expect(await parts.operators.roleIn(place, email)).toBe('editor')
      expect(await parts.operators.roleIn('org_other', email)).toBeUndefined()
      await parts.operators.ensurePlatformOwners([email, email])
      expect(await parts.operators.roleIn(place, email)).toBe('platform-owner')
      expect(await parts.operators.roleIn('org_other', email)).toBe('platform-owner')
      expect((await parts.operators.placesOf(email, 10)).map((each) => each.organisation)).toEqual(
        [place, PLATFORM].sort(),
      )
      expect(await actionsOf(parts.standard._id)).toEqual(['operator.added'])
    })

    it('changes a role and removes, with a row each; unknown ones are told apart', async () => {
      await add('ann@example.com', 'owner')
      await add('ben@example.com', 'viewer')
      const raised = await parts.operators.changeRole(
        place,
        { email: 'Ben@example.com', role: 'owner' },
        BY,
      )
      expect(raised).toMatchObject({ outcome: 'done', operator: { role: 'owner' } })
      expect(await ownersOf(place)).toEqual({ rows: 2, counted: 2 })
      expect(await parts.operators.remove(place, 'ann@example.com', BY)).toMatchObject({
        outcome: 'done',
      })
      expect(await parts.operators.remove(place, 'ann@example.com', BY)).toEqual({
        outcome: 'unknown',
      })
      expect(await parts.operators.remove('org_other', 'ben@example.com', BY)).toEqual({
        outcome: 'unknown',
      })
      expect(await actionsOf(place)).toEqual([
        'operator.added',
        'operator.added',
        'operator.removed',
        'operator.role-changed',
      ])
      const changed = await documents
        .collection<AuditEntry>(auditCollection)
        .findOne({ organisation: place, action: 'operator.role-changed' })
      expect(changed).toMatchObject({ before: { role: 'viewer' }, after: { role: 'owner' } })
    })

    it('P16: the last owner is neither removed nor demoted', async () => {
      await add('ann@example.com', 'owner')
      await add('ben@example.com', 'editor')
      const demoted = { email: 'ann@example.com', role: 'editor' }
      expect(await parts.operators.changeRole(place, demoted, BY)).toEqual({
        outcome: 'last-owner',
      })
      expect(await parts.operators.remove(place, 'ann@example.com', BY)).toEqual({
        outcome: 'last-owner',
      })
      const same = { email: 'ann@example.com', role: 'owner' }
      expect(await parts.operators.changeRole(place, same, BY)).toMatchObject({ outcome: 'done' })
      expect((await parts.operators.remove(place, 'ben@example.com', BY)).outcome).toBe('done')
      expect(await ownersOf(place)).toEqual({ rows: 1, counted: 1 })
    })

    it('P16: of twenty owners who remove and demote each other at once, one is left', async () => {
      const owners = Array.from({ length: 20 }, (_, index) => `o${index}@example.com`)
      await Promise.all(owners.map((email) => add(email, 'owner')))
      expect(await ownersOf(place)).toEqual({ rows: 20, counted: 20 })
      const outcomes = await Promise.all(
        owners.map((email, index) =>
          index % 2
            ? parts.operators.remove(place, email, BY)
            : parts.operators.changeRole(place, { email, role: 'viewer' }, BY),
        ),
      )
      expect(outcomes.filter(({ outcome }) => outcome === 'done')).toHaveLength(19)
      expect(outcomes.filter(({ outcome }) => outcome === 'last-owner')).toHaveLength(1)
      expect(await ownersOf(place)).toEqual({ rows: 1, counted: 1 })
    })

    it('P16: two owners who remove each other, again and again: one always stays', async () => {
      for (let round = 0; round < 10; round += 1) {
        const where = `${place}-${round}`
        await add('ann@example.com', 'owner', where)
        await add('ben@example.com', 'owner', where)
        await Promise.all([
          parts.operators.remove(where, 'ann@example.com', BY),
          parts.operators.remove(where, 'ben@example.com', BY),
        ])
        expect(await ownersOf(where)).toEqual({ rows: 1, counted: 1 })
      }
    })

    it('P16: the same owner removed and demoted at once is counted once', async () => {
      for (const email of ['ann', 'ben', 'cat']) await add(`${email}@example.com`, 'owner')
      const email = 'ann@example.com'
      await Promise.all([
        parts.operators.remove(place, email, BY),
        parts.operators.changeRole(place, { email, role: 'editor' }, BY),
        parts.operators.remove(place, email, BY),
        parts.operators.changeRole(place, { email, role: 'viewer' }, BY),
      ])
      expect(await ownersOf(place)).toEqual({ rows: 2, counted: 2 })
    })
  })
}
