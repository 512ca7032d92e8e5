// From the rounds' figures to what is printed: best and median, ratios, and the floor.

/** One round of one operation on one target. */
export type Round = { cpuPerOperation: number; perSecond: number }

export type Figures = {
  operation: string
  target: string
  /** Server CPU per operation in milliseconds: the best round, and the middle one. */
  best: number
  median: number
  /** Operations a second by the wall clock, of the best round. */
  perSecond: number
}

export function figuresOf(operation: string, target: string, rounds: readonly Round[]): Figures {
  const sorted = rounds.map((round) => round.cpuPerOperation).sort((a, b) => a - b)
  return {
    operation,
    target,
    best: sorted[0] ?? Number.NaN,
    median: sorted[Math.floor(sorted.length / 2)] ?? Number.NaN,
    perSecond: Math.max(...rounds.map((round) => round.perSecond)),
  }
}

export type Floor = {
  what: string
  /** How many times as fast as the baseline, by median CPU. */
  ratio: number
  needed: number
}

/** The lines of "Floor for the first issue": median CPU of the baseline over that of the subject. */
function floorOf(all: readonly Figures[]): Floor[] {
  const medianOf = (operation: string, target: string): number =>
    all.find((each) => each.operation === operation && each.target === target)?.median ?? Number.NaN
  const line = (
    operation: string,
    [subject, baseline, needed]: [string, string, number],
  ): Floor => ({
    what: `${operation}: ${subject} against ${baseline}`,
    ratio: medianOf(operation, baseline) / medianOf(operation, subject),
    needed,
  })
  const tokens = ['full sign-in', 'code exchange', 'refresh', 'client credentials']
  return [
    ...tokens.map((each) => line(each, [names.services, names.bareMongo, 1])),
    line('GET /profile', [names.services, names.koaMongo, 0.6]),
    line('GET /profile', [names.embedded, names.koaEmbedded, 0.6]),
    ...[...tokens, 'GET /profile'].map((each) => line(each, [names.embedded, names.services, 1])),
  ]
}

export const names = {
  embedded: 'Foyer, embedded',
  services: 'Foyer, MongoDB and Redis',
  bareMap: 'bare engine, map',
  bareMongo: 'bare engine, MongoDB',
  koaEmbedded: 'Koa, embedded',
  koaMongo: 'Koa, MongoDB',
} as const

export function print(all: readonly Figures[], anchor: number): string {
  const rows = all.map(
    ({ operation, target, best, median, perSecond }) =>
      `${operation.padEnd(20)}${target.padEnd(28)}${best.toFixed(2).padStart(8)}${median.toFixed(2).padStart(9)}${perSecond.toFixed(0).padStart(9)}`,
  )
  const floor = floorOf(all).map(
    ({ what, ratio, needed }) =>
      `${ratio >= needed ? 'reached    ' : 'NOT REACHED'}  ${ratio.toFixed(2).padStart(5)}  (needed ${needed})  ${what}`,
  )
  return [
    `RS256 signatures a CPU second on this machine: ${anchor.toFixed(0)}`,
    '',
    `${'operation'.padEnd(20)}${'target'.padEnd(28)}${'CPU ms'.padStart(8)}${'median'.padStart(9)}${'a second'.padStart(9)}`,
    ...rows,
    '',
    'Floor, as ratios of median server CPU (more is better):',
    ...floor,
    '',
  ].join('\n')
}
