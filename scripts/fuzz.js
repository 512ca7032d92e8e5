// Throws far more at each parser than `npm test` does: `npm run fuzz -- cookies`, or all of them, ten minutes each.

import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const { FUZZ_MINUTES = '10', ...environment } = process.env
const files = process.argv.slice(2).map((name) => `test/properties/${name}.test.ts`)

const { status } = spawnSync(
  process.execPath,
  [
    '--experimental-vm-modules',
    '--disable-warning=ExperimentalWarning',
    'node_modules/jest/bin/jest.js',
    '--runInBand',
    ...(files.length > 0 ? files : ['test/properties']),
  ],
  {
    cwd: root,
    stdio: 'inherit',
    // No database is needed: what is thrown at the server stops before the stores, or is theirs alike.
    env: { ...environment, FUZZ_MINUTES, SKIP_SERVICES: '1' },
  },
)
process.exitCode = status ?? 1
