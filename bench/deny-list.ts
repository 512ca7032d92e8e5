// The deny-list check, as every request with an access token makes it: in this process, without a store behind it.

import { createDenials } from '../src/services/identity/sessions/denials.ts'
import { createLog } from '../src/shared/log.ts'
import type { Denial } from '../src/stores/denials.ts'
import { type DenyListFigures, median } from './report.ts'

const SIZES = [0, 10_000, 100_000]
const ROUNDS = 9
const CALLS = 200_000
/** Of different customers; one in a hundred is denied. */
const TOKENS = 10_000

export async function measureDenyList(): Promise<DenyListFigures[]> {
  const figures: DenyListFigures[] = []
  for (const size of SIZES) figures.push({ denials: size, microseconds: await checkAmong(size) })
  return figures
}

async function checkAmong(size: number): Promise<number> {
  const denials = createDenials({
    store: {
      put: async () => {},
      lift: async () => {},
      since: async () => Array.from({ length: size }, denial),
    },
    announce: async () => {},
    listen: async () => {},
    clock: Date,
    log: createLog({ level: 'silent', format: 'json' }),
  })
  await denials.load()
  const origins = Array.from({ length: TOKENS }, (_, index) => ({
    sid: sessionOf(size - TOKENS / 100 + index),
    grantId: `grant-${index}`,
    account: `account-${index}`,
  }))
  const rounds: number[] = []
  for (let round = 0; round <= ROUNDS; round += 1) {
    const before = process.cpuUsage()
    let denied = 0
    for (let call = 0; call < CALLS; call += TOKENS)
      for (const origin of origins) if (denials.isDenied(origin)) denied += 1
    const { user, system } = process.cpuUsage(before)
    if (denied !== (size > 0 ? CALLS / 100 : 0)) throw new Error(`${denied} were denied`)
    if (round > 0) rounds.push((user + system) / CALLS) // the first one warms
  }
  return median(rounds)
}

function sessionOf(index: number): string {
  return `session-${index}`
}

function denial(_: unknown, index: number): Denial {
  const at = Date.now()
  const _id = `session/${sessionOf(index)}`
  return { _id, organisation: 'org', at, expiresAt: at + 3_600_000 }
}
