// What ending a session promises, as cases that run on every document store.

import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { documentModels, engineCollections } from '../../adapters/oidc/placement.ts'
import { composeSessions } from '../../src/compose/sessions.ts'
import { createAudit } from '../../src/services/audit/audit.ts'
import { createJobs } from '../../src/services/events/jobs.ts'
import { createDenials } from '../../src/services/identity/sessions/denials.ts'
import {
  createLogoutNotices,
  type EndedSession,
  type LogoutNotices,
} from '../../src/services/identity/sessions/logout-notices.ts'
import type { Sessions } from '../../src/services/identity/sessions/sessions.ts'
import { DAY, MINUTE } from '../../src/shared/clock.ts'
import { createKeyring } from '../../src/shared/secrets.ts'
import { type Account, accountsCollection, createAccountStore } from '../../src/stores/accounts.ts'
import { type AuditEntry, auditCollection, createAuditStore } from '../../src/stores/audit.ts'
import { type Client, clientsCollection } from '../../src/stores/clients.ts'
import { createDenialStore, denialsCollection } from '../../src/stores/denials.ts'
import type { Documents } from '../../src/stores/documents.ts'
import { StoreUnavailable } from '../../src/stores/errors.ts'
import { createJobStore, type Job, jobsCollection } from '../../src/stores/jobs.ts'
import { type Session, sessionsCollection } from '../../src/stores/sessions.ts'
import { movableClock } from '../support/movable-clock.ts'
import { recordingLog } from '../support/recording-log.ts'

const collections = [
  accountsCollection,
  auditCollection,
  clientsCollection,
  denialsCollection,
  jobsCollection,
  ...engineCollections,
]
const nobody = async (): Promise<void> => {}

