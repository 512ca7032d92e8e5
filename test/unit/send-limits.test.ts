// How many codes are sent: to an address, at the request of a source, and by an organisation.

import { afterAll, beforeEach, describe, expect, it } from '@jest/globals'
import { createEmbeddedEphemeral } from '../../adapters/embedded/ephemeral.ts'
import { createSendLimits } from '../../src/services/identity/limits/send-limits.ts'
import { resolveSignInSettings } from '../../src/services/identity/limits/settings.ts'
import { DAY, HOUR, MINUTE } from '../../src/shared/clock.ts'
import { createKeyring } from '../../src/shared/secrets.ts'
import { recordingLog } from '../support/recording-log.ts'

const clock = { at: 1_800_000_000_000, now: () => clock.at }
const ephemeral = createEmbeddedEphemeral({ file: ':memory:', clock })
afterAll(() => ephemeral.close())
const log = recordingLog()
const told: string[] = []
const { allowsMail, countSource } = createSendLimits({
  ephemeral,
  keyring: createKeyring(['a-secret-of-the-tests-that-is-long-enough']),
  clock,
  log,
  onCeiling: async (organisation) => void told.push(organisation),
})
const settings = resolveSignInSettings()

let organisation = ''
let count = 0
beforeEach(() => {
  count += 1
  organisation = `org_${count}`
  log.errors.length = 0
  told.length = 0
})

/** How many of so many requests for a code are mailed. */
async function mailed(times: number, base = 'ana@example.org', isKnown = false, its = settings) {
  let sent = 0
  for (let at = 0; at < times; at += 1)
    if (await allowsMail({ organisation, base, isKnown }, its)) sent += 1
  return sent
}

describe('an address', () => {
  it('gets five codes in ten minutes, ten in an hour, twenty in a day', async () => {
    expect(await mailed(8)).toBe(5)
    expect(await mailed(1, 'ben@example.org')).toBe(1)
    clock.at += 10 * MINUTE - 1
    expect(await mailed(8)).toBe(0)
    clock.at += 1
    expect(await mailed(8)).toBe(5)
    clock.at += 10 * MINUTE
    expect(await mailed(8)).toBe(0)
    clock.at += 40 * MINUTE
    expect(await mailed(20)).toBe(5)
    clock.at += 10 * MINUTE
    expect(await mailed(20)).toBe(5)
    clock.at += 2 * HOUR
    expect(await mailed(20)).toBe(0)
    clock.at += 21 * HOUR
    expect(await mailed(20)).toBe(5)
  })

  it('has all of them again at the end of a window, whatever was asked for and not sent in it', async () => {
    await mailed(100)
    clock.at += 10 * MINUTE
    expect(await mailed(100)).toBe(5)
    clock.at += 45 * MINUTE
    expect(await mailed(100)).toBe(0) // of the hour
    clock.at += 5 * MINUTE
    expect(await mailed(100)).toBe(5)
  })

  it('gets five more a day in a known browser, when strangers have asked for the others', async () => {
    await mailed(100)
    expect(await mailed(8, 'ana@example.org', true)).toBe(5)
    clock.at += 10 * MINUTE
    expect(await mailed(8, 'ana@example.org', true)).toBe(5) // as strangers do
    expect(await mailed(8, 'ana@example.org', true)).toBe(0)
    clock.at += DAY
    expect(await mailed(20, 'ana@example.org', true)).toBe(10)
  })
})

describe('a source', () => {
  const ask = (source: string) => countSource(organisation, source, settings)

  it('asks thirty times in ten minutes, and is told when to come back', async () => {
    for (let at = 0; at < 30; at += 1) expect(await ask('192.0.2.1')).toBeUndefined()
    expect(await ask('192.0.2.1')).toEqual({ retryAfter: 600 })
    expect(await ask('192.0.2.2')).toBeUndefined()
    clock.at += 10 * MINUTE - 1500
    expect(await ask('192.0.2.1')).toEqual({ retryAfter: 2 })
    clock.at += 1499
    expect(await ask('192.0.2.1')).toEqual({ retryAfter: 1 })
    clock.at += 1
    expect(await ask('192.0.2.1')).toBeUndefined()
  })
})

describe('an organisation', () => {
  it('sends no more in an hour than its ceiling, tells so once, and uses it up with nothing else', async () => {
    const its = { ...settings, sendsPerOrganisation: 12 }
    expect(await mailed(20, 'noisy@example.org', false, its)).toBe(5)
    for (let at = 0; at < 7; at += 1)
      expect(await mailed(1, `a${at}@example.org`, false, its)).toBe(1)
    expect(told).toEqual([])
    for (let at = 0; at < 7; at += 1)
      expect(await mailed(1, `b${at}@example.org`, false, its)).toBe(0)
    expect(told).toEqual([organisation])
    expect(log.errors).toEqual([
      `the hourly ceiling of mails is reached {"organisation":"${organisation}","limit":12}`,
    ])
    clock.at += HOUR
    expect(await mailed(1, 'c@example.org', false, its)).toBe(1)
  })
})
