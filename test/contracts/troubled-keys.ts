// What is promised of signing keys in trouble: replaced, under a changed SECRET, weak, or moved in the store.

import { generateKeyPairSync, randomUUID } from 'node:crypto'
import { describe, expect, it } from '@jest/globals'
import { type Jwk, makeKey, sealKey } from '../../src/services/identity/keys/key-material.ts'
import { DAY, HOUR } from '../../src/shared/clock.ts'
import { createKeyring } from '../../src/shared/secrets.ts'
import { type AuditEntry, auditCollection } from '../../src/stores/audit.ts'
import type { Documents } from '../../src/stores/documents.ts'
import type { SigningKey } from '../../src/stores/signing-keys.ts'
import { isPrivate, keyPlace, kids, NEW, OLD, tend, times } from './key-place.ts'

export function troubledKeysContract(name: string, open: () => Promise<Documents>): void {
  describe(`signing keys on ${name}`, () => {
    const { place, rows, keysOf, stored, read, states } = keyPlace(open)

    it('J14: a weak key is refused, wherever it came from', async () => {
      await read(keysOf(place.here))
      const [key] = await stored()
      const weak = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey
      const jwk = { ...weak.export({ format: 'jwk' }), kid: key?._id, alg: 'RS256' } as Jwk // all text
      await rows().updateOne(
        { _id: String(key?._id) },
        { $set: sealKey(createKeyring([OLD]), place.organisation, jwk) },
      )
      await expect(read(keysOf(place.here))).rejects.toMatchObject({
        detail: `signing key ${key?._id} is weak`,
      })
    })

    describe('that are replaced in an emergency', () => {
      it('are withdrawn, the next and the former ones too, and the new ones sign at once', async () => {
        const keys = keysOf(place.here)
        await read(keys)
        await keys.rotation.rotate(place.organisation, { actor: 'operator' })
        place.now += DAY
        await keys.rotation.rotate(place.organisation, { actor: 'operator' })
        const before = kids((await read(keys)).published)
        expect(before).toHaveLength(6)
        const { withdrawn } = await keys.rotation.replace(place.organisation, { actor: 'operator' })
        expect(withdrawn.sort()).toEqual(before.sort())
        expect(await states()).toEqual(['RS256 4 current', 'ES256 4 current'])
        const { signing, published, retired } = await read(keys)
        expect(kids(published)).toEqual(kids(signing))
        expect(retired).toEqual([])
      })

      it('by several at once, or while they are rotated, leave one key of each kind', async () => {
        await read(keysOf(place.here))
        place.now += 89 * DAY
        const outcomes = await Promise.allSettled([
          ...times(3, (index) =>
            keysOf(index % 2 ? place.here : place.there).rotation.replace(place.organisation, {
              actor: 'operator',
            }),
          ),
          keysOf(place.there).rotation.tend(),
        ])
        expect(outcomes.map(({ status }) => status)).toContain('fulfilled')
        const found = await states()
        expect(
          found.filter((state) => state.startsWith('RS256') && state.endsWith('current')),
        ).toHaveLength(1)
        expect(
          found.filter((state) => state.startsWith('ES256') && state.endsWith('current')),
        ).toHaveLength(1)
        expect(found.filter((state) => state.endsWith('former'))).toEqual([])
      })

      it('stay withdrawn for who read them before, however late that one writes', async () => {
        await read(keysOf(place.here))
        const [first] = await stored()
        await keysOf(place.here).rotation.replace(place.organisation, { actor: 'operator' })
        const before = await read(keysOf(place.here))
        // As a maker of the first key would that was held up before it wrote.
        await rows().insert({ ...(first as SigningKey), _id: randomUUID() }) // it was found
        expect(await read(keysOf(place.here))).toEqual(before)
      })

      it('are audited, key by key', async () => {
        const keys = keysOf(place.here)
        const first = kids((await read(keys)).signing)
        place.now += 89 * DAY
        await tend(keys)
        const { keys: made } = await keys.rotation.replace(place.organisation, {
          actor: 'operator',
        })
        const audited = await place.here
          .collection<AuditEntry>(auditCollection)
          .find({ organisation: place.organisation }, { limit: 100 })
        const of = (action: string, actor: string) =>
          audited
            .filter((entry) => entry.action === action && entry.actor === actor)
            .map(({ target }) => target)
        expect(of('key.rotated', 'system')).toHaveLength(2)
        expect(of('key.rotated', 'operator').sort()).toEqual(made.map(({ _id }) => _id).sort())
        expect(of('key.withdrawn', 'operator')).toEqual(expect.arrayContaining(first))
        expect(of('key.withdrawn', 'operator')).toHaveLength(4)
      })
    })

    describe('when SECRET is changed', () => {
      it('are sealed anew by the job, after which the old value opens nothing and is not needed', async () => {
        const before = await read(keysOf(place.here))
        await keysOf(place.here).rotation.rotate(place.organisation, { actor: 'operator' })
        place.now += DAY + 2 * HOUR
        await tend(keysOf(place.here)) // generation 1 is retired
        const both = keysOf(place.here, [NEW, OLD])
        const seals = async () =>
          (await both.rotation.report(place.organisation)).map(({ sealedUnder }) => sealedUnder)
        expect(await seals()).toEqual(times(4, () => 'older'))
        await tend(both)
        expect(await seals()).toEqual(times(4, () => 'current'))
        const after = await read(keysOf(place.there, [NEW]))
        expect(after).toEqual(await read(both))
        expect(kids(after.retired)).toEqual(kids(before.signing))
        await expect(read(keysOf(place.here))).rejects.toMatchObject({
          detail: expect.stringMatching(/^signing key \S+ does not open: SECRET must still list/),
        })
      })

      it('are sealed anew a slice at a time, so that other jobs have their turn', async () => {
        const clock = { now: () => place.now }
        const making = { keyring: createKeyring([OLD]), clock, rotationOf: async () => 90 * DAY }
        const common = { alg: 'ES256', generation: 1, activeFrom: place.now } as const
        const made = await Promise.all(
          times(101, (index) => makeKey(making, { ...common, organisation: `org_${index}` })),
        )
        await Promise.all(made.map((key) => rows().insert(key)))
        const { rotation } = keysOf(place.here, [NEW, OLD])
        expect([await rotation.tend(), await rotation.tend()]).toEqual([true, false])
        expect(await rows().count({ sealedBy: String(made[0]?.sealedBy) })).toBe(0)
      })

      it('never get back a private half that was taken meanwhile', async () => {
        const keys = keysOf(place.here)
        await read(keys)
        await keys.rotation.rotate(place.organisation, { actor: 'operator' })
        place.now += DAY + 2 * HOUR
        await Promise.all([
          keysOf(place.here).rotation.tend(),
          ...times(3, () => keysOf(place.there, [NEW, OLD]).rotation.tend()),
        ])
        await tend(keysOf(place.there, [NEW, OLD]))
        const found = await keysOf(place.here, [NEW, OLD]).signingKeys.forOrganisation(
          place.organisation,
        )
        expect(
          found.map(({ generation, jwk }) => `${generation} ${isPrivate(jwk)}`).sort(),
        ).toEqual(['1 false', '1 false', '2 true', '2 true'])
      })

      it('are left out when they are former ones that no value opens', async () => {
        await read(keysOf(place.here))
        await keysOf(place.here).rotation.rotate(place.organisation, { actor: 'operator' })
        place.now += DAY
        const [former, current] = await stored()
        await rows().updateOne(
          { _id: String(former?._id) },
          { $set: { sealed: String(current?.sealed) } }, // sealed for another kid: opens for none
        )
        const { published } = await read(keysOf(place.here))
        expect(kids(published)).not.toContain(former?._id)
        expect(published).toHaveLength(3)
        expect(place.log.lines.at(-1)).toContain(`"kid":"${former?._id}"`)
      })
    })

    it('that no value opens are named by the job, hold up no others, and are retired in their time', async () => {
      await read(keysOf(place.here))
      await keysOf(place.here).rotation.rotate(place.organisation, { actor: 'operator' })
      const [lost, next] = await stored()
      await rows().updateOne({ _id: String(lost?._id) }, { $set: { sealed: String(next?.sealed) } })
      const both = keysOf(place.here, [NEW, OLD])
      await tend(both)
      const report = await both.rotation.report(place.organisation)
      const older = report.filter(({ sealedUnder }) => sealedUnder === 'older')
      expect(older.map(({ _id }) => _id)).toEqual([lost?._id])
      expect(place.log.lines.at(-1)).toMatch(`does not open {"kid":"${lost?._id}"`)
      place.now += DAY + 2 * HOUR
      await tend(both)
      const waiting = { organisation: place.organisation, dueAt: { $exists: true } }
      expect(
        (await rows().find(waiting, { limit: 10 })).map(({ generation }) => generation),
      ).toEqual([2, 2])
    })

    it('J15: one kid in two organisations cannot be', async () => {
      await read(keysOf(place.here))
      const [key] = await stored()
      const elsewhere = { ...key, organisation: `org_${randomUUID()}` } as SigningKey // it was found
      await expect(rows().insert(elsewhere)).rejects.toMatchObject({ name: 'AlreadyExists' })
    })

    it('open for no other organisation, even from within the store', async () => {
      await read(keysOf(place.here))
      const [key] = await stored()
      const thief = `org_${randomUUID()}`
      await rows().updateOne({ _id: String(key?._id) }, { $set: { organisation: thief } })
      await expect(keysOf(place.here).signingKeys.forOrganisation(thief)).rejects.toMatchObject({
        detail: expect.stringContaining('does not open'),
      })
    })
  })
}
