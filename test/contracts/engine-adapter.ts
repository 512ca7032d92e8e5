// What the engine's adapter promises, as cases that run on every pair of stores.

import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { type Adapter, type AdapterPayload, errors } from 'oidc-provider'
import { createEngineAdapter } from '../../adapters/oidc/adapter.ts'
import { createFormerCookies } from '../../adapters/oidc/former-cookies.ts'
import { engineCollections } from '../../adapters/oidc/placement.ts'
import { createRecent, type Recent } from '../../adapters/oidc/recent.ts'
import { createRotationsUnderWay } from '../../adapters/oidc/refresh-tokens.ts'
import type { SessionRequest } from '../../adapters/oidc/session-model.ts'
import { SECOND } from '../../src/shared/clock.ts'
import { createKeyring } from '../../src/shared/secrets.ts'
import type { Document, Documents } from '../../src/stores/documents.ts'
import type { Ephemeral } from '../../src/stores/ephemeral.ts'
import { createSessionStore, type Session } from '../../src/stores/sessions.ts'
import type { MovableClock } from '../support/movable-clock.ts'

const keyring = createKeyring(['a secret'])

export type EngineAdapterPort = {
  clock: MovableClock
  open(): Promise<{ documents: Documents; ephemeral: Ephemeral }>
  /** Lets time go by, for the clock and for the stores. */
  pass(milliseconds: number): Promise<void>
  /** Everything that lies in both stores, keys and values, as text. */
  dump(): Promise<string>
}

/** Nobody registers anything; that has tests of its own. */
export const noRegistration = {
  findInitialToken: async () => undefined,
  findByToken: async () => undefined,
  keepToken: async () => {},
  dropToken: async () => false,
  remove: async () => {},
}

const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index))

const LIFE = 600
/** How long a session may go unused, in seconds. */
const IDLE = 300
const lasting = ['Session', 'Grant', 'RefreshToken'] as const
const shortLived = [
  'Interaction',
  'AuthorizationCode',
  'PushedAuthorizationRequest',
  'AccessToken',
  'ClientCredentials',
  'ReplayDetection',
] as const
const models = [...lasting, ...shortLived]

