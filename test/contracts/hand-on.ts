// What handing a session on promises, as cases that run on every document store.

import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { createHandOn } from '../../adapters/oidc/hand-on.ts'
import { engineCollections } from '../../adapters/oidc/placement.ts'
import { hashOf, places, whereCookie } from '../../adapters/oidc/session-cookies.ts'
import { DAY, HOUR } from '../../src/shared/clock.ts'
import { systemRandom } from '../../src/shared/secrets.ts'
import type { Documents } from '../../src/stores/documents.ts'
import { createSessionStore, type Session, sessionsCollection } from '../../src/stores/sessions.ts'
import { movableClock } from '../support/movable-clock.ts'

const ACCOUNT = 'acc_1'

export function handOnContract(name: string, open: () => Promise<Documents>): void {
  describe(`handing a session on, on ${name}`, () => {
    const clock = movableClock()
    let documents: Documents
    let organisation: string
    let session: Session
    let handOn: ReturnType<typeof createHandOn>
    const rows = () => documents.collection<Session>(sessionsCollection)
    const found = (cookie: string) => rows().findOne({ ...whereCookie(cookie), organisation })
    const row = () => rows().findOne({ _id: session._id })

    beforeAll(async () => {
      documents = await open()
      await documents.prepare(engineCollections)
    })
    beforeEach(async () => {
      organisation = `org_${randomUUID()}`
      const now = clock.now()
      session = {
        _id: randomUUID(),
        organisation,
        cookie: hashOf(randomUUID()),
        payload: '{}',
        account: ACCOUNT,
        firstSeenAt: now,
        lastSeenAt: now,
        endsAt: now + 90 * DAY,
        expiresAt: now + 14 * DAY,
        version: 1,
      }
      await rows().insert(session)
      handOn = createHandOn({
        organisation,
        documents,
        clock,
        recent: {
          find: (_key, read) => read(),
          keep: async (_key, write) => void (await write()),
          forget: async () => {},
        },
        sessionIdle: 14 * DAY,
        random: systemRandom,
      })
    })
    afterAll(() => documents.close())

    it('gives it a cookie of its own, which is stored hashed, and leaves the others', async () => {
      const cookie = String(await handOn(session._id, ACCOUNT))
      expect((await found(cookie))?._id).toBe(session._id)
      const stored = await row()
      expect(stored?.cookie).toBe(session.cookie)
      expect(JSON.stringify(stored)).not.toContain(cookie.split('.').at(-1))
    })

    it('is a use of it', async () => {
      clock.forward(HOUR)
      await handOn(session._id, ACCOUNT)
      const stored = await row()
      expect(stored?.lastSeenAt).toBeGreaterThanOrEqual(session.lastSeenAt + HOUR)
      expect(stored?.expiresAt).toBeGreaterThanOrEqual(session.expiresAt + HOUR)
    })

    it('gives as many cookies as it is asked for at once, and each is good', async () => {
      const asked = places.map(() => handOn(session._id, ACCOUNT))
      const cookies = (await Promise.all(asked)).map(String)
      for (const cookie of cookies) expect((await found(cookie))?._id).toBe(session._id)
    })

    it('R16: keeps the newest eight', async () => {
      const cookies: string[] = []
      for (let round = 0; round < 2 * places.length; round += 1) {
        clock.forward(1)
        cookies.push(String(await handOn(session._id, ACCOUNT)))
      }
      const known = await Promise.all(cookies.map(found))
      expect(known.map(Boolean)).toEqual(cookies.map((_, index) => index >= places.length))
    })

    it('does nothing for another account, another organisation or a uid that is none', async () => {
      expect(await handOn(session._id, 'acc_2')).toBeUndefined()
      expect(await handOn(randomUUID(), ACCOUNT)).toBeUndefined()
      await rows().updateOne({ _id: session._id }, { $set: { organisation: 'org_other' } })
      expect(await handOn(session._id, ACCOUNT)).toBeUndefined()
    })

    it('R11: does nothing for one that has expired or ended, and takes its cookies along', async () => {
      const cookie = String(await handOn(session._id, ACCOUNT))
      const read = await row()
      if (!read) throw new Error('it is there')
      expect(await createSessionStore(documents).end(read, clock.now())).toBe(true)
      expect(await found(cookie)).toBeUndefined()
      expect(await handOn(session._id, ACCOUNT)).toBeUndefined()
      expect((await row())?.handedOn).toBeUndefined()
    })
  })
}