export function sessionsContract(name: string, open: () => Promise<Documents>): void {
  describe(`sessions on ${name}`, () => {
    const clock = movableClock()
    const log = recordingLog()
    let documents: Documents
    let organisation: string
    let account: string
    const rows = () => documents.collection<Session>(sessionsCollection)

    beforeAll(async () => {
      documents = await open()
      await documents.prepare(collections)
    })
    beforeEach(() => {
      organisation = `org_${randomUUID()}`
      account = `acc_${randomUUID()}`
    })
    afterAll(() => documents.close())

    const clientOf = async (_organisation: string, id: string): Promise<Client | undefined> =>
      documents.collection<Client>(clientsCollection).findOne({ _id: id })

    /** The service as one process has it. */
    function serviceOf(notices: LogoutNotices): Sessions {
      const denials = createDenials({
        store: createDenialStore(documents),
        announce: nobody,
        listen: nobody,
        clock,
        log,
      })
      return composeSessions({
        documents,
        keyring: createKeyring(['a secret']),
        clock,
        recent: { forget: nobody },
        clients: { find: clientOf },
        denials,
        notices,
        audit: createAudit({ store: createAuditStore(documents), clock }),
      })
    }
    /** Puts down what was told, as the house does it. */
    function process(): Sessions {
      const jobs = createJobs({ store: createJobStore(documents), kinds: {}, clock, log })
      return serviceOf(createLogoutNotices({ ensureJob: jobs.ensure, findClient: clientOf }))
    }

    async function begin(change: Partial<Session> = {}): Promise<Session> {
      const now = clock.now()
      const session: Session = {
        _id: randomUUID(),
        organisation,
        cookie: randomUUID(),
        payload: '{}',
        account,
        firstSeenAt: now,
        lastSeenAt: now,
        endsAt: now + 90 * DAY,
        expiresAt: now + 14 * DAY,
        version: 1,
        ...change,
      }
      await rows().insert(session)
      return session
    }
    async function listener(): Promise<string> {
      const id = `cli_${randomUUID()}`
      const client: Partial<Client> & { _id: string } = {
        _id: id,
        organisation,
        backChannelLogoutUri: 'https://app.example/logout',
      }
      await documents.collection<typeof client>(clientsCollection).insert(client)
      return id
    }
    const find = (id: string) => rows().findOne({ _id: id })
    const ref = () => ({ organisation, account })
    const email = () => `${account}@example.com`
    /** As older programs made them. */
    const makeAccount = () =>
      documents.collection<Account>(accountsCollection).insert({
        _id: account,
        organisation,
        email: email(),
        displayEmail: email(),
        createdAt: clock.now(),
        lastSignInAt: clock.now(),
      })
    async function signIn(): Promise<Account> {
      const change = { at: clock.now(), displayEmail: email(), locale: 'en' }
      const noted = await createAccountStore(documents).noteSignIn(organisation, email(), change)
      if (!noted) throw new Error('the account is gone')
      return noted
    }
    const endings = async (target: string): Promise<string[]> => {
      const audit = documents.collection<AuditEntry>(auditCollection)
      const found = await audit.find({ action: 'session.ended', target }, { limit: 10 })
      return found.map(({ actor }) => actor)
    }

    it('that have expired are ended after their applications were told, and are gone later', async () => {
      const told: (EndedSession & { wasThere: boolean })[] = []
      const service = serviceOf({
        async tell(ended) {
          told.push({ ...ended, wasThere: (await find(ended.uid))?.endedAt === undefined })
        },
      })
      const clients = { cli_1: { sid: 'sid-1', grant: randomUUID() }, cli_2: {} }
      const { _id } = await begin({ clients, expiresAt: clock.now() - 2 * MINUTE })
      const alive = await begin()
      await service.endExpired()
      const mine = told.filter((each) => each.organisation === organisation)
      expect(mine).toEqual([
        {
          organisation,
          uid: _id,
          account,
          clients: [{ client: 'cli_1', sid: 'sid-1' }],
          wasThere: true,
        },
      ])
      expect(await endings(_id)).toEqual(['system'])
      clock.forward(11 * MINUTE)
      while (!(await service.endExpired()));
      expect(await find(_id)).toBeUndefined()
      expect(await find(alive._id)).toEqual(alive)
    })

    it('are told of once, and ended once, however many processes come upon them', async () => {
      const clients = [await listener(), await listener()]
      const expired = await Promise.all(
        Array.from({ length: 30 }, () =>
          begin({
            clients: Object.fromEntries(clients.map((id) => [id, { sid: randomUUID() }])),
            expiresAt: clock.now() - 2 * MINUTE,
          }),
        ),
      )
      const run = async (service: Sessions): Promise<void> => {
        while (!(await service.endExpired()));
      }
      await Promise.all([run(process()), run(process())])
      const jobs = documents.collection<Job>(jobsCollection)
      expect(await jobs.count({ organisation })).toBe(60)
      for (const { _id } of expired) expect(await endings(_id)).toEqual(['system'])
    })

    it('are counted once among all who end them at the same time', async () => {
      for (let count = 0; count < 5; count += 1) await begin()
      const ending = Array.from({ length: 4 }, () => process().endAll(ref()))
      const counts = await Promise.all(ending)
      expect(counts.reduce((sum, each) => sum + each, 0)).toBe(5)
    })

    it('of which not everything could be ended are there for who tries again', async () => {
      let isAway = true
      const told: string[] = []
      const service = serviceOf({
        async tell({ uid }) {
          if (isAway) throw new StoreUnavailable('away')
          told.push(uid)
        },
      })
      const { _id } = await begin({ clients: { cli_1: { sid: 'sid' } } })
      await expect(service.end(ref(), _id)).rejects.toBeInstanceOf(StoreUnavailable)
      expect((await find(_id))?.endedAt).toBeUndefined()
      isAway = false
      expect(await service.end(ref(), _id)).toBe(true)
      expect(told).toEqual([_id])
      expect(await service.end(ref(), _id)).toBe(false)
    })

    it('take along an application that signed in while they ended', async () => {
      const grants = documents.collection<{ _id: string; organisation: string }>(
        documentModels.Grant,
      )
      const late = { sid: 'late', grant: randomUUID() }
      await grants.insert({ _id: late.grant, organisation })
      const told: EndedSession['clients'][] = []
      const service = serviceOf({
        async tell({ uid, clients }) {
          told.push(clients)
          if (told.length > 1) return
          const change = { $set: { 'clients.cli_late': late }, $inc: { version: 1 } }
          await rows().updateOne({ _id: uid }, change)
        },
      })
      const { _id } = await begin({ clients: { cli_1: { sid: 'first' } } })
      expect(await service.end(ref(), _id)).toBe(true)
      expect(told.at(-1)).toContainEqual({ client: 'cli_late', sid: 'late' })
      expect(await grants.findOne({ _id: late.grant })).toBeUndefined()
      expect(await endings(_id)).toHaveLength(1)
    })

    it('R16: are as many as allowed, and those unused for longest end', async () => {
      const service = process()
      const all: Session[] = []
      await makeAccount()
      for (let count = 0; count < 30; count += 1) {
        clock.forward(1)
        await service.makeRoom(await signIn(), 10)
        all.push(await begin())
      }
      const page = await service.list(ref(), { limit: 100 })
      const ids = page.items.map(({ id }) => id)
      expect(ids).toEqual(
        all
          .slice(-10)
          .reverse()
          .map(({ _id }) => _id),
      )
      await rows().updateOne({ _id: ids[9] ?? '' }, { $set: { lastSeenAt: clock.now() + 1 } })
      await service.makeRoom(await signIn(), 10)
      expect((await find(ids[9] ?? ''))?.endedAt).toBeUndefined()
      expect((await find(ids[8] ?? ''))?.endedAt).toEqual(expect.any(Number))
    })

    it('R16: are as many as allowed in an account of an older program, and when many sign in at once', async () => {
      const service = process()
      await makeAccount()
      for (let count = 0; count < 8; count += 1) await begin()
      for (let round = 0; round < 3; round += 1) {
        const entering = await Promise.all(Array.from({ length: 3 }, signIn))
        await Promise.all(entering.map((each) => service.makeRoom(each, 10)))
        for (const _each of entering) await begin()
        await service.makeRoom(await signIn(), 10)
        expect(await rows().count({ organisation, account })).toBeLessThan(10)
        await begin()
      }
    })

    it('R16: are counted anew where they ended meanwhile, before any of them has to end', async () => {
      const service = process()
      await makeAccount()
      const stays = await begin()
      for (let count = 0; count < 40; count += 1) {
        await service.makeRoom(await signIn(), 10)
        await service.end(ref(), (await begin())._id)
      }
      expect((await find(stays._id))?.endedAt).toBeUndefined()
    })

    it('R16: are shown a page at a time, also where there are ten thousand', async () => {
      for (let count = 0; count < 10_000; count += 500)
        await Promise.all(Array.from({ length: 500 }, () => begin()))
      const service = process()
      const page = await service.list(ref(), { limit: 100 })
      expect(page.items).toHaveLength(100)
      expect(page.nextCursor).toEqual(expect.any(String))
      await rows().deleteMany({ organisation })
    })
  })
}
