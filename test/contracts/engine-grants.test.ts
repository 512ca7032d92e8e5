// What applications were given, as grants of the engine: listed for their account, counted for their client, ended for both.

import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Adapter } from 'oidc-provider'
import { createEmbeddedDocuments } from '../../adapters/embedded/documents.ts'
import { createEmbeddedEphemeral } from '../../adapters/embedded/ephemeral.ts'
import {
  countGrantsOfClient,
  createGrantModel,
  listGrantsOf,
  revokeGrantsOf,
  revokeGrantsOfClient,
  revokeGrantsTo,
} from '../../adapters/oidc/grants.ts'
import { engineCollections } from '../../adapters/oidc/placement.ts'
import { createRecent } from '../../adapters/oidc/recent.ts'
import {
  createRefreshTokenModel,
  createRefreshTokenRotation,
  createRotationsUnderWay,
  findRefreshTokenOwner,
} from '../../adapters/oidc/refresh-tokens.ts'
import { SECOND } from '../../src/shared/clock.ts'
import { newFolder } from '../support/folder.ts'
import { movableClock } from '../support/movable-clock.ts'

const folder = newFolder('foyer-grants-')
const clock = movableClock()
const documents = createEmbeddedDocuments({ file: join(folder, 'documents.db'), clock })
const ephemeral = createEmbeddedEphemeral({ file: join(folder, 'ephemeral.db'), clock })
const ended: string[] = []
const parts = {
  organisation: 'org_here',
  documents,
  clock,
  recent: createRecent({ ephemeral, clock }),
  onGrantEnded: async (grant: string) => {
    ended.push(grant)
  },
}
/** More than are read at once. */
const MANY = 101
const LIFE = 60

beforeAll(() => documents.prepare(engineCollections))
afterAll(async () => {
  await Promise.all([documents.close(), ephemeral.close()])
  rmSync(folder, { recursive: true })
})

const grants = (organisation = parts.organisation): Adapter =>
  createGrantModel({ ...parts, organisation })
const openid = { scope: 'openid email' }
async function give(account: string, clientId: string, more: object = {}): Promise<string> {
  const id = `grant-${account}-${clientId}-${Math.random()}`
  const iat = Math.floor(clock.now() / SECOND)
  await grants().upsert(id, { jti: id, accountId: account, clientId, iat, openid, ...more }, LIFE)
  return id
}
async function giveMany(account: string, client: string): Promise<string[]> {
  return Promise.all(Array.from({ length: MANY }, () => give(account, client)))
}

it('say what they give, to whom and since when', async () => {
  const now = Math.floor(clock.now() / SECOND) * SECOND
  const api = { resources: { 'https://api.example': 'orders:read email' } }
  const both = await give('ana', 'cli_both', api)
  const apiAlone = await give('ana', 'cli_api', { ...api, openid: undefined })
  const identity = await give('ana', 'cli_identity')
  expect(await listGrantsOf(parts, 'ana')).toEqual(
    [
      { id: both, client: 'cli_both', scopes: ['openid', 'email', 'orders:read'], since: now },
      { id: apiAlone, client: 'cli_api', scopes: ['orders:read', 'email'], since: now },
      { id: identity, client: 'cli_identity', scopes: ['openid', 'email'], since: now },
    ].sort((a, b) => (a.id < b.id ? -1 : 1)),
  )
})

it('are listed and counted however many there are, until they expire', async () => {
  const given = await giveMany('ben', 'cli_many')
  const listed = await listGrantsOf(parts, 'ben')
  expect(listed.map(({ id }) => id)).toEqual(given.sort())
  expect(await countGrantsOfClient(parts, 'cli_many')).toBe(MANY)
  clock.forward(LIFE * SECOND)
  expect(await listGrantsOf(parts, 'ben')).toEqual([])
  expect(await countGrantsOfClient(parts, 'cli_many')).toBe(0)
})

