// Overviews: sign-ins by the day of the organisation, counted without a trip, and totals that are not counted for everybody who looks.

import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createEmbeddedDocuments } from '../../adapters/embedded/documents.ts'
import { dayOf, daysUpTo } from '../../src/services/organisations/days.ts'
import { createOverview } from '../../src/services/organisations/overview.ts'
import { createSignInTally } from '../../src/services/organisations/sign-in-tally.ts'
import { DAY, HOUR, MINUTE } from '../../src/shared/clock.ts'
import type { Documents } from '../../src/stores/documents.ts'
import { StoreUnavailable } from '../../src/stores/errors.ts'
import type { Organisation } from '../../src/stores/organisations.ts'
import { createSignInDayStore, signInDaysCollection } from '../../src/stores/sign-in-days.ts'
import { newFolder } from '../support/folder.ts'
import { recordingLog } from '../support/recording-log.ts'

const folder = newFolder('foyer-overview-')
let documents: Documents
beforeAll(async () => {
  documents = createEmbeddedDocuments({ file: join(folder, 'documents.db'), clock: Date })
  await documents.prepare([signInDaysCollection])
})
afterAll(async () => {
  await documents.close()
  rmSync(folder, { recursive: true })
})

/** Half past eleven in the evening in Auckland, half past ten in the morning in London. */
const NOW = Date.parse('2026-11-21T10:30:00Z')
const organisationIn = (timeZone: string, id = `org_${timeZone}`) =>
  ({ _id: id, timeZone }) as Organisation // all that is asked of it here

function partsAt(now: number) {
  const clock = { now: () => now }
  const store = createSignInDayStore(documents)
  let counted = 0
  const countTotals = async () => {
    counted += 1
    return { liveSessions: 1, clients: 2, customers: 3 }
  }
  return {
    store,
    clock,
    tally: createSignInTally({ store, clock, log: recordingLog() }),
    overview: createOverview({ days: store, countTotals, clock }),
    countings: () => counted,
  }
}

describe('days', () => {
  it.each([
    ['Pacific/Auckland', NOW, '2026-11-21'],
    ['Pacific/Auckland', NOW + HOUR, '2026-11-22'],
    ['Europe/London', NOW + HOUR, '2026-11-21'],
    ['Pacific/Pago_Pago', NOW, '2026-11-20'],
    ['Asia/Kathmandu', NOW, '2026-11-21'],
  ])('in %s are those of its clocks', (timeZone, at, day) => {
    expect(dayOf(at, timeZone)).toBe(day)
  })

  it('follow each other, also where clocks change', () => {
    const days = daysUpTo('2026-11-02', 10)
    expect(days[0]).toBe('2026-10-24')
    expect(days.at(-1)).toBe('2026-11-02')
    expect(new Set(days).size).toBe(10)
  })
})

describe('an overview', () => {
  it('has thirty days, today the last, with what was counted by several processes', async () => {
    const organisation = organisationIn('Pacific/Auckland')
    const [early, one, other] = [partsAt(NOW - 3 * DAY), partsAt(NOW), partsAt(NOW)]
    early.tally.count(organisation, { isNew: false })
    for (const { tally } of [one, other, one])
      tally.count(organisation, { isNew: tally === one.tally })
    await Promise.all([early, one, other].map(({ tally }) => tally.flush()))
    const { days, totals } = await one.overview(organisation)
    expect(days).toHaveLength(30)
    expect(days.at(-1)).toEqual({ day: '2026-11-21', signIns: 3, newAccounts: 2 })
    expect(days.at(-4)).toEqual({ day: '2026-11-18', signIns: 1, newAccounts: 0 })
    expect(days.at(-2)).toEqual({ day: '2026-11-20', signIns: 0, newAccounts: 0 })
    expect(totals).toEqual({ liveSessions: 1, clients: 2, customers: 3 })
  })

  it('counts totals once for many who look at the same time, and anew after five minutes', async () => {
    let now = NOW
    const { overview, countings, clock } = partsAt(NOW)
    clock.now = () => now
    const organisation = organisationIn('Europe/London', 'org_many')
    await Promise.all(Array.from({ length: 50 }, () => overview(organisation)))
    expect(countings()).toBe(1)
    now += 5 * MINUTE
    await overview(organisation)
    expect(countings()).toBe(2)
  })

  it('misses nobody who signed in while the store was away', async () => {
    const { store, clock, overview } = partsAt(NOW)
    let isAway = true
    const tally = createSignInTally({
      store: {
        add: async (counts) => {
          if (isAway) throw new StoreUnavailable('documents')
          await store.add(counts)
        },
      },
      clock,
      log: recordingLog(),
    })
    const organisation = organisationIn('Europe/London', 'org_away')
    tally.count(organisation, { isNew: true })
    await tally.flush()
    tally.count(organisation, { isNew: false })
    isAway = false
    await tally.flush()
    await tally.flush()
    expect((await overview(organisation)).days.at(-1)).toMatchObject({ signIns: 2, newAccounts: 1 })
  })
})
