// When operators are told that secrets end: at which instants, of which secrets, and never of the same thing twice.

import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { expiryOf } from '../../src/services/identity/clients/client-view.ts'
import { dueWarnings, nextWarning } from '../../src/services/identity/clients/secret-expiry.ts'
import { DAY } from '../../src/shared/clock.ts'
import type { Client } from '../../src/stores/clients.ts'

const START = 1_800_000_000_000

const secret = (id: string, days: number | undefined) => ({
  id,
  digest: '',
  hint: '',
  createdAt: START,
  ...(days !== undefined && { expiresAt: START + days * DAY }),
})
const on = (day: number): number => START + day * DAY

describe('the next warning', () => {
  it.each<[name: string, ends: (number | undefined)[], at: number, next: number | undefined]>([
    ['of a new secret is 30 days before its end', [180], 0, 150],
    ['comes after the one that is due now', [180], 150, 173],
    ['is 1 day before the end, the last time', [180], 173, 179],
    ['is none on the last day', [180], 179, undefined],
    ['is none for a secret of a day', [1], 0, undefined],
    ['is none for a secret of an earlier program, which does not end', [undefined], 0, undefined],
    ['is that of whichever secret is first', [200, 180], 0, 150],
  ])('%s', (_name, ends, at, next) => {
    const secrets = ends.map((days, index) => secret(`sec_${index}`, days))
    expect(nextWarning(secrets, on(at))).toBe(next === undefined ? undefined : on(next))
  })
})

describe('what a client ends by', () => {
  it.each<
    [
      name: string,
      ends: (number | undefined)[],
      preview: number | undefined,
      at: number | undefined,
      soon: boolean,
    ]
  >([
    ['is the first of its good secrets', [180, 90], undefined, 90, false],
    ['is no secret that is over', [0, 90], undefined, 90, false],
    ['is soon thirty days before', [30], undefined, 30, true],
    ['is nothing while no secret ends', [undefined], undefined, undefined, false],
    ['is the preview, whatever its secrets', [180], 30, 180, true],
  ])('%s', (_name, ends, preview, at, expiresSoon) => {
    const secrets = ends.map((days, index) => secret(`sec_${index}`, days))
    const expiresAt = preview === undefined ? undefined : on(preview)
    const client = { secrets, ...(expiresAt && { expiresAt }) } as Client // all that is looked at
    const secretExpiresAt = at === undefined ? undefined : on(at)
    expect(expiryOf(client, START)).toEqual({ expiresAt, secretExpiresAt, expiresSoon })
  })
})

describe('what is told', () => {
  const told = (ends: number[], since: number, now: number) =>
    dueWarnings(
      ends.map((days, index) => secret(`sec_${index}`, days)),
      { since: on(since), now: on(now) },
    ).map(({ secret: { id }, days }) => [id, days])

  it('is of one secret nothing again when another one is due', () => {
    expect(told([180, 190], 150, 150)).toEqual([['sec_0', 30]])
    expect(told([180, 190], 160, 160)).toEqual([['sec_1', 30]])
  })

  it('is the last of what was missed, and nothing of what has ended', () => {
    expect(told([180], 150, 174)).toEqual([['sec_0', 7]])
    expect(told([180, 181], 150, 180)).toEqual([['sec_1', 1]])
  })

  it('is, whenever the job runs, each warning at most once, and the last one if it ran in time', () => {
    const ends = fc.array(fc.integer({ min: 31, max: 400 }), { minLength: 1, maxLength: 3 })
    const pauses = fc.array(fc.double({ min: 0.01, max: 60, noNaN: true }), { maxLength: 60 })
    fc.assert(
      fc.property(ends, pauses, (days, waits) => {
        const secrets = days.map((end, index) => secret(`sec_${index}`, end))
        const seen: string[] = []
        const ran: number[] = []
        let warnAt = nextWarning(secrets, START)
        let now = START
        for (const wait of waits) {
          now += wait * DAY
          ran.push(now)
          if (warnAt === undefined || warnAt > now) continue
          for (const due of dueWarnings(secrets, { since: warnAt, now }))
            seen.push(`${due.secret.id} ${due.days}`)
          warnAt = nextWarning(secrets, now)
        }
        expect(new Set(seen).size).toBe(seen.length)
        for (const { id, expiresAt = 0 } of secrets)
          if (ran.some((at) => at >= expiresAt - DAY && at < expiresAt))
            expect(seen).toContain(`${id} 1`)
      }),
    )
  })
})
