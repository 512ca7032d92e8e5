// What API keys promise, as cases that run on every document store.

import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import type { ApiKeyMaker, NewApiKey } from '../../src/services/operators/api-keys.ts'
import { DAY, HOUR, MINUTE } from '../../src/shared/clock.ts'
import { type ApiKey, apiKeysCollection } from '../../src/stores/api-keys.ts'
import { type AuditEntry, auditCollection } from '../../src/stores/audit.ts'
import type { Documents } from '../../src/stores/documents.ts'
import { PLATFORM } from '../../src/stores/operator-roles.ts'
import { eventually } from '../support/eventually.ts'
import { type OperatorParts, operatorsOn, SECRET } from '../support/operators.ts'

const OWNER: ApiKeyMaker = { actor: 'opr_owner', role: 'owner' }
const PLATFORM_OWNER: ApiKeyMaker = { actor: 'opr_platform', role: 'platform-owner' }
const READER: NewApiKey = { name: 'Export', role: 'viewer', scopes: ['clients:read'] }

export function apiKeysContract(name: string, open: () => Promise<Documents>): void {
  describe(`API keys on ${name}`, () => {
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

    const create = (input: Partial<NewApiKey> = {}, by = OWNER, where = place) =>
      parts.apiKeys.create(where, { ...READER, ...input }, by)
    const wrong = async (...args: Parameters<typeof create>): Promise<string[]> => {
      const refusal = await create(...args).catch((error) => error)
      expect(refusal).toMatchObject({ code: 'invalid_fields' })
      return refusal.fields.map(({ path }: { path: string }) => path)
    }
    const rows = () => documents.collection<ApiKey>(apiKeysCollection)
    const rowOf = (id: string) => rows().findOne({ _id: id })

    it('A07: is told once, begins with fyk_, and says what it may do', async () => {
      const { key, shown } = await create({ scopes: ['clients:read', 'clients:read'] })
      expect(key).toMatch(/^fyk_[\w-]{43}$/)
      const rights = { id: shown.id, place, role: 'viewer', scopes: ['clients:read'] }
      expect(await parts.apiKeys.check(key)).toMatchObject(rights)
      const listed = await parts.apiKeys.list(place)
      expect(listed).toMatchObject([
        { id: shown.id, name: 'Export', hint: key.slice(-4), createdBy: 'opr_owner', isLive: true },
      ])
      expect(shown.expiresAt - shown.createdAt).toBe(90 * DAY)
      for (const seen of [listed, await rowOf(shown.id)])
        expect(JSON.stringify(seen)).not.toContain(key.slice(4, -4))
    })

    it('A07: a guess, a part, a change of letters or the stored digest open nothing', async () => {
      const { key, shown } = await create()
      const row = await rowOf(shown.id)
      const turned = key.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'))
      for (const guess of [
        '',
        'fyk_',
        key.slice(4),
        `${key} `,
        `${key}\n`,
        key.toUpperCase(),
        turned,
        row?.digest ?? '',
        `fyk_${row?.digest}`,
        shown.id,
      ])
        expect(await parts.apiKeys.check(guess)).toBeUndefined()
    })

    it('A07: revoked, it is refused at once, also by another process; only by its own place', async () => {
      const elsewhere = await operatorsOn(documents)
      const { key, shown } = await create()
      expect(await elsewhere.apiKeys.check(key)).toBeDefined()
      expect(await parts.apiKeys.revoke('org_other', shown.id, OWNER)).toBeUndefined()
      expect(await parts.apiKeys.revoke(PLATFORM, shown.id, OWNER)).toBeUndefined()
      expect(await elsewhere.apiKeys.check(key)).toBeDefined()
      const ended = await Promise.all(
        Array.from({ length: 20 }, () => parts.apiKeys.revoke(place, shown.id, OWNER)),
      )
      expect(ended.filter((each) => each !== undefined)).toHaveLength(1)
      for (const { apiKeys } of [parts, elsewhere]) expect(await apiKeys.check(key)).toBeUndefined()
      expect(await parts.apiKeys.list(place)).toEqual([])
    })

    it('A07: it ends at its expiry, and is listed 30 days more', async () => {
      const { key, shown } = await create({ life: 2 * HOUR })
      parts.clock.forward(2 * HOUR - MINUTE)
      expect(await parts.apiKeys.check(key)).toBeDefined()
      parts.clock.forward(MINUTE)
      expect(await parts.apiKeys.check(key)).toBeUndefined()
      expect(await parts.apiKeys.list(place)).toMatchObject([{ id: shown.id, isLive: false }])
      expect((await rowOf(shown.id))?.forgottenAt).toBe(shown.expiresAt + 30 * DAY)
    })

    it('A07: its last use is noted, at most once an hour', async () => {
      const { key, shown } = await create()
      const lastUsed = async () => (await rowOf(shown.id))?.lastUsedAt
      expect(await lastUsed()).toBeUndefined()
      await parts.apiKeys.check(key)
      const first = await eventually(async () => {
        const at = await lastUsed()
        if (at === undefined) throw new Error('not noted yet')
        return at
      })
      parts.clock.forward(HOUR - MINUTE)
      await parts.apiKeys.check(key)
      parts.clock.forward(MINUTE)
      await parts.apiKeys.check(key)
      await eventually(async () => expect(await lastUsed()).toBeGreaterThanOrEqual(first + HOUR))
      expect((await parts.apiKeys.list(place))[0]?.lastUsedAt).toBe(await lastUsed())
    })

    it.each<[string, Partial<NewApiKey>, string[]]>([
      ['a name that turns the text round', { name: 'a\u202eb' }, ['name']],
      ['no name', { name: ' ' }, ['name']],
      ['a role that there is not', { role: 'platform-owner' }, ['role']],
      [
        'a name of the language itself',
        { role: '__proto__', scopes: ['constructor'] },
        ['role', 'scopes'],
      ],
      ['no scope', { scopes: [] }, ['scopes']],
      ['a scope that there is not', { scopes: ['clients:read', 'clients:trust'] }, ['scopes']],
      ['writing what nobody writes', { scopes: ['audit:write'] }, ['scopes']],
      ['a life of minutes', { life: HOUR - 1 }, ['expires_at']],
      ['a life of years', { life: 401 * DAY }, ['expires_at']],
      ['a life that is no number', { life: Number.NaN }, ['expires_at']],
    ])('A07: refuses %s', async (_name, input, paths) => {
      expect(await wrong(input)).toEqual(paths)
      expect(await parts.apiKeys.list(place)).toEqual([])
    })

    it('A07: nobody makes a key that is more than they are, and only who owns the platform one of it', async () => {
      expect(await wrong({ role: 'owner' }, { actor: 'opr_1', role: 'editor' })).toEqual(['role'])
      expect(await wrong({}, OWNER, PLATFORM)).toEqual(['role'])
      for (const [role, effective] of [
        ['viewer', 'viewer'],
        ['owner', 'platform-owner'],
      ]) {
        const { key } = await create({ role: role ?? '' }, PLATFORM_OWNER, PLATFORM)
        const rights = { place: PLATFORM, role: effective }
        expect(await parts.apiKeys.check(key)).toMatchObject(rights)
      }
    })

    it('A07: a key makes none that is wider than itself: in role, scopes, place or time', async () => {
      const { key } = await create({
        role: 'owner',
        scopes: ['api-keys:write', 'clients:read'],
        life: 30 * DAY,
      })
      const rights = await parts.apiKeys.check(key)
      if (!rights) throw new Error('the key is not known')
      const by = { actor: rights.id, ...rights }
      expect(await wrong({ scopes: ['clients:write'], life: DAY }, by)).toEqual(['scopes'])
      expect(await wrong({ scopes: ['audit:read'], life: 31 * DAY }, by)).toEqual([
        'scopes',
        'expires_at',
      ])
      expect(await wrong({ life: DAY }, by, PLATFORM)).toEqual(['role'])
      const made = await create({ role: 'owner', life: 29 * DAY }, by)
      expect(made.shown).toMatchObject({ role: 'owner', createdBy: rights.id })
      const { shown } = await create({}, by)
      expect(shown.expiresAt).toBeLessThanOrEqual(rights.expiresAt)
      const editor = { ...by, role: 'editor' as const }
      expect(await wrong({ role: 'owner', life: DAY }, editor)).toEqual(['role'])
    })

    it('A07: a place has at most 50, many made at the same instant; an expired one makes room', async () => {
      await create({ life: HOUR })
      for (let index = 1; index < 45; index += 1) await create()
      const made = async () => {
        const all = await Promise.allSettled(Array.from({ length: 20 }, () => create()))
        return all.filter(({ status }) => status === 'fulfilled').length
      }
      expect(await made()).toBe(5)
      expect(await rows().count({ organisation: place })).toBe(50)
      expect(await wrong()).toEqual(['name'])
      parts.clock.forward(HOUR)
      expect(await made()).toBe(1)
      expect(await parts.apiKeys.list(place)).toHaveLength(50)
      await create({}, OWNER, `${place}-other`)
    })

    it('A07: it stays good while SECRET is changed, and is digested anew when it is used', async () => {
      const { key, shown } = await create()
      const unused = await create()
      const NEW = 'another secret of the tests, long enough'
      const changing = await operatorsOn(documents, [NEW, SECRET])
      expect((await changing.apiKeys.check(key))?.id).toBe(shown.id)
      const { apiKeys } = await operatorsOn(documents, [NEW])
      await eventually(async () => expect((await apiKeys.check(key))?.id).toBe(shown.id))
      expect(await apiKeys.check(unused.key)).toBeUndefined()
    })

    it('P17: leaves rows in the audit log, without the key; those of the platform stand with the default', async () => {
      const { key, shown } = await create({}, { ...OWNER, source: '192.0.2.7' })
      await parts.apiKeys.revoke(place, shown.id, OWNER)
      const wide = await create({}, PLATFORM_OWNER, PLATFORM)
      const found = await documents
        .collection<AuditEntry>(auditCollection)
        .find({ target: { $in: [shown.id, wide.shown.id] } }, { limit: 10 })
      const kept = expect.objectContaining({ name: 'Export', scopes: ['clients:read'] })
      expect(found).toHaveLength(3)
      for (const row of [
        { action: 'api-key.created', organisation: place, source: '192.0.2.7', after: kept },
        { action: 'api-key.revoked', organisation: place, actor: 'opr_owner', before: kept },
        { action: 'api-key.created', organisation: parts.standard._id },
      ])
        expect(found).toContainEqual(expect.objectContaining(row))
      for (const secret of [key, wide.key])
        expect(JSON.stringify(found)).not.toContain(secret.slice(4, -4))
    })
  })
}
