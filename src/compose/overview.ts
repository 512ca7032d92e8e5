// Overviews of organisations, joined to what they count.

import { createOverview, type ShowOverview } from '../services/organisations/overview.ts'
import type { Clock } from '../shared/clock.ts'
import type { Documents } from '../stores/documents.ts'
import { createSignInDayStore } from '../stores/sign-in-days.ts'
import { createTotals } from '../stores/totals.ts'

export function composeOverview(parts: { documents: Documents; clock: Clock }): ShowOverview {
  const { documents, clock } = parts
  return createOverview({
    days: createSignInDayStore(documents),
    countTotals: createTotals(documents),
    clock,
  })
}
