// How often one user may call the Client API, and how many streams it holds open.

import type { StreamLimits } from '../../http/event-streams.ts'
import { MINUTE } from '../../shared/clock.ts'

/**
 * Windows of two minutes: a user may spend two minutes' worth at once, which is the burst, and no more
 * than the rate over time. Rates a minute: 120 reads, 20 writes, 10 refreshes.
 */
export const limits = {
  read: { name: 'read', limit: 240, window: 2 * MINUTE },
  write: { name: 'write', limit: 40, window: 2 * MINUTE },
  refresh: { name: 'refresh', limit: 20, window: 2 * MINUTE },
} as const

/** By session and by account: a session is one browser, whose tabs can share a stream. Ten thousand are some 150 MiB. */
export const streamLimits: StreamLimits = { perGroup: 8, perOwner: 40, inAll: 10_000 }