export function engineAdapterContract(name: string, port: EngineAdapterPort): void {
  describe(`the engine’s adapter on ${name}`, () => {
    let stores: { documents: Documents; ephemeral: Ephemeral }
    let recent: Recent
    /** What the engine is said to be serving. */
    let request: SessionRequest | undefined
    let organisation: string
    /** A bearer value, a grant and a session that belong to one case. */
    let id: string
    let grantId: string
    let uid: string

    beforeAll(async () => {
      stores = await port.open()
      await stores.documents.prepare(engineCollections)
    })
    beforeEach(() => {
      request = undefined
      recent = createRecent({ ephemeral: stores.ephemeral, clock: port.clock })
      organisation = `org-${randomUUID()}`
      id = `bearer-${randomUUID()}`
      grantId = `grant-${randomUUID()}`
      uid = `uid-${randomUUID()}`
    })
    afterAll(() => Promise.all([stores.documents.close(), stores.ephemeral.close()]))

    function adapter(model: string, of = organisation): Adapter {
      return createEngineAdapter({
        underWay: createRotationsUnderWay(),
        formerCookies: createFormerCookies({
          ephemeral: stores.ephemeral,
          keyring,
          life: SECOND,
        }),
        sessionIdle: IDLE * SECOND,
        sessionRequest: () => request,
        onGrantEnded: async () => {},
        ...stores,
        organisation: of,
        clock: port.clock,
        recent,
        findClient: async () => undefined,
        registration: noRegistration,
        placeholderSecret: () => '',
        keyring,
      })(model) as Adapter // the factory returns a plain object
    }
    const payloadOf = (model: string): AdapterPayload => ({
      jti: id,
      kind: model,
      exp: Math.floor(port.clock.now() / 1000) + LIFE,
      accountId: 'account',
      ...(model !== 'Session' && { grantId }),
      ...(model === 'Session' && { uid }),
      ...(model === 'Interaction' && { session: { uid, cookie: id, accountId: 'account' } }),
    })
    const save = (model: string, of = organisation, key = id): Promise<unknown> =>
      Promise.resolve(adapter(model, of).upsert(key, { ...payloadOf(model), jti: key }, LIFE))
    const stored = (collection: string): Promise<Document[]> => {
      const spec = engineCollections.find((each) => each.name === collection)
      if (!spec) throw new Error(collection)
      return stores.documents.collection(spec).find({ organisation }, { limit: 100 })
    }

    describe.each(models)('%s', (model) => {
      it('is found as it was written, until it is destroyed', async () => {
        const payload = payloadOf(model)
        await adapter(model).upsert(id, payload, LIFE)
        const { session, ...written } = payload
        expect(await adapter(model).find(id)).toMatchObject(written)
        await adapter(model).destroy(id)
        await adapter(model).destroy(id)
        expect(await adapter(model).find(id)).toBeUndefined()
      })

      it('is not found under another id, by another model, or in another organisation', async () => {
        await save(model)
        const other = model === 'AccessToken' ? 'AuthorizationCode' : 'AccessToken'
        expect(await adapter(model).find(`${id}x`)).toBeUndefined()
        expect(await adapter(other).find(id)).toBeUndefined()
        expect(await adapter(model, 'org-other').find(id)).toBeUndefined()
        await adapter(model, 'org-other').destroy(id)
        expect(await adapter(model).find(id)).toBeDefined()
      })

      it('has a life time, or is refused', async () => {
        const upsert = adapter(model).upsert(id, payloadOf(model), undefined as never)
        await expect(upsert).rejects.toThrow(TypeError)
      })
    })

    it('D04: keys that databases read as paths and operators come back as they were', async () => {
      const resources = {
        'https://a.example/$set/x.y': 'a',
        $where: 'b',
        'c\0d': 'c',
        __proto__x: 'd',
      }
      for (const model of models) {
        await adapter(model).upsert(id, { ...payloadOf(model), resources }, LIFE)
        expect((await adapter(model).find(id))?.resources).toEqual(resources)
      }
    })

    it('D06: nothing is found once it has expired, removed or not', async () => {
      for (const model of models) await adapter(model).upsert(id, payloadOf(model), 1)
      await port.pass(1050)
      for (const model of models)
        expect([model, await adapter(model).find(id)]).toEqual([model, undefined])
      expect(await adapter('Session').findByUid(uid)).toBeUndefined()
    })

    it('D14: no value that a bearer could present lies in a store, and everything names its organisation', async () => {
      for (const model of models) await save(model)
      expect((await port.dump()).split(organisation).length - 1).toBeGreaterThanOrEqual(
        models.length,
      )
      // A grant lies under its own id, which opens nothing.
      expect((await stored('grants')).map((each) => each._id)).toEqual([id])
      await adapter('Grant').destroy(id)
      expect(await port.dump()).not.toContain(id)
    })

    describe.each(['AuthorizationCode', 'RefreshToken', 'PushedAuthorizationRequest'])(
      'taking a value of the kind %s',
      (model) => {
        it('O13: succeeds for one of 200 at once; the others are told invalid_grant', async () => {
          await save(model)
          const before = Math.floor(port.clock.now() / 1000)
          const results = await Promise.allSettled(times(200, () => adapter(model).consume(id)))
          expect(results.filter((each) => each.status === 'fulfilled')).toHaveLength(1)
          for (const result of results)
            if (result.status === 'rejected')
              expect(result.reason).toBeInstanceOf(errors.InvalidGrant)
          const found = await adapter(model).find(id)
          expect(found?.consumed).toBeGreaterThanOrEqual(before)
          expect(found?.consumed).toBeLessThanOrEqual(port.clock.now() / 1000)
        })

        it('that is not there is told invalid_grant', async () => {
          await expect(adapter(model).consume(id)).rejects.toBeInstanceOf(errors.InvalidGrant)
        })
      },
    )

    it('O12: a code that is used twice ends its grant, with its refresh tokens', async () => {
      await save('Grant', organisation, grantId)
      await save('RefreshToken')
      await save('AuthorizationCode')
      await adapter('AuthorizationCode').consume(id)
      expect(await adapter('Grant').find(grantId)).toBeDefined()
      await expect(adapter('AuthorizationCode').consume(id)).rejects.toThrow('invalid_grant')
      expect(await adapter('Grant').find(grantId)).toBeUndefined()
      expect(await adapter('RefreshToken').find(id)).toBeUndefined()
    })

    it('a refresh token that loses a race leaves its grant alone', async () => {
      await save('Grant', organisation, grantId)
      await save('RefreshToken')
      await Promise.allSettled(times(5, () => adapter('RefreshToken').consume(id)))
      expect(await adapter('Grant').find(grantId)).toBeDefined()
    })

    it('a proof is new to one of 50 at once', async () => {
      const results = await Promise.allSettled(times(50, () => save('ReplayDetection')))
      expect(results.filter((each) => each.status === 'fulfilled')).toHaveLength(1)
    })

    it('revoking by grant ends the refresh tokens of this grant, in this organisation, and no other', async () => {
      const keep = `${id}-keep`
      await save('RefreshToken')
      await save('RefreshToken', organisation, `${id}-too`)
      await save('RefreshToken', 'org-other', `${id}-theirs`)
      grantId = 'another-grant'
      await save('RefreshToken', organisation, keep)
      grantId = (await adapter('RefreshToken').find(id))?.grantId ?? ''
      await adapter('RefreshToken').revokeByGrantId(grantId)
      expect(await adapter('RefreshToken').find(id)).toBeUndefined()
      expect(await adapter('RefreshToken').find(`${id}-too`)).toBeUndefined()
      expect(await adapter('RefreshToken').find(keep)).toBeDefined()
      expect(await adapter('RefreshToken', 'org-other').find(`${id}-theirs`)).toBeDefined()
    })

    it('a life that is no whole number of milliseconds, or over, is no fault of the store', async () => {
      await adapter('ReplayDetection').upsert(id, payloadOf('ReplayDetection'), 1.000_000_1)
      await adapter('Interaction').upsert(id, payloadOf('Interaction'), 0)
    })

    describe('a session', () => {
      const sessions = (): Adapter => adapter('Session')
      const rotated = (): string => `${id}-rotated`

      it('is found by its uid, with the hash of its cookie in place of the cookie', async () => {
        await save('Session')
        const found = await sessions().findByUid(uid)
        expect(found).toMatchObject({ uid, accountId: 'account' })
        expect(found?.jti).not.toBe(id)
        expect(await sessions().find(String(found?.jti))).toBeUndefined()
        expect(await sessions().findByUid('uid-unknown')).toBeUndefined()
        expect(await adapter('Session', 'org-other').findByUid(uid)).toBeUndefined()
      })

      it('found by its uid is written back under the same cookie, and destroyed', async () => {
        await save('Session')
        const found = await sessions().findByUid(uid)
        if (!found?.jti) throw new Error('not found')
        await sessions().upsert(found.jti, { ...found, acr: 'changed' }, LIFE)
        expect(await sessions().find(id)).toMatchObject({ acr: 'changed' })
        await sessions().destroy(found.jti)
        expect(await sessions().find(id)).toBeUndefined()
        expect(await sessions().findByUid(uid)).toBeUndefined()
      })

      it('R11: that ended is not saved back to life by a request that had loaded it before', async () => {
        await save('Session')
        const loaded = await sessions().find(id)
        await sessions().destroy(id)
        await sessions().upsert(id, loaded ?? {}, LIFE)
        expect(await sessions().find(id)).toBeUndefined()
        expect(await sessions().findByUid(uid)).toBeUndefined()
      })

      it('R11: stays ended, however its end and such requests meet', async () => {
        for (let round = 0; round < 10; round += 1) {
          await save('Session')
          await Promise.all([save('Session'), sessions().destroy(id), save('Session')])
          expect(await sessions().find(id)).toBeUndefined()
          expect(await sessions().findByUid(uid)).toBeUndefined()
          id = `${id}-${round}`
          uid = `${uid}-${round}`
        }
      })

      /** A request that gives the session a new cookie, as the engine does. */
      async function replaceCookie(by: string, change: object = {}): Promise<void> {
        request = { userAgent: '', formerCookie: id, goOnAs: (cookie) => sent.push(cookie) }
        await sessions().destroy(id)
        await sessions().upsert(by, { ...payloadOf('Session'), jti: by, ...change }, LIFE)
        request = undefined
      }
      /** Cookies that the browser was sent after all. */
      let sent: string[] = []
      beforeEach(() => {
        sent = []
      })

      it('O25: goes on under a new cookie; the old one leads there for a moment, and then is dead', async () => {
        await save('Session')
        await replaceCookie(rotated())
        expect(await sessions().find(rotated())).toMatchObject({ uid, jti: rotated() })
        expect(await sessions().findByUid(uid)).toMatchObject({ uid })
        expect(await sessions().find(id)).toMatchObject({ uid, jti: rotated() })
        await port.pass(1050)
        expect(await sessions().find(id)).toBeUndefined()
        expect(await sessions().find(rotated())).toMatchObject({ uid })
      })

      it.each([
        ['that nobody was signed in to', undefined],
        ['of somebody else', 'another account'],
      ])(
        'O25: %s gets, by a sign-in, a cookie to which the old one never leads',
        async (_name, accountId) => {
          await sessions().upsert(id, { ...payloadOf('Session'), accountId }, LIFE)
          await replaceCookie(rotated())
          expect(await sessions().find(rotated())).toMatchObject({ accountId: 'account' })
          expect(await sessions().find(id)).toBeUndefined()
        },
      )

      it('R11: that ended is not found by the cookie that it had a moment ago', async () => {
        await save('Session')
        await replaceCookie(rotated())
        await sessions().destroy(rotated())
        expect(await sessions().find(id)).toBeUndefined()
      })

      it('gets one new cookie from two requests at once, and keeps what both of them did', async () => {
        await save('Session')
        const authorizations = (client: string) => ({
          acr: client,
          authorizations: { [client]: { sid: client } },
        })
        await replaceCookie(`${id}-1`, authorizations('cli_1'))
        await replaceCookie(`${id}-2`, authorizations('cli_2'))
        expect(sent).toEqual([`${id}-1`])
        expect(await sessions().find(`${id}-1`)).toMatchObject({
          acr: 'cli_2',
          authorizations: { cli_1: { sid: 'cli_1' }, cli_2: { sid: 'cli_2' } },
        })
        expect(await sessions().find(`${id}-2`)).toBeUndefined()
      })

      it('is saved by a request that read it before it got a new cookie, and the browser keeps the new one', async () => {
        await save('Session')
        await replaceCookie(rotated(), { acr: 'new' })
        request = { userAgent: '', goOnAs: (cookie) => sent.push(cookie) }
        const client = { cli_1: { sid: 'sid', grantId: 'grant', persistsLogout: true } }
        await sessions().upsert(id, { ...payloadOf('Session'), authorizations: client }, LIFE)
        expect(sent).toEqual([rotated()])
        expect(await sessions().find(rotated())).toMatchObject({
          acr: 'new',
          authorizations: client,
        })
        request = undefined // where no browser asks, none is told
        const [read] = (await stored('sessions')) as [Session] // the one of this case
        await sessions().upsert(id, payloadOf('Session'), LIFE)
        expect(await createSessionStore(stores.documents).end(read, 1)).toBe(false)
      })

      it('R11: whose row is gone is not made anew by the cookie of a browser that it was handed on to', async () => {
        const cookie = `${uid}.a.${randomUUID()}`
        await sessions().upsert(cookie, { ...payloadOf('Session'), jti: cookie }, LIFE)
        expect(await stored('sessions')).toEqual([])
      })

      it('knows its browser, when it was first and last used, and when it ends', async () => {
        const firstSeenAt = port.clock.now()
        const about = [expect.any(Number), expect.any(Number)]
        request = { userAgent: 'Mozilla/5.0 (X11; Linux x86_64) Firefox/130.0', goOnAs: () => {} }
        await save('Session')
        await port.pass(1000)
        request = undefined
        await save('Session')
        const [row] = (await stored('sessions')) as Session[] // what that collection holds
        expect(row).toMatchObject({ _id: uid, browser: 'Firefox', system: 'Linux' })
        expect(about).toEqual([row?.firstSeenAt, row?.lastSeenAt])
        expect(row?.firstSeenAt).toBeGreaterThanOrEqual(firstSeenAt)
        expect((row?.endsAt ?? 0) - (row?.expiresAt ?? 0)).toBe((LIFE - IDLE) * SECOND)
      })

      it('R16: does not grow by being used', async () => {
        const use = () => {
          const authorizations = { cli_1: { sid: 'sid', grantId: `grant-${randomUUID()}` } }
          return sessions().upsert(id, { ...payloadOf('Session'), authorizations }, LIFE)
        }
        const size = async () => JSON.stringify(await stored('sessions')).length
        await use()
        const before = await size()
        for (let round = 0; round < 50; round += 1) await use()
        expect(await size()).toBeLessThan(before + 20)
      })
    })
  })
}
