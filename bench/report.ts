// From the rounds' figures to what is printed: best and median, ratios, and the floor.

/** One round of one operation on one target. */
export type Round = { cpuPerOperation: number; perSecond: number }

export type Figures = {
  operation: string
  target: string
  /** Server CPU per operation in milliseconds: the best round, and the middle one. */
  best: number
  median: number
  /** Operations a second by the wall clock, of the middle round. */
  perSecond: number
  /** Commands to MongoDB for one operation, as the database counted them. */
  trips?: number
}

export const names = {
  embedded: 'Foyer, embedded',
  services: 'Foyer, MongoDB and Redis',
  bareMap: 'bare engine, map',
  bareMongo: 'bare engine, MongoDB',
  koaEmbedded: 'Koa, embedded',
  koaMongo: 'Koa, MongoDB',
} as const

export function figuresOf(operation: string, target: string, rounds: readonly Round[]): Figures {
  const cpu = rounds.map((round) => round.cpuPerOperation)
  return {
    operation,
    target,
    best: Math.min(...cpu),
    median: median(cpu),
    perSecond: median(rounds.map((round) => round.perSecond)),
  }
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

/** A line of "Floor for the first issue". */
export type Floor = {
  operation: string
  subject: string
  baseline: string
  /** How many times as fast as the baseline, by the CPU of the middle rounds; and of the best ones. */
  ratio: number
  ratioOfBest: number
  /** Left out where the floor asks nothing. */
  needed?: number
}

const TOKENS = ['full sign-in', 'code exchange', 'refresh', 'client credentials']

export function floorOf(all: readonly Figures[]): Floor[] {
  const figures = (operation: string, target: string): Figures | undefined =>
    all.find((each) => each.operation === operation && each.target === target)
  const line = (
    operation: string,
    [subject, baseline, needed]: [string, string, number?],
  ): Floor => {
    const [ours, theirs] = [figures(operation, subject), figures(operation, baseline)]
    const ratioOf = (kind: 'best' | 'median') =>
      (theirs?.[kind] ?? Number.NaN) / (ours?.[kind] ?? Number.NaN)
    const ratios = { ratio: ratioOf('median'), ratioOfBest: ratioOf('best') }
    return { operation, subject, baseline, ...ratios, ...(needed !== undefined && { needed }) }
  }
  return [
    ...TOKENS.map((each) => line(each, [names.services, names.bareMongo, 1])),
    line('GET /profile', [names.services, names.koaMongo, 0.6]),
    ...[...TOKENS, 'GET /profile'].map((each) => line(each, [names.embedded, names.services, 1])),
    line('GET /profile', [names.embedded, names.koaEmbedded]),
  ]
}

export function print(all: readonly Figures[], anchor: number): string {
  return [
    `One CPU second makes ${anchor.toFixed(0)} RS256 signatures here.`,
    '',
    row('', '', ['CPU ms', 'best', 'a second', 'trips']),
    ...all.map(({ operation, target, trips, ...each }) =>
      row(operation, target, [
        each.median.toFixed(3),
        each.best.toFixed(3),
        each.perSecond.toFixed(0),
        trips?.toFixed(1) ?? '',
      ]),
    ),
    '',
    'The floor (what is needed): how many times as fast, by server CPU of the middle round (of the best).',
    ...floorOf(all).map(
      (floor) =>
        `${verdict(floor)} ${times(floor.ratio)} (${times(floor.ratioOfBest)})  ${floor.operation}, ${floor.subject} against ${floor.baseline}`,
    ),
    '',
  ].join('\n')
}

function verdict({ ratio, needed }: Floor): string {
  if (needed === undefined) return 'no floor           '
  return `${ratio >= needed ? 'reached    ' : 'NOT REACHED'} (${needed.toFixed(1)}) `
}

function row(operation: string, target: string, cells: readonly string[]): string {
  return `${operation.padEnd(20)}${target.padEnd(26)}${cells.map((cell) => cell.padStart(10)).join('')}`
}

function times(ratio: number): string {
  return ratio.toFixed(2).padStart(5)
}
