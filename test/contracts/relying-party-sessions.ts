// What a session at a relying party of the house promises, as cases that run on every document store.

import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import {
  createRelyingPartySessions,
  type PartyTokens,
  type RelyingPartySessionsParts,
} from '../../src/services/identity/sessions/relying-party-sessions.ts'
import { HOUR, MINUTE, SECOND } from '../../src/shared/clock.ts'
import { createKeyring, systemRandom } from '../../src/shared/secrets.ts'
import type { Documents } from '../../src/stores/documents.ts'
import {
  createRelyingPartySessionStore,
  type RelyingPartySession,
  relyingPartySessionsCollection,
} from '../../src/stores/relying-party-sessions.ts'
import { movableClock } from '../support/movable-clock.ts'

const SECRET = 'a-secret-of-the-tests-that-is-long-enough'
const person = { email: 'ann@example.com', account: 'acc_ann', sid: 'session_ann' }
const FIRST: PartyTokens = { accessToken: 'at-0', refreshToken: 'rt', life: 10 * MINUTE }

export function relyingPartySessionsContract(name: string, open: () => Promise<Documents>): void {
  describe(`sessions of a relying party on ${name}`, () => {
    const clock = movableClock()
    let documents: Documents
    /** Access tokens that are good no more. */
    let ended: Set<string>
    let refreshes: number
    let endedAtProvider: object[]

    beforeAll(async () => {
      documents = await open()
      await documents.prepare([relyingPartySessionsCollection])
    })
    beforeEach(() => {
      ended = new Set()
      refreshes = 0
      endedAtProvider = []
    })
    afterAll(() => documents.close())

    async function refresh(): Promise<PartyTokens | undefined> {
      refreshes += 1
      return { ...FIRST, accessToken: `at-${refreshes}` }
    }

    /** The service as one process has it. */
    const processOf = (change: Partial<RelyingPartySessionsParts> = {}) =>
      createRelyingPartySessions({
        name: 'console',
        organisation: 'org_one',
        life: 12 * HOUR,
        store: createRelyingPartySessionStore(documents),
        check: async (token) => (ended.has(token) ? undefined : person),
        refresh,
        endAtProvider: async (which) => void endedAtProvider.push(which),
        keyring: createKeyring([SECRET]),
        random: systemRandom,
        clock,
        wait: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
        ...change,
      })

    async function begun(): Promise<string> {
      const started = await processOf().start(FIRST)
      return started?.cookie ?? ''
    }
    const rows = () =>
      documents
        .collection<RelyingPartySession>(relyingPartySessionsCollection)
        .find({ organisation: 'org_one' }, { limit: 1000 })

    it('does not begin with a token that is not good', async () => {
      ended.add('at-0')
      const before = (await rows()).length
      expect(await processOf().start(FIRST)).toBeUndefined()
      expect(await rows()).toHaveLength(before)
    })

    it('is open to its cookie in every process, and to no other', async () => {
      const cookie = await begun()
      expect(await processOf().open(cookie)).toMatchObject({ ...person, accessToken: 'at-0' })
      for (const other of [cookie.toLowerCase(), `${cookie}x`, '', '{"$gt":""}', 'x'.repeat(43)])
        expect(await processOf().open(other)).toBeUndefined()
      expect(await processOf({ name: 'portal' }).open(cookie)).toBeUndefined()
    })

    it('goes on while SECRET is rotated, and is over when its value is gone', async () => {
      const cookie = await begun()
      const [rotated, foreign] = [['another secret', SECRET], ['another secret']]
      expect(await processOf({ keyring: createKeyring(rotated) }).open(cookie)).toBeDefined()
      expect(await processOf({ keyring: createKeyring(foreign) }).open(cookie)).toBeUndefined()
      expect(await processOf().open(cookie)).toBeUndefined()
    })

    it('renews an expired token once, however many ask in several processes at the same instant', async () => {
      const cookie = await begun()
      clock.forward(11 * MINUTE)
      ended.add('at-0')
      const processes = [processOf(), processOf(), processOf()]
      const opened = await Promise.all(
        Array.from({ length: 24 }, (_, index) => processes[index % 3]?.open(cookie)),
      )
      expect(opened.map((each) => each?.accessToken)).toEqual(opened.map(() => 'at-1'))
      expect(refreshes).toBe(1)
    })

    it('keeps nobody waiting whose token is still good while another renews it', async () => {
      const cookie = await begun()
      clock.forward(9.5 * MINUTE)
      const provider = Promise.withResolvers<PartyTokens>()
      const asked = Promise.withResolvers<void>()
      const slow = processOf({
        refresh: () => {
          asked.resolve()
          return provider.promise
        },
      }).open(cookie)
      await asked.promise
      expect(await processOf().open(cookie)).toMatchObject({ accessToken: 'at-0' })
      provider.resolve({ ...FIRST, accessToken: 'at-slow' })
      expect(await slow).toMatchObject({ accessToken: 'at-slow' })
      expect(await processOf().open(cookie)).toMatchObject({ accessToken: 'at-slow' })
      expect(refreshes).toBe(0)
    })

    it('is over when its refresh token is refused', async () => {
      const cookie = await begun()
      ended.add('at-0')
      expect(await processOf({ refresh: async () => undefined }).open(cookie)).toBeUndefined()
      expect(await processOf().open(cookie)).toBeUndefined()
      expect(refreshes).toBe(0)
    })

    it('is over when a token that was just renewed is not good', async () => {
      const cookie = await begun()
      const nobody = processOf({ check: async () => undefined })
      expect(await nobody.open(cookie)).toBeUndefined()
      expect(await processOf().open(cookie)).toBeUndefined()
    })

    it('outlasts a provider that is away, and goes on as soon as it is back', async () => {
      const cookie = await begun()
      ended.add('at-0')
      const away = async () => {
        throw new Error('away')
      }
      await expect(processOf({ refresh: away }).open(cookie)).rejects.toThrow('away')
      expect(await processOf().open(cookie)).toMatchObject({ accessToken: 'at-1' })
    })

    it('goes on with a token that is still good while the provider is away', async () => {
      const cookie = await begun()
      clock.forward(9.5 * MINUTE)
      const away = async () => {
        throw new Error('away')
      }
      expect(await processOf({ refresh: away }).open(cookie)).toMatchObject({ accessToken: 'at-0' })
      expect(await processOf().open(cookie)).toMatchObject({ accessToken: 'at-1' })
    })

    it('is renewed by another process when the one that began has died', async () => {
      const cookie = await begun()
      ended.add('at-0')
      const asked = Promise.withResolvers<void>()
      void processOf({
        refresh: () => {
          asked.resolve()
          return new Promise(() => {})
        },
      }).open(cookie)
      await asked.promise
      const other = processOf({ wait: async (milliseconds) => clock.forward(milliseconds) })
      expect(await other.open(cookie)).toMatchObject({ accessToken: 'at-1' })
    })

    it('that was signed out while its token was renewed stays over', async () => {
      const cookie = await begun()
      ended.add('at-0')
      const provider = Promise.withResolvers<PartyTokens>()
      const asked = Promise.withResolvers<void>()
      const slow = processOf({
        refresh: () => {
          asked.resolve()
          return provider.promise
        },
      }).open(cookie)
      await asked.promise
      await processOf().end(cookie)
      provider.resolve({ ...FIRST, accessToken: 'at-late' })
      expect(await slow).toBeUndefined()
      expect(await processOf().open(cookie)).toBeUndefined()
    })

    it('ends with the whole session at the provider, or is left alone', async () => {
      const [left, signedOut] = [await begun(), await begun()]
      await processOf().leave(left)
      expect(endedAtProvider).toEqual([])
      await processOf().end(signedOut)
      await processOf().end(signedOut)
      expect(endedAtProvider).toEqual([{ account: 'acc_ann', session: 'session_ann' }])
      for (const cookie of [left, signedOut]) expect(await processOf().open(cookie)).toBeUndefined()
    })

    it('stays open when the provider cannot end its own, so that signing out can be tried again', async () => {
      const cookie = await begun()
      const away = async () => {
        throw new Error('away')
      }
      await expect(processOf({ endAtProvider: away }).end(cookie)).rejects.toThrow('away')
      expect(await processOf().open(cookie)).toBeDefined()
    })

    it('ends after its life', async () => {
      const cookie = await begun()
      clock.forward(12 * HOUR - SECOND)
      expect(await processOf().open(cookie)).toBeDefined()
      clock.forward(SECOND)
      expect(await processOf().open(cookie)).toBeUndefined()
    })
  })
}
