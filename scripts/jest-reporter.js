// Writes how many tests passed and failed to a file in .cache, for whoever started Jest.

import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const folder = join(import.meta.dirname, '../.cache')

export default class TestCounts {
  constructor(_config, { file = 'test-counts.txt' } = {}) {
    this.file = file
  }

  onRunComplete(_contexts, results) {
    // A file that could not even be loaded ran no test, and is a failure all the same.
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, this.file), `${results.numPassedTests} passed, ${failed} failed\n`)
  }
}
