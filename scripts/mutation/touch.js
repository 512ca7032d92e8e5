// The first run: every test once, without a mutant, with what it costs and which mutants it touches.

import { globSync } from 'node:fs'
import { runTestFile } from './test-file.js'

/** `switches` is what the instrumented code reads and writes. */
export async function touchAll({ testFiles, switches, log }) {
  switches.mutantCoverage = { static: {}, perTest: {} }
  const runs = []
  for (const file of testFiles.flatMap((pattern) => globSync(pattern)).sort()) {
    switches.currentTestId = undefined
    // Read once before: what the program does when it is read belongs to no test.
    await runTestFile(file, { ids: [] })
    const { tests, loose, cost } = await runTestFile(file, {
      onTest: (id) => {
        switches.currentTestId = id ?? file
      },
    })
    for (const failure of [...loose, ...tests.flatMap(({ errors }) => errors)])
      log.warn('%s fails unharmed, and judges nothing: %s', file, failure.slice(0, 300))
    const passed = tests.filter(({ status }) => status === 'passed')
    const setUp = passed.reduce((rest, test) => rest - test.cost, cost)
    runs.push({ file, setUp, tests: passed.map(({ id, name, cost }) => ({ id, name, cost })) })
  }
  return { runs, touched: switches.mutantCoverage }
}
