// Kept requests and their tokens: whose they are, how long they are good, and what a copy of the store tells.

import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, it } from '@jest/globals'
import { createEmbeddedEphemeral } from '../../adapters/embedded/ephemeral.ts'
import { createRestarts, type Restarts } from '../../src/services/identity/sign-in/restarts.ts'
import { HOUR, MINUTE } from '../../src/shared/clock.ts'
import { createKeyring } from '../../src/shared/secrets.ts'
import { newFolder } from '../support/folder.ts'

const SECRET = 'the first secret of these tests'
const ANA = 'ana.dubois@example.com'

describe('a kept request', () => {
  const folder = newFolder('foyer-restarts-')
  const clock = { now: () => now }
  const ephemeral = createEmbeddedEphemeral({ file: join(folder, 'ephemeral.db'), clock })
  let now = 1_700_000_000_000
  let count = 0
  let point = { id: '', uid: '', client: '' }
  afterAll(async () => {
    await ephemeral.close()
    rmSync(folder, { recursive: true })
  })

  const withSecrets = (...secrets: string[]): Restarts =>
    createRestarts({ ephemeral, clock, keyring: createKeyring(secrets) })
  const restarts = withSecrets(SECRET)
  const read = (organisation: string, change: object = {}, by = restarts) =>
    by.read(organisation, {
      uid: point.uid,
      token: restarts.tokenFor('org_a', point),
      ...change,
    })

  beforeEach(async () => {
    count += 1
    point = { id: String(count).padStart(22, 'i'), uid: `uid-${count}`, client: 'cli_one' }
    const request = { parameters: { login_hint: ANA }, isTrusted: true, acceptedAt: now }
    await restarts.keep('org_a', point.id, request)
  })

  it('is found by the token of its page, as it was accepted', async () => {
    expect(await read('org_a')).toEqual({
      id: point.id,
      client: 'cli_one',
      request: { parameters: { login_hint: ANA }, isTrusted: true, acceptedAt: now },
      isOpen: true,
    })
  })

  it('M06: is found by no other organisation, not even that there is one', async () => {
    expect(await read('org_b')).toBeUndefined()
    const own = restarts.tokenFor('org_b', point)
    // Its own token for the same names finds nothing of the other's.
    expect(await read('org_b', { token: own })).toEqual({
      id: point.id,
      client: 'cli_one',
      isOpen: false,
    })
  })

  it('is not found from another page, or for another client', async () => {
    expect(await read('org_a', { uid: 'uid-other' })).toBeUndefined()
    const other = restarts.tokenFor('org_a', point).replace('cli_one', 'cli_two')
    expect(await read('org_a', { token: other })).toBeUndefined()
  })

  it('is not found by what is no token, nor by one with something before it', async () => {
    const token = restarts.tokenFor('org_a', point)
    for (const other of ['', 'x', '..', `x${token}`, `${token}.x`, token.replace('.', '')])
      expect(await read('org_a', { token: other })).toBeUndefined()
  })

  it('may be asked again for an hour, and leads to its client for ever', async () => {
    now += 59 * MINUTE
    expect((await read('org_a'))?.isOpen).toBe(true)
    now += MINUTE
    expect(await read('org_a')).toMatchObject({ isOpen: false, request: { isTrusted: true } })
    now += 24 * HOUR
    expect(await read('org_a')).toEqual({ id: point.id, client: 'cli_one', isOpen: false })
  })

  it('is answered once, by one of twenty at the same instant, and not asked again', async () => {
    expect(await restarts.isAnswered('org_a', point.id)).toBe(false)
    const answers = Array.from({ length: 20 }, () => restarts.answer('org_a', point.id))
    expect((await Promise.all(answers)).filter(Boolean)).toHaveLength(1)
    expect(await restarts.isAnswered('org_a', point.id)).toBe(true)
    expect((await read('org_a'))?.isOpen).toBe(false)
  })

  it('that is kept no more can still be answered', async () => {
    now += 25 * HOUR
    expect(await restarts.isAnswered('org_a', point.id)).toBe(false)
    expect(await restarts.answer('org_a', point.id)).toBe(true)
  })

  it('is good under every value of SECRET, and worthless under others', async () => {
    expect(await read('org_a', {}, withSecrets('a newer one', SECRET))).toMatchObject({
      request: { isTrusted: true },
    })
    expect(await read('org_a', {}, withSecrets('a newer one'))).toBeUndefined()
  })

  it('tells a copy of the store nothing', () => {
    const bytes = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'latin1'))
    expect(bytes.join('')).toContain('restart:')
    for (const secret of [ANA, 'login_hint', point.id, point.uid, 'cli_one'])
      expect(bytes.join('')).not.toContain(secret)
  })
})
