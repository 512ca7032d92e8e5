// From the rounds' figures to what is printed: best and median, ratios, and what is asked of them.

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

export type DenyListFigures = {
  /** How many sessions, grants and accounts are denied. */
  denials: number
  /** CPU of one check in microseconds: the middle of the rounds. */
  microseconds: number
}

/** Latencies are the middle of many, in milliseconds, of discovery and a token together. */
export type OrganisationsFigures = {
  organisations: number
  /** Resident memory in MiB: of a server with one organisation, and of this one after all were asked. */
  empty: number
  full: number
  /** Server CPU in milliseconds for an organisation's first two requests: its engine is built. */
  firstTouch: number
  /** The first requests of an organisation, among the first ones and among the last ones. */
  firstTouchEarly: number
  firstTouchLate: number
  /** Asked again and again, taking turns, after all were asked. */
  first: number
  last: number
}

/** Of a long list, page by page to its end: how long a page takes, in milliseconds, over loopback. */
export type ListFigures = {
  what: string
  items: number
  /** The middle one of the first pages and of the last ones, and what all but one in a hundred stay below. */
  first: number
  last: number
  p99: number
}

/** Streams that tell of sign-outs, all held open at once. */
export type StreamsFigures = {
  streams: number
  /** Resident memory in MiB: of the server with none, and with all of them. */
  empty: number
  full: number
  /** Milliseconds from a sign-out until every stream of the session has heard: the middle one. */
  heard: number
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

/** What is asked of a figure, and what it is. */
export type Goal = {
  what: string
  value: number
  /** Of the best rounds, where the value is of the middle ones. */
  ofBest?: number
  unit: 'times' | 'µs' | 'ms' | 'KiB' | 'MiB' | ''
  bound: { atLeast: number } | { atMost: number }
}

const TOKENS = ['full sign-in', 'code exchange', 'refresh', 'client credentials']

/** Ratios are how many times as fast the first is, by server CPU for each operation. */
const ratios: readonly [subject: string, baseline: string, operations: string[], goal: number][] = [
  [names.services, names.bareMongo, TOKENS, 1],
  [names.services, names.koaMongo, ['GET /profile'], 0.6],
  [names.embedded, names.services, [...TOKENS, 'GET /profile'], 1],
  [names.embedded, names.koaEmbedded, ['GET /profile'], 0.6],
]

/** A check among however many denials, in microseconds. */
const DENY_LIST_CHECK = 5

/** A page of a list, in milliseconds, at any depth. */
const LIST_PAGE = 30

/** Above the empty server, with ten thousand organisations; and how much slower the last may be than the first. */
const ORGANISATIONS_MEMORY = 300
const FIRST_TOUCH = 5
const LAST_TO_FIRST = 1.25

/** Of one stream, with its connection; and how soon it hears. */
const STREAM_MEMORY = 32
const STREAM_HEARD = 100

export type Measured = {
  figures: readonly Figures[]
  denyList: readonly DenyListFigures[]
  organisations?: OrganisationsFigures
  lists?: readonly ListFigures[]
  streams?: StreamsFigures
}

/** Every goal whose figures were taken. */
export function goalsOf(measured: Measured): Goal[] {
  const { figures: all, denyList, organisations, lists = [], streams } = measured
  const figures = (operation: string, target: string): Figures | undefined =>
    all.find((each) => each.operation === operation && each.target === target)
  const speeds = ratios.flatMap(([subject, baseline, operations, goal]) =>
    operations.flatMap((operation): Goal[] => {
      const [ours, theirs] = [figures(operation, subject), figures(operation, baseline)]
      if (!ours || !theirs) return []
      return [
        {
          what: `${operation}: ${subject} against ${baseline}`,
          value: theirs.median / ours.median,
          ofBest: theirs.best / ours.best,
          unit: 'times',
          bound: { atLeast: goal },
        },
      ]
    }),
  )
  const checks = denyList.map(
    ({ denials, microseconds }): Goal => ({
      what: `deny-list check among ${denials.toLocaleString('en')} denials`,
      value: microseconds,
      unit: 'µs',
      bound: { atMost: DENY_LIST_CHECK },
    }),
  )
  return [
    ...speeds,
    ...checks,
    ...(organisations ? organisationGoals(organisations) : []),
    ...lists.flatMap(listGoals),
    ...(streams ? streamGoals(streams) : []),
  ]
}

function listGoals({ what, items, ...times }: ListFigures): Goal[] {
  const told = { first: 'an early page', last: 'a late page', p99: '99 in 100 pages' }
  return Object.entries(told).map(([name, which]) => ({
    what: `${items.toLocaleString('en')} ${what}: ${which}`,
    value: times[name as keyof typeof told], // one of its keys
    unit: 'ms',
    bound: { atMost: LIST_PAGE },
  }))
}

function streamGoals({ streams, empty, full, heard }: StreamsFigures): Goal[] {
  const many = `${streams.toLocaleString('en')} streams`
  return [
    {
      what: `${many}: memory of each above the server without`,
      value: ((full - empty) * 1024) / streams,
      unit: 'KiB',
      bound: { atMost: STREAM_MEMORY },
    },
    {
      what: `${many}: until a session's streams have heard of its sign-out`,
      value: heard,
      unit: 'ms',
      bound: { atMost: STREAM_HEARD },
    },
  ]
}

function organisationGoals(figures: OrganisationsFigures): Goal[] {
  const { organisations, empty, full, first, last } = figures
  const many = `${organisations.toLocaleString('en')} organisations`
  return [
    {
      what: `${many}: memory above the empty server's ${empty.toFixed(0)}`,
      value: full - empty,
      unit: 'MiB',
      bound: { atMost: ORGANISATIONS_MEMORY },
    },
    {
      what: `${many}: server CPU of the first discovery and token of each`,
      value: figures.firstTouch,
      unit: 'ms',
      bound: { atMost: FIRST_TOUCH },
    },
    {
      what: `${many}: how long the last one's first requests take, against early ones`,
      value: figures.firstTouchLate / figures.firstTouchEarly,
      unit: 'times',
      bound: { atMost: LAST_TO_FIRST },
    },
    {
      what: `${many}: how long the last one's requests take, against the first's`,
      value: last / first,
      unit: 'times',
      bound: { atMost: LAST_TO_FIRST },
    },
  ]
}

export function isReached({ value, bound }: Goal): boolean {
  return 'atLeast' in bound ? value >= bound.atLeast : value <= bound.atMost
}

export function print(all: readonly Figures[], goals: readonly Goal[], anchor: number): string {
  const missed = goals.filter((goal) => !isReached(goal)).length
  return [
    ...(all.length > 0 ? tableOf(all, anchor) : []),
    'Goals. Ratios: how many times as fast, by server CPU of the middle round (of the best).',
    ...goals.map(lineOf),
    '',
    missed === 0 ? 'All goals are reached.' : `${missed} of ${goals.length} goals NOT REACHED.`,
    '',
  ].join('\n')
}

function tableOf(all: readonly Figures[], anchor: number): string[] {
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
  ]
}

function lineOf(goal: Goal): string {
  const { what, value, ofBest, unit, bound } = goal
  const verdict = isReached(goal) ? 'reached    ' : 'NOT REACHED'
  const asked = 'atLeast' in bound ? `≥ ${short(bound.atLeast)}` : `≤ ${short(bound.atMost)}`
  const best = ofBest === undefined ? '' : `(${ofBest.toFixed(2)})`
  const suffix = unit === 'times' || unit === '' ? '' : ` ${unit}`
  return `${verdict} ${asked.padEnd(8)}${`${value.toFixed(2)}${suffix}`.padStart(9)} ${best.padEnd(8)}${what}`
}

function short(bound: number): string {
  return String(Number(bound.toFixed(2)))
}

function row(operation: string, target: string, cells: readonly string[]): string {
  return `${operation.padEnd(20)}${target.padEnd(26)}${cells.map((cell) => cell.padStart(10)).join('')}`
}
