// Runs tests under a mutant, and says what of their failures is to be believed.

import { runTestFile } from './test-file.js'

/** `switches` is what the instrumented code reads. */
export function createJudge(switches) {
  /** Tests that were seen to pass by themselves, without a mutant. */
  const passing = new Set()
  /** Files whose tests build on one another: they are run whole. */
  const inOrder = new Set()

  async function runTests(file, { ids, mutant }) {
    switches.activeMutant = mutant
    const { tests, loose } = await runTestFile(file, { ids, bail: mutant !== undefined })
    const failed = tests.filter(({ status }) => status === 'failed')
    return { ran: tests.filter(({ status }) => status !== 'skipped').length, failed, loose }
  }

  /**
   * What fails under the mutant, of the tests with these ids. It is believed if the same tests pass without it; if
   * they do not, they may need those before them.
   */
  return async function judge(file, ids, mutant) {
    if (inOrder.has(file)) return runTests(file, { mutant })
    const harmed = await runTests(file, { ids, mutant })
    if (isFine(harmed) || passing.has(ids.join())) return harmed
    if (isFine(await runTests(file, { ids }))) {
      passing.add(ids.join())
      return harmed
    }
    inOrder.add(file)
    return runTests(file, { mutant })
  }
}

const isFine = ({ failed, loose }) => failed.length === 0 && loose.length === 0
