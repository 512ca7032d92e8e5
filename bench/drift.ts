// From the samples of a long run to goals: how much of each thing there is more at its end, by its trend.

import type { Goal } from './report.ts'
import { median } from './report.ts'
import type { Sample, SoakFigures } from './soak.ts'

const MIB = 2 ** 20

/** May grow by this share of what there is, or by so many where there are few. */
type Measure = {
  what: string
  unit: Goal['unit']
  of(sample: Sample): number
  share: number
  least: number
}

const measures: readonly Measure[] = [
  { what: 'heap', unit: 'MiB', of: ({ heap }) => heap / MIB, share: 0.05, least: 1 },
  {
    what: 'external memory',
    unit: 'MiB',
    of: (each) => each.external / MIB,
    share: 0.05,
    least: 1,
  },
  { what: 'resident memory', unit: 'MiB', of: ({ memory }) => memory / MIB, share: 0.1, least: 1 },
  { what: 'descriptors', unit: '', of: ({ descriptors }) => descriptors, share: 0.05, least: 3 },
  // Each request under way has some.
  { what: 'timers', unit: '', of: ({ timers }) => timers, share: 0.05, least: 10 },
  {
    what: 'connections to MongoDB',
    unit: '',
    of: (each) => each.mongoConnections,
    share: 0,
    least: 3,
  },
  {
    what: 'connections to Redis',
    unit: '',
    of: (each) => each.redisConnections,
    share: 0,
    least: 1,
  },
  {
    what: 'keys without an end in Redis',
    unit: '',
    of: (each) => each.lastingKeys,
    share: 0,
    least: 0,
  },
  { what: 'delay of the event loop', unit: 'ms', of: ({ late }) => late, share: 1, least: 20 },
]

/** This share of the scenes may fail. */
const FAILED = 0.01

/** The first third is left out: caches fill, and the compiler is at work. */
export function soakGoals({ name, minutes, played, failed, samples }: SoakFigures): Goal[] {
  const settled = samples.slice(Math.floor(samples.length / 3))
  const run = `${name}, ${minutes.toFixed(0)} min`
  const grown = measures.map(({ what, unit, of, share, least }) => {
    const values = settled.map(of)
    const level = median(values)
    const told = `${level.toFixed(unit === '' ? 0 : 1)}${unit && ` ${unit}`}`
    return {
      what: `${run}: growth of ${what}, of ${told}`,
      value: growthOf(values),
      unit,
      bound: { atMost: Math.max(least, share * level) },
    }
  })
  const failures = { what: `${run}: failed, of ${played} scenes`, value: failed, unit: '' } as const
  return [...grown, { ...failures, bound: { atMost: FAILED * played } }]
}

/** From the first value to the last, along the straight line that fits them best. */
export function growthOf(values: readonly number[]): number {
  const { length } = values
  const middle = (length - 1) / 2
  let [shared, spread] = [0, 0]
  values.forEach((value, index) => {
    shared += (index - middle) * value
    spread += (index - middle) ** 2
  })
  return spread === 0 ? 0 : (shared / spread) * (length - 1)
}

export function sampleLine(sample: Sample): string {
  const cells = [
    `heap ${(sample.heap / MIB).toFixed(1)}`,
    `external ${(sample.external / MIB).toFixed(1)}`,
    `resident ${(sample.memory / MIB).toFixed(0)} MiB`,
    `descriptors ${sample.descriptors}`,
    `timers ${sample.timers}`,
    `MongoDB ${sample.mongoConnections}`,
    `Redis ${sample.redisConnections}, lasting keys ${sample.lastingKeys}`,
    `late ${sample.late.toFixed(1)} ms`,
    `cores ${sample.cores.toFixed(2)}`,
  ]
  return `${cells.join(' · ')}\n`
}
