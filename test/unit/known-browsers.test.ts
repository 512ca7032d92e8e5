// The cookie of a known browser: what it proves, to whom, and for how long.

import { describe, expect, it } from '@jest/globals'
import { createKnownBrowsers } from '../../src/services/identity/limits/known-browsers.ts'
import { resolveSignInSettings } from '../../src/services/identity/limits/settings.ts'
import { DAY } from '../../src/shared/clock.ts'
import { createKeyring, systemRandom } from '../../src/shared/secrets.ts'
import { stoppedClock } from '../support/guessed-sign-in.ts'

const settings = resolveSignInSettings()
const SECRET = 'one-secret-of-the-tests-that-is-long-enough'
const NEXT = 'next-secret-of-the-tests-that-is-long-enough'
const ann = { organisation: 'org_1', email: 'ann@example.org' }
/** A cookie in form, if worth nothing. */
const WHOLE = `${'b'.repeat(22)}.1.${'d'.repeat(43)}`

function browsers(secrets = [SECRET], clock = stoppedClock()) {
  const parts = { keyring: createKeyring(secrets), random: systemRandom, clock }
  return { clock, ...createKnownBrowsers(parts) }
}

describe('the cookie of a known browser', () => {
  it('proves one address of one organisation', () => {
    const { recognise, remember } = browsers()
    const { value } = remember(undefined, ann, settings)
    expect(recognise(value, ann, settings)).toMatch(/^[\w-]{43}$/)
    for (const other of [
      { ...ann, organisation: 'org_2' },
      { ...ann, email: 'bob@example.org' },
      { organisation: 'org_', email: '1ann@example.org' },
    ])
      expect(recognise(value, other, settings)).toBeUndefined()
  })

  it('is the same browser after the next proof, and another one without its cookie', () => {
    const { recognise, remember } = browsers()
    const first = remember(undefined, ann, settings).value
    const again = remember(first, ann, settings).value
    expect(recognise(again, ann, settings)).toBe(recognise(first, ann, settings))
    expect(again.split('.')).toHaveLength(3)
    const other = remember(undefined, ann, settings).value
    expect(recognise(other, ann, settings)).not.toBe(recognise(first, ann, settings))
  })

  it('holds five addresses, the latest ones', () => {
    const { recognise, remember } = browsers()
    const owners = [...Array(7).keys()].map((at) => ({ ...ann, email: `a${at}@example.org` }))
    let value: string | undefined
    for (const owner of owners) value = remember(value, owner, settings).value
    const known = owners.map((owner) => recognise(value, owner, settings) !== undefined)
    expect(known).toEqual([false, false, true, true, true, true, true])
    expect(value?.length).toBeLessThan(350)
  })

  it('ends half a year after the last proof', () => {
    const { clock, recognise, remember } = browsers()
    const { value, maxAge } = remember(undefined, ann, settings)
    expect(maxAge).toBe(180 * DAY)
    clock.forward(180 * DAY - 1)
    expect(recognise(value, ann, settings)).toBeDefined()
    clock.forward(1)
    expect(recognise(value, ann, settings)).toBeUndefined()
  })

  it('stays good while SECRET is changed, and not under another one', () => {
    const { value } = browsers().remember(undefined, ann, settings)
    expect(browsers([NEXT, SECRET]).recognise(value, ann, settings)).toBeDefined()
    expect(browsers([NEXT]).recognise(value, ann, settings)).toBeUndefined()
  })

  it.each([
    ...['', '.', 'x', `${'a'.repeat(22)}.1`, 'a.b.c', `${'.1.'.repeat(9999)}`, '\u0000'],
    ...[`a.${WHOLE}`, `${WHOLE}.a`, `${WHOLE}\n`],
  ])('is nothing when it is %j', (value) => {
    const { recognise, remember } = browsers()
    expect(recognise(value, ann, settings)).toBeUndefined()
    const anew = remember(value, ann, settings).value
    expect(anew).toMatch(/^[\w-]{22}\.[0-9a-z]+\.[\w-]{43}$/)
    expect(recognise(anew, ann, settings)).toBeDefined()
  })
})
