// What began on an own page lives and ends like every session: unused, too old, one too many, disabled, and told to whom it concerns.

import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { decodeJwt } from 'jose'
import { accountsCollection } from '../../src/stores/accounts.ts'
import { auditCollection } from '../../src/stores/audit.ts'
import { inDays } from '../support/calendar.ts'
import { createOwnPage, type OwnPage } from '../support/challenge.ts'
import { callerOf } from '../support/client-api.ts'
import { refresh } from '../support/endpoints.ts'
import { eventually } from '../support/eventually.ts'
import { type LogoutListener, startLogoutListener } from '../support/logout-listener.ts'
import { startServer, type TestServer } from '../support/server.ts'
import { freshAddress, roomyLimits } from '../support/sign-in-pages.ts'

let server: TestServer
let client: { client_id: string }
let listener: LogoutListener
let page: OwnPage

beforeAll(async () => {
  server = await startServer()
  await server.changeSignIn(roomyLimits)
  listener = await startLogoutListener()
  client = await server.register({
    kind: 'native',
    firstParty: true,
    redirectUris: ['com.shop.app:/callback'],
    backChannelLogoutUri: listener.uri,
  })
  page = createOwnPage(server, client)
})
afterAll(() => Promise.all([server.stop(), listener.stop()]))

type Tokens = { [member: string]: unknown }

const renewed = async ({ refresh_token }: Tokens): Promise<Tokens | undefined> => {
  const { status, body } = await refresh(server, client, { refresh_token })
  return status === 200 ? body : undefined
}
const isLive = async ({ access_token }: Tokens): Promise<boolean> =>
  (await callerOf(server, String(access_token))('GET', '/profile')).status === 200

it('ends when it was not used for two weeks, and lives on by being refreshed', async () => {
  const [unused, used] = [await page.signIn(freshAddress()), await page.signIn(freshAddress())]
  let tokens: Tokens | undefined = used
  for (const day of [13, 26, 39]) tokens = await inDays(day, () => renewed(tokens ?? {}))
  expect(tokens).toBeDefined()
  expect(await inDays(14.1, () => renewed(unused))).toBeUndefined()
})

it('ends after ninety days, however often it was used', async () => {
  let tokens: Tokens | undefined = await page.signIn(freshAddress())
  for (let day = 10; day < 90; day += 10) tokens = await inDays(day, () => renewed(tokens ?? {}))
  expect(tokens).toBeDefined()
  expect(await inDays(90.1, () => renewed(tokens ?? {}))).toBeUndefined()
})

it('outlives its session with `offline_access`, which needs no prompt here', async () => {
  const scope = 'openid profile:read offline_access'
  const tokens = await page.signIn(freshAddress(), { scope })
  expect(tokens.scope).toBe('openid offline_access profile:read')
  await inDays(20, async () => {
    await server.jobs.runDue() // which ends what has expired
    expect(await renewed(tokens)).toBeDefined()
  })
})

it('R12: tells its application that it is over, by the `sid` of the ID token', async () => {
  const email = freshAddress()
  const tokens = await page.signIn(email)
  const other = await page.signIn(email)
  const { sid } = decodeJwt(tokens.access_token ?? '')
  const before = listener.told.length
  await callerOf(server, other.access_token)('DELETE', `/sessions/${sid}`)
  await eventually(async () => expect(listener.told).toHaveLength(before + 1))
  const told = decodeJwt(listener.told.at(-1)?.token ?? '')
  const id = decodeJwt(tokens.id_token ?? '')
  expect(told).toMatchObject({ iss: server.baseUrl, sub: id.sub, sid: id.sid })
  expect([await isLive(tokens), await isLive(other)]).toEqual([false, true])
})

it('makes room: where an account may have two, the third ends the one unused for longest', async () => {
  await server.changeSignIn({ ...roomyLimits, sessionsPerAccount: 2 })
  const email = freshAddress()
  const all: Tokens[] = []
  for (let at = 0; at < 3; at += 1) {
    all.push(await page.signIn(email))
    server.clock.forward(60_000)
  }
  await server.changeSignIn(roomyLimits)
  expect(await Promise.all(all.map(isLive))).toEqual([false, true, true])
})

it('begins for nobody who was disabled, with the right code or with a code for tokens', async () => {
  const email = freshAddress()
  await page.signIn(email)
  const code = await page.codeOf(email)
  await server.documents
    .collection(accountsCollection)
    .updateOne({ email, organisation: server.organisation._id }, { $set: { disabledAt: 1 } })
  server.clock.forward(3000)
  expect((await page.redeem(code)).body.error).toBe('invalid_grant')
  const session = await page.begun(email)
  const { status, body } = await page.prove(session, await server.codeFor(email))
  expect({ status, error: body.error }).toEqual({ status: 400, error: 'too_many_attempts' })
})

it('makes an account and a customer of who comes for the first time, and says so in the audit log', async () => {
  const { id_token, access_token } = await page.signIn(freshAddress())
  const { sub } = decodeJwt(id_token ?? '')
  const profile = await callerOf(server, access_token)('GET', '/profile')
  expect(profile.data.id).toMatch(/^cus_/)
  const rows = await server.documents
    .collection<{ _id: string; action: string; source: string }>(auditCollection)
    .find({ organisation: server.organisation._id, actor: String(sub) }, { limit: 5 })
  expect(rows.map(({ action }) => action)).toEqual(['account.created'])
})
