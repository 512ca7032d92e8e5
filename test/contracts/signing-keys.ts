// What is promised of signing keys, from the first use to the last hint, as cases that run on every document store.

import { createPrivateKey, createPublicKey, generateKeyPairSync, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { composeKeys, type Keys } from '../../src/compose/keys.ts'
import { type Jwk, sealKey } from '../../src/services/identity/key-material.ts'
import { keySetAt } from '../../src/services/identity/signing-keys.ts'
import { DAY, HOUR, MINUTE } from '../../src/shared/clock.ts'
import { createKeyring } from '../../src/shared/secrets.ts'
import { type AuditEntry, auditCollection } from '../../src/stores/audit.ts'
import type { Documents } from '../../src/stores/documents.ts'
import { type SigningKey, signingKeysCollection } from '../../src/stores/signing-keys.ts'
import { recordingLog } from '../support/server.ts'

const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index))
const [OLD, NEW] = ['an-old-secret', 'a-new-secret']

/** `open` is called twice: for one process and for another beside it. */
export function signingKeysContract(name: string, open: () => Promise<Documents>): void {
  describe(`signing keys on ${name}`, () => {
    let here: Documents
    let there: Documents
    /** Of one case alone. */
    let organisation: string
    let now = 1_000_000_000_000
    const log = recordingLog()

    beforeAll(async () => {
      here = await open()
      there = await open()
      await here.prepare([signingKeysCollection, auditCollection])
      await there.prepare([signingKeysCollection, auditCollection])
    })
    beforeEach(async () => {
      organisation = `org_${randomUUID()}`
      await rows().deleteMany({})
    })
    afterAll(() => Promise.all([here.close(), there.close()]))

    const keysOf = (documents: Documents, secrets: readonly string[] = [OLD], ahead = 0): Keys =>
      composeKeys({
        documents,
        keyring: createKeyring(secrets),
        clock: { now: () => now + ahead },
        log,
      })
    const rows = () => here.collection<SigningKey>(signingKeysCollection)
    const stored = () =>
      rows().find(
        { organisation },
        {
          sort: [
            ['alg', -1],
            ['generation', 1],
          ],
          limit: 100,
        },
      )
    const read = async (keys: Keys) =>
      keySetAt(await keys.signingKeys.forOrganisation(organisation), now)
    const kids = (jwks: readonly Jwk[]): string[] => jwks.map(({ kid }) => kid)
    /** Does what is due, as the job does. */
    const tend = async (keys: Keys): Promise<void> => {
      while (await keys.rotation.tend());
    }
    /** What each key is good for, by its generation. */
    const states = async (): Promise<string[]> =>
      (await keysOf(here).rotation.report(organisation)).map(
        ({ alg, generation, state }) => `${alg} ${generation} ${state}`,
      )
    const isPrivate = ({ d }: Jwk): boolean => d !== undefined

    describe('at the first use', () => {
      it('are made once, however many processes make them, and sign at once', async () => {
        const makers = times(12, (index) => keysOf(index % 2 ? here : there))
        const sets = await Promise.all(makers.map(read))
        for (const set of sets) expect(set).toEqual(sets[0])
        expect(sets[0]?.signing.map(({ alg }) => alg)).toEqual(['RS256', 'ES256'])
        expect(await stored()).toHaveLength(2)
      })

      it('sign also for a process whose clock is behind the maker’s', async () => {
        const made = await read(keysOf(there, [OLD], MINUTE))
        expect(await read(keysOf(here))).toMatchObject({ signing: made.signing })
      })

      it('J14: are of 2048 bits, and nothing private is published', async () => {
        const { signing, published } = await read(keysOf(here))
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
        const { signing } = await read(keysOf(here))
        const text = JSON.stringify(await stored())
        for (const { d = '', n = d } of signing) {
          expect(text).not.toContain(d)
          expect(text).not.toContain(n)
        }
      })
    })

    it('J14: a weak key is refused, wherever it came from', async () => {
      await read(keysOf(here))
      const [key] = await stored()
      const weak = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey
      const jwk = { ...weak.export({ format: 'jwk' }), kid: key?._id, alg: 'RS256' } as Jwk // all text
      await rows().updateOne(
        { _id: String(key?._id) },
        { $set: sealKey(createKeyring([OLD]), organisation, jwk) },
      )
      await expect(read(keysOf(here))).rejects.toMatchObject({
        detail: `signing key ${key?._id} is weak`,
      })
    })

    describe('that are rotated', () => {
      it('are published a day ahead, sign 90 days, are published two hours more and kept 90 days for hints', async () => {
        const keys = keysOf(here)
        const first = await read(keys)
        now += 89 * DAY - 1
        await tend(keys)
        expect(await states()).toEqual(['RS256 1 current', 'ES256 1 current'])
        now += 1
        await tend(keys)
        expect(await states()).toEqual([
          ...['RS256 2 next', 'RS256 1 current'],
          ...['ES256 2 next', 'ES256 1 current'],
        ])
        const ahead = await read(keys)
        expect(kids(ahead.signing)).toEqual(kids(first.signing))
        expect(ahead.published).toHaveLength(4)
        expect(ahead.changesAt).toBe(now + DAY)
        now += DAY
        const after = await read(keys)
        expect(kids(after.signing)).not.toEqual(kids(first.signing))
        expect(kids(after.published).sort()).toEqual(kids(ahead.published).sort())
        expect(after.changesAt).toBe(now + 2 * HOUR)
        now += 2 * HOUR
        const late = await read(keys)
        expect(kids(late.published)).toEqual(kids(after.signing))
        expect(kids(late.retired)).toEqual(kids(first.signing))
        expect(late.changesAt).toBe(now - 2 * HOUR + 90 * DAY)
        await tend(keys)
        now = late.changesAt
        expect((await read(keys)).retired).toEqual([])
      })

      it('lose the private half when they are retired, and only then', async () => {
        const keys = keysOf(here)
        await read(keys)
        await keys.rotation.rotate(organisation, 'operator')
        const privateOnes = async () =>
          (await keys.signingKeys.forOrganisation(organisation)).filter(({ jwk }) => isPrivate(jwk))
        now += DAY + 2 * HOUR - 1
        await tend(keys)
        expect(await privateOnes()).toHaveLength(4)
        now += 1
        await tend(keys)
        expect((await privateOnes()).map(({ generation }) => generation)).toEqual([2, 2])
        expect(await rows().count({ organisation, dueAt: { $exists: true } })).toBe(2)
      })

      it('that were retired by a clock that was ahead sign no more: the next ones do', async () => {
        const keys = keysOf(here)
        await read(keys)
        await keys.rotation.rotate(organisation, 'operator')
        await tend(keysOf(there, [OLD], DAY + 2 * HOUR))
        const { signing, published } = await read(keys)
        expect(signing.every(isPrivate)).toBe(true)
        expect(await states()).toEqual([
          ...['RS256 2 current', 'RS256 1 former'],
          ...['ES256 2 current', 'ES256 1 former'],
        ])
        expect(published).toHaveLength(4)
      })

      it('are rotated once by many who want it at the same time', async () => {
        const all = times(8, (index) => keysOf(index % 2 ? here : there))
        await read(keysOf(here))
        now += 89 * DAY
        await Promise.all(
          all.map((keys, index) =>
            index < 4 ? keys.rotation.tend() : keys.rotation.rotate(organisation, 'operator'),
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
        const keys = keysOf(here)
        await read(keys)
        const first = await keys.rotation.rotate(organisation, 'operator')
        now += HOUR
        expect(await keys.rotation.rotate(organisation, 'operator')).toEqual(first)
        expect(first.map(({ state, activeFrom }) => [state, activeFrom])).toEqual([
          ['next', now - HOUR + DAY],
          ['next', now - HOUR + DAY],
        ])
      })

      it('are found among those of many organisations, a slice at a time', async () => {
        const made = await read(keysOf(here))
        const sealed = (await stored()).find(({ alg }) => alg === 'ES256')?.sealed
        const common = { alg: 'ES256', generation: 1, sealedBy: 'x', createdAt: now } as const
        await Promise.all(
          times(120, (index) =>
            rows().insert({
              ...{ ...common, _id: `kid-${index}`, organisation: `org_${index}` },
              ...{ sealed: String(sealed), activeFrom: now, dueAt: now + index },
            }),
          ),
        )
        now += 120
        const { rotation } = keysOf(here)
        expect([await rotation.tend(), await rotation.tend()]).toEqual([true, false])
        expect(await rows().count({ generation: 2 })).toBe(120)
        expect(kids((await read(keysOf(here))).signing)).toEqual(kids(made.signing))
      })
    })

    describe('that are replaced in an emergency', () => {
      it('are withdrawn, the next and the former ones too, and the new ones sign at once', async () => {
        const keys = keysOf(here)
        await read(keys)
        await keys.rotation.rotate(organisation, 'operator')
        now += DAY
        await keys.rotation.rotate(organisation, 'operator')
        const before = kids((await read(keys)).published)
        expect(before).toHaveLength(6)
        const { withdrawn } = await keys.rotation.replace(organisation, 'operator')
        expect(withdrawn.sort()).toEqual(before.sort())
        expect(await states()).toEqual(['RS256 4 current', 'ES256 4 current'])
        const { signing, published, retired } = await read(keys)
        expect(kids(published)).toEqual(kids(signing))
        expect(retired).toEqual([])
      })

      it('by several at once, or while they are rotated, leave one key of each kind', async () => {
        await read(keysOf(here))
        now += 89 * DAY
        const outcomes = await Promise.allSettled([
          ...times(3, (index) =>
            keysOf(index % 2 ? here : there).rotation.replace(organisation, 'operator'),
          ),
          keysOf(there).rotation.tend(),
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
        await read(keysOf(here))
        const [first] = await stored()
        await keysOf(here).rotation.replace(organisation, 'operator')
        const before = await read(keysOf(here))
        // As a maker of the first key would that was held up before it wrote.
        await rows().insert({ ...(first as SigningKey), _id: randomUUID() }) // it was found
        expect(await read(keysOf(here))).toEqual(before)
      })

      it('are audited, key by key', async () => {
        const keys = keysOf(here)
        const first = kids((await read(keys)).signing)
        now += 89 * DAY
        await tend(keys)
        const { keys: made } = await keys.rotation.replace(organisation, 'operator')
        const audited = await here
          .collection<AuditEntry>(auditCollection)
          .find({ organisation }, { limit: 100 })
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
        const before = await read(keysOf(here))
        await keysOf(here).rotation.rotate(organisation, 'operator')
        now += DAY + 2 * HOUR
        await tend(keysOf(here)) // generation 1 is retired
        const both = keysOf(here, [NEW, OLD])
        const seals = async () =>
          (await both.rotation.report(organisation)).map(({ sealedUnder }) => sealedUnder)
        expect(await seals()).toEqual(times(4, () => 'older'))
        await tend(both)
        expect(await seals()).toEqual(times(4, () => 'current'))
        const after = await read(keysOf(there, [NEW]))
        expect(after).toEqual(await read(both))
        expect(kids(after.retired)).toEqual(kids(before.signing))
        await expect(read(keysOf(here))).rejects.toMatchObject({
          detail: expect.stringMatching(/^signing key \S+ does not open: SECRET must still list/),
        })
      })

      it('never get back a private half that was taken meanwhile', async () => {
        const keys = keysOf(here)
        await read(keys)
        await keys.rotation.rotate(organisation, 'operator')
        now += DAY + 2 * HOUR
        await Promise.all([
          keysOf(here).rotation.tend(),
          ...times(3, () => keysOf(there, [NEW, OLD]).rotation.tend()),
        ])
        await tend(keysOf(there, [NEW, OLD]))
        const found = await keysOf(here, [NEW, OLD]).signingKeys.forOrganisation(organisation)
        expect(
          found.map(({ generation, jwk }) => `${generation} ${isPrivate(jwk)}`).sort(),
        ).toEqual(['1 false', '1 false', '2 true', '2 true'])
      })

      it('are left out when they are former ones that no value opens', async () => {
        await read(keysOf(here))
        await keysOf(here).rotation.rotate(organisation, 'operator')
        now += DAY
        const [former, current] = await stored()
        await rows().updateOne(
          { _id: String(former?._id) },
          { $set: { sealed: String(current?.sealed) } }, // sealed for another kid: opens for none
        )
        const { published } = await read(keysOf(here))
        expect(kids(published)).not.toContain(former?._id)
        expect(published).toHaveLength(3)
        expect(log.lines.at(-1)).toContain(`"kid":"${former?._id}"`)
      })
    })

    it('of a program that did not rotate sign on, and are rotated in their time', async () => {
      const before = await read(keysOf(here))
      await Promise.all(
        (await stored()).map(({ _id }) =>
          rows().updateOne({ _id }, { $unset: { activeFrom: true, dueAt: true, sealedBy: true } }),
        ),
      )
      expect(await read(keysOf(there))).toEqual(before)
      expect((await keysOf(here).rotation.report(organisation))[0]?.sealedUnder).toBe('current')
      now += 89 * DAY
      await tend(keysOf(here))
      expect(await states()).toHaveLength(4)
    })

    it('J15: one kid in two organisations cannot be', async () => {
      await read(keysOf(here))
      const [key] = await stored()
      const elsewhere = { ...key, organisation: `org_${randomUUID()}` } as SigningKey // it was found
      await expect(rows().insert(elsewhere)).rejects.toMatchObject({ name: 'AlreadyExists' })
    })

    it('open for no other organisation, even from within the store', async () => {
      await read(keysOf(here))
      const [key] = await stored()
      const thief = `org_${randomUUID()}`
      await rows().updateOne({ _id: String(key?._id) }, { $set: { organisation: thief } })
      await expect(keysOf(here).signingKeys.forOrganisation(thief)).rejects.toMatchObject({
        detail: expect.stringContaining('does not open'),
      })
    })

    it('are pairs: what is published fits what signs', async () => {
      const { signing, published } = await read(keysOf(here))
      for (const [at, jwk] of signing.entries()) {
        const pair = createPublicKey(createPrivateKey({ key: { ...jwk }, format: 'jwk' }))
        expect(published[at]).toMatchObject(pair.export({ format: 'jwk' }))
      }
    })
  })
}
