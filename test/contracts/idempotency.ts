// What idempotency keys promise, as cases that run on every document store.

import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createIdempotency, type Idempotency } from '../../src/services/events/idempotency.ts'
import { DAY, MINUTE } from '../../src/shared/clock.ts'
import { createKeyring } from '../../src/shared/secrets.ts'
import type { Documents } from '../../src/stores/documents.ts'
import { createIdempotencyStore, idempotencyCollection } from '../../src/stores/idempotency.ts'
import { type MovableClock, movableClock } from '../support/movable-clock.ts'

export function idempotencyContract(name: string, open: () => Promise<Documents>): void {
  describe(`idempotency keys on ${name}`, () => {
    let documents: Documents
    let clock: MovableClock
    let idempotency: Idempotency
    beforeAll(async () => {
      documents = await open()
      await documents.prepare([idempotencyCollection])
      clock = movableClock()
      const keyring = createKeyring(['a secret of the tests, long enough'])
      idempotency = createIdempotency({ store: createIdempotencyStore(documents), keyring, clock })
    })
    afterAll(() => documents.close())

    const keyed = (key: string, more: object = {}) => ({
      caller: 'opr_a',
      operation: 'createClient',
      key,
      request: 'what was asked',
      ...more,
    })
    /** Answers something else each time, as what makes secrets does. */
    const work = async () => randomUUID()

    it('answer the same again, and the same work is not done again', async () => {
      const key = randomUUID()
      const first = await idempotency.once(keyed(key), work)
      expect(first.isReplay).toBe(false)
      expect(await idempotency.once(keyed(key), work)).toEqual({ text: first.text, isReplay: true })
    })

    it('are the caller’s own, and the operation’s', async () => {
      const key = randomUUID()
      const first = await idempotency.once(keyed(key), work)
      for (const more of [{ caller: 'opr_b' }, { operation: 'createCustomer' }])
        expect((await idempotency.once(keyed(key, more), work)).text).not.toBe(first.text)
    })

    it('refuse another request under the same key', async () => {
      const key = randomUUID()
      await idempotency.once(keyed(key), work)
      await expect(
        idempotency.once(keyed(key, { request: 'something else' }), work),
      ).rejects.toMatchObject({ code: 'idempotency_key_reused' })
    })

    it('let one of twenty at once do it', async () => {
      const key = randomUUID()
      const done: string[] = []
      const slow = async () => {
        const text = await work()
        done.push(text)
        return text
      }
      const outcomes = await Promise.allSettled(
        Array.from({ length: 20 }, () => idempotency.once(keyed(key), slow)),
      )
      expect(done).toHaveLength(1)
      for (const outcome of outcomes)
        if (outcome.status === 'fulfilled') expect(outcome.value.text).toBe(done[0])
        else expect(outcome.reason).toMatchObject({ code: 'conflict' })
    })

    it('are free again after a refusal, and after a day', async () => {
      const key = randomUUID()
      const refusal = async () => {
        throw new TypeError('refused')
      }
      await expect(idempotency.once(keyed(key), refusal)).rejects.toThrow('refused')
      const first = await idempotency.once(keyed(key), work)
      clock.forward(DAY + 1)
      const later = await idempotency.once(keyed(key, { request: 'something else' }), work)
      expect(later).toMatchObject({ isReplay: false })
      expect(later.text).not.toBe(first.text)
    })

    it('are taken over from who was killed at it, a minute later and not before', async () => {
      const key = randomUUID()
      // At it, and never comes back.
      await new Promise<void>((resolve) => {
        const endless = () => {
          resolve()
          return new Promise<string>(() => {})
        }
        void idempotency.once(keyed(key), endless)
      })
      const begun = () => idempotency.once(keyed(key), work)
      await expect(begun()).rejects.toMatchObject({ code: 'conflict' })
      clock.forward(MINUTE)
      expect(await begun()).toMatchObject({ isReplay: false })
    })

    it('keep answers sealed: they may hold secrets', async () => {
      const key = randomUUID()
      const { text } = await idempotency.once(keyed(key), work)
      const rows = await documents
        .collection<{ _id: string }>(idempotencyCollection)
        .find({}, { limit: 100 })
      expect(rows.length).toBeGreaterThan(0)
      expect(JSON.stringify(rows)).not.toContain(text)
    })
  })
}
