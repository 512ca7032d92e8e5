// What is promised of signing keys, from the first use to the last hint, as cases that run on every document store.

import { createPrivateKey, createPublicKey } from 'node:crypto'
import { describe, expect, it } from '@jest/globals'
import { DAY, HOUR, MINUTE } from '../../src/shared/clock.ts'
import type { Documents } from '../../src/stores/documents.ts'
import { createOrganisationStore } from '../../src/stores/organisations.ts'
import { isPrivate, keyPlace, kids, OLD, tend, times } from './key-place.ts'

export function signingKeysContract(name: string, open: () => Promise<Documents>): void {
  describe(`signing keys on ${name}`, () => {
    const { place, rows, keysOf, stored, read, states } = keyPlace(open)

    describe('at the first use', () => {
      it('are made once, however many processes make them, and sign at once', async () => {
        const makers = times(12, (index) => keysOf(index % 2 ? place.here : place.there))
        const sets = await Promise.all(makers.map(read))
        for (const set of sets) expect(set).toEqual(sets[0])
        expect(sets[0]?.signing.map(({ alg }) => alg)).toEqual(['RS256', 'ES256'])
        expect(await stored()).toHaveLength(2)
      })

      it('of one kind that is missing are made beside those that are there', async () => {
        const [first] = kids((await read(keysOf(place.here))).signing)
        await rows().deleteMany({ organisation: place.organisation, alg: 'ES256' })
        const { signing } = await read(keysOf(place.there))
        expect(signing.map(({ alg }) => alg)).toEqual(['RS256', 'ES256'])
        expect(kids(signing)[0]).toBe(first)
      })

      it('sign also for a process whose clock is behind the maker’s', async () => {
        const made = await read(keysOf(place.there, [OLD], MINUTE))
        expect(await read(keysOf(place.here))).toMatchObject({ signing: made.signing })
      })

      it('J14: are of 2048 bits, and nothing private is published', async () => {
        const { signing, published } = await read(keysOf(place.here))
        expect(signing.every(isPrivate)).toBe(true)
        for (const jwk of published)
          expect(Object.keys(jwk).sort()).toEqual(
            jwk.kty === 'RSA'
              ? ['alg', 'e', 'kid', 'kty', 'n', 'use']
              : ['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y'],
          )
        const key = { ...published[0] }
        expect(createPublicKey({ key, format: 'jwk' }).asymmetricKeyDetails?.modulusLength).toBe(
          2048,
        )
      })

      it('are not readable in the store', async () => {
        const { signing } = await read(keysOf(place.here))
        const text = JSON.stringify(await stored())
        for (const { d = '', n = d } of signing) {
          expect(text).not.toContain(d)
          expect(text).not.toContain(n)
        }
      })
    })

    describe('that are rotated', () => {
      it('are published a day ahead, sign 90 days, are published two hours more and kept 90 days for hints', async () => {
        const keys = keysOf(place.here)
        const first = await read(keys)
        place.now += 89 * DAY - 1
        await tend(keys)
        expect(await states()).toEqual(['RS256 1 current', 'ES256 1 current'])
        place.now += 1
        await tend(keys)
        expect(await states()).toEqual([
          ...['RS256 2 next', 'RS256 1 current'],
          ...['ES256 2 next', 'ES256 1 current'],
        ])
        const ahead = await read(keys)
        expect(kids(ahead.signing)).toEqual(kids(first.signing))
        expect(ahead.published).toHaveLength(4)
        expect(ahead.changesAt).toBe(place.now + DAY)
        place.now += DAY
        const after = await read(keys)
        expect(kids(after.signing)).not.toEqual(kids(first.signing))
        expect(kids(after.published).sort()).toEqual(kids(ahead.published).sort())
        expect(after.changesAt).toBe(place.now + 2 * HOUR)
        place.now += 2 * HOUR
        const late = await read(keys)
        expect(kids(late.published)).toEqual(kids(after.signing))
        expect(kids(late.retired)).toEqual(kids(first.signing))
        expect(late.changesAt).toBe(place.now - 2 * HOUR + 90 * DAY)
        await tend(keys)
        place.now = late.changesAt
        expect((await read(keys)).retired).toEqual([])
      })

      it('follow what the organisation chose: how long they sign, and how long a session lives', async () => {
        const { insert } = createOrganisationStore(place.here)
        const common = { name: 'Acme', locale: 'en', timeZone: 'UTC', currency: 'GBP' }
        await insert({
          ...{ ...common, _id: place.organisation, slug: place.organisation, isDefault: false },
          ...{ makesCustomers: false, createdAt: place.now, updatedAt: place.now },
          lifetimes: { keyRotation: 30 * DAY, sessionAbsolute: 200 * DAY },
        })
        const keys = keysOf(place.here)
        await read(keys)
        place.now += 29 * DAY
        await tend(keys)
        expect(await states()).toHaveLength(4)
        const former = (await stored()).filter(({ generation }) => generation === 1)
        expect(former.map(({ expiresAt }) => expiresAt)).toEqual([
          place.now + 201 * DAY,
          place.now + 201 * DAY,
        ])
      })

      it('lose the private half when they are retired, and only then', async () => {
        const keys = keysOf(place.here)
        await read(keys)
        await keys.rotation.rotate(place.organisation, { actor: 'operator' })
        const privateOnes = async () =>
          (await keys.signingKeys.forOrganisation(place.organisation)).filter(({ jwk }) =>
            isPrivate(jwk),
          )
        place.now += DAY + 2 * HOUR - 1
        await tend(keys)
        expect(await privateOnes()).toHaveLength(4)
        place.now += 1
        await tend(keys)
        expect((await privateOnes()).map(({ generation }) => generation)).toEqual([2, 2])
        expect(
          await rows().count({ organisation: place.organisation, dueAt: { $exists: true } }),
        ).toBe(2)
      })

      it('that were retired by a clock that was ahead sign no more: the next ones do', async () => {
        const keys = keysOf(place.here)
        await read(keys)
        await keys.rotation.rotate(place.organisation, { actor: 'operator' })
        await tend(keysOf(place.there, [OLD], DAY + 2 * HOUR))
        const { signing, published } = await read(keys)
        expect(signing.every(isPrivate)).toBe(true)
        expect(await states()).toEqual([
          ...['RS256 2 current', 'RS256 1 former'],
          ...['ES256 2 current', 'ES256 1 former'],
        ])
        expect(published).toHaveLength(4)
      })

      it('are rotated once by many who want it at the same time', async () => {
        const all = times(8, (index) => keysOf(index % 2 ? place.here : place.there))
        await read(keysOf(place.here))
        place.now += 89 * DAY
        await Promise.all(
          all.map((keys, index) =>
            index < 4
              ? keys.rotation.tend()
              : keys.rotation.rotate(place.organisation, { actor: 'operator' }),
          ),
        )
        expect(await states()).toEqual([
          ...['RS256 2 next', 'RS256 1 current'],
          ...['ES256 2 next', 'ES256 1 current'],
        ])
        const sets = await Promise.all(all.map(read))
        for (const set of sets) expect(set).toEqual(sets[0])
      })

      it('answer a second wish with the key that is published already', async () => {
        const keys = keysOf(place.here)
        await read(keys)
        const first = await keys.rotation.rotate(place.organisation, { actor: 'operator' })
        place.now += HOUR
        expect(await keys.rotation.rotate(place.organisation, { actor: 'operator' })).toEqual(first)
        expect(first.map(({ state, activeFrom }) => [state, activeFrom])).toEqual([
          ['next', place.now - HOUR + DAY],
          ['next', place.now - HOUR + DAY],
        ])
      })

      it('are found among those of many organisations, a slice at a time', async () => {
        const made = await read(keysOf(place.here))
        const sealed = (await stored()).find(({ alg }) => alg === 'ES256')?.sealed
        const common = { alg: 'ES256', generation: 1, sealedBy: 'x', createdAt: place.now } as const
        await Promise.all(
          times(120, (index) =>
            rows().insert({
              ...{ ...common, _id: `kid-${index}`, organisation: `org_${index}` },
              ...{ sealed: String(sealed), activeFrom: place.now, dueAt: place.now + index },
            }),
          ),
        )
        place.now += 120
        const { rotation } = keysOf(place.here)
        expect([await rotation.tend(), await rotation.tend()]).toEqual([true, false])
        expect(await rows().count({ generation: 2 })).toBe(120)
        expect(kids((await read(keysOf(place.here))).signing)).toEqual(kids(made.signing))
      })
    })

    it('of a program that did not rotate sign on, and are rotated in their time', async () => {
      const before = await read(keysOf(place.here))
      await Promise.all(
        (await stored()).map(({ _id }) =>
          rows().updateOne({ _id }, { $unset: { activeFrom: true, dueAt: true, sealedBy: true } }),
        ),
      )
      expect(await read(keysOf(place.there))).toEqual(before)
      expect((await keysOf(place.here).rotation.report(place.organisation))[0]?.sealedUnder).toBe(
        'current',
      )
      place.now += 89 * DAY
      await tend(keysOf(place.here))
      expect(await states()).toHaveLength(4)
    })

    it('are pairs: what is published fits what signs', async () => {
      const { signing, published } = await read(keysOf(place.here))
      for (const [at, jwk] of signing.entries()) {
        const pair = createPublicKey(createPrivateKey({ key: { ...jwk }, format: 'jwk' }))
        expect(published[at]).toMatchObject(pair.export({ format: 'jwk' }))
      }
    })
  })
}