it.each<[string, () => Promise<void>]>([
  ['of an account', () => revokeGrantsOf(parts, 'eve')],
  ['of a client', () => revokeGrantsOfClient(parts, 'cli_ended')],
  [
    'of an account to a client',
    () => revokeGrantsTo(parts, { account: 'eve', client: 'cli_ended' }),
  ],
])('%s are ended however many there are, each told of, and no others', async (_name, end) => {
  ended.length = 0
  const given = await giveMany('eve', 'cli_ended')
  const other = await give('finn', 'cli_other')
  await end()
  expect(ended.sort()).toEqual(given.sort())
  expect(await listGrantsOf(parts, 'eve')).toEqual([])
  expect(await grants().find(other)).toBeDefined()
})

it('a refresh token is found to be its organisation’s, and one that nobody has to be none’s', async () => {
  const underWay = createRotationsUnderWay()
  for (const organisation of ['org_elsewhere', 'org_here'])
    await createRefreshTokenModel({ ...parts, organisation, underWay }).upsert(
      `token of ${organisation}`,
      { grantId: 'grant', accountId: 'ana' },
      LIFE,
    )
  const ownerOf = (token: string) => findRefreshTokenOwner(documents, token)
  expect(await ownerOf('token of org_here')).toBe('org_here')
  expect(await ownerOf('token of org_elsewhere')).toBe('org_elsewhere')
  expect(await ownerOf('token of nobody')).toBeUndefined()
})

describe('a refresh token', () => {
  const refresh = { ...parts, underWay: createRotationsUnderWay() }
  const [tokens, rotation] = [createRefreshTokenModel(refresh), createRefreshTokenRotation(refresh)]
  const give = (token: string) => tokens.upsert(token, { grantId: 'g', accountId: 'hal' }, LIFE)

  it('without a grant is not written', async () => {
    await expect(tokens.upsert('of no grant', { accountId: 'hal' }, LIFE)).rejects.toThrow(
      TypeError,
    )
  })

  it('is as it was where the engine made no other in its place, in an answer or outside of one', async () => {
    await give('kept')
    const outcome = await rotation.hold('kept', async () => {
      await tokens.consume('kept')
      return rotation.commit('an answer')
    })
    expect([outcome, await rotation.commit('an answer')]).toEqual(['nothing', 'nothing'])
    expect((await tokens.find('kept'))?.consumed).toBeUndefined()
  })

  it('is, while it is being replaced, what it was when it was presented', async () => {
    await give('held')
    const other = createRefreshTokenModel({ ...parts, underWay: createRotationsUnderWay() })
    const found = await rotation.hold('held', async () => {
      await other.consume('held')
      return tokens.find('held')
    })
    expect(found).toMatchObject({ accountId: 'hal' })
    expect(found?.consumed).toBeUndefined()
    expect(await tokens.find('held')).toMatchObject({ consumed: expect.any(Number) })
  })

  it('gives nobody and no answer of its time, once it has expired', async () => {
    await give('old')
    await rotation.hold('old', async () => {
      await tokens.consume('old')
      await tokens.upsert('new', { grantId: 'g', accountId: 'hal' }, 2 * LIFE)
      await rotation.commit('an answer')
    })
    const presented = () => rotation.hold('old', async (found) => found)
    expect(await presented()).toMatchObject({
      account: 'hal',
      replacement: { answer: 'an answer' },
    })
    clock.forward(LIFE * SECOND)
    expect(await presented()).toEqual({ account: undefined })
  })
})

it('to one client are ended with their refresh tokens, and not those to another', async () => {
  const [one, other] = [await give('gil', 'cli_one'), await give('gil', 'cli_two')]
  const tokens = createRefreshTokenModel({ ...parts, underWay: createRotationsUnderWay() })
  for (const grantId of [one, other])
    await tokens.upsert(`token of ${grantId}`, { grantId, accountId: 'gil' }, LIFE)
  await revokeGrantsTo(parts, { account: 'gil', client: 'cli_one' })
  expect(await tokens.find(`token of ${one}`)).toBeUndefined()
  expect(await tokens.find(`token of ${other}`)).toBeDefined()
  expect(await grants().find(one)).toBeUndefined()
  expect(await grants().find(other)).toBeDefined()
  expect(await grants('org_elsewhere').find(other)).toBeUndefined()
})
