// Properties: what holds for whatever comes. Few runs with one seed in every test run, minutes of them when asked to.

import { it } from '@jest/globals'
import fc from 'fast-check'

const MINUTE = 60_000
/** The same in every test run, so that a failure is there again. */
const SEED = 20_261_121
/** More than fit into any number of minutes. */
const ENDLESS = 2 ** 31 - 1

/** `npm run fuzz` says how many; 0 is an ordinary test run. */
export const fuzzMinutes = Number(process.env.FUZZ_MINUTES ?? 0)

/** Milliseconds; less than Jest has. */
const PATIENCE = 10_000

type Property<Values> = fc.IProperty<Values> | fc.IAsyncProperty<Values>
type Options<Values> = {
  /** In an ordinary test run. */
  runs: number
  /** Counterexamples that were found once: tried first. */
  examples?: Values[]
}

/**
 * The properties of one parser, as tests. While fuzzing each has its share of the minutes, a seed of its own
 * (or `FUZZ_SEED`), and a line on the standard output. Fast-check prints seed, path and the smallest case of a
 * failure.
 */
export function propertiesOf(parser: string) {
  let properties = 0

  async function check<Values>(
    name: string,
    property: Property<Values>,
    { runs, examples = [] }: Options<Values>,
  ): Promise<void> {
    const time = (fuzzMinutes * MINUTE) / properties
    const seed = Number(process.env.FUZZ_SEED ?? (fuzzMinutes > 0 ? Date.now() & 0x7fffffff : SEED))
    const start = performance.now()
    const details = await fc.check(property, {
      seed,
      examples,
      numRuns: fuzzMinutes > 0 ? ENDLESS : runs,
      // In an ordinary run it ends what has failed: a case that is small enough is better than a time-out.
      interruptAfterTimeLimit: fuzzMinutes > 0 ? time : PATIENCE,
    })
    if (fuzzMinutes > 0)
      report({ parser, name, seed, details, seconds: (performance.now() - start) / 1000 })
    if (details.failed)
      throw new Error(await fc.asyncDefaultReportMessage(details), { cause: details.errorInstance })
  }

  return <Values>(name: string, property: Property<Values>, options: Options<Values>): void => {
    properties += 1
    // Shrinking a failure takes its time, too.
    const patience = fuzzMinutes > 0 ? (fuzzMinutes + 2) * MINUTE : undefined
    it(name, () => check(name, property, options), patience)
  }
}

/** One of the words. */
export function among(words: string): fc.Arbitrary<string> {
  return fc.constantFrom(...words.split(' '))
}

function report(line: {
  parser: string
  name: string
  seed: number
  details: { failed: boolean; numRuns: number }
  seconds: number
}): void {
  const { parser, name, seed, details, seconds } = line
  const { failed, numRuns } = details
  process.stdout.write(
    `${parser} | ${name} | ${numRuns} runs | ${Math.round(seconds)} s | ${Math.round(numRuns / seconds)} a second | seed ${seed} | ${failed ? 'FAILED' : 'held'}\n`,
  )
}
