// `npm run test:controls [ID…]`: takes guards out, one at a time and in a copy of the tree, and expects their tests to fail.

import { execFile, execFileSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Guard, guards } from './guards.ts'

const root = join(import.meta.dirname, '..')

type Outcome =
  | 'red, as it should be'
  | 'GREEN WITHOUT ITS GUARD'
  | 'RED WITH ITS GUARD'
  | 'ITS CODE IS GONE'

/** What git lists and what is built, with the packages of this tree. */
function copyTree(): string {
  const copy = mkdtempSync(join(tmpdir(), 'foyer-controls-'))
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
  })
  const built = ['apps/admin/dist', 'apps/demo/dist']
  for (const file of [...listed.split('\n').filter(Boolean), ...built])
    if (existsSync(join(root, file)))
      cpSync(join(root, file), join(copy, file), { recursive: true })
  for (const folder of ['node_modules', '.cache'])
    if (existsSync(join(root, folder))) symlinkSync(join(root, folder), join(copy, folder))
  execFileSync('git', ['init', '--quiet'], { cwd: copy }) // tests about files ask git for them
  return copy
}

/** How many tests with the id in their names passed and failed. */
function runTests(
  copy: string,
  { id, test, needsServices }: Guard,
): Promise<{ passed: number; failed: number }> {
  const jest = join(root, 'node_modules/jest/bin/jest.js')
  const report = join(copy, 'report.json')
  rmSync(report, { force: true })
  const args = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', jest]
  const pattern = ['-t', `\\b${id}\\b`, '--runInBand', '--json', `--outputFile=${report}`]
  return new Promise((resolve) => {
    const env = { ...process.env, ...(!needsServices && { SKIP_SERVICES: '1' }) }
    const options = { cwd: copy, env, timeout: 120_000 }
    execFile(process.execPath, [...args, test, ...pattern], options, () => {
      const { numPassedTests = 0, numFailedTests = 0 } = existsSync(report)
        ? (JSON.parse(readFileSync(report, 'utf8')) as { [count: string]: number }) // Jest's own
        : {}
      resolve({ passed: numPassedTests, failed: numFailedTests })
    })
  })
}

async function control(copy: string, guard: Guard): Promise<Outcome> {
  const path = join(copy, guard.file)
  const text = existsSync(path) ? readFileSync(path, 'utf8') : ''
  if (text.split(guard.code).length !== 2) return 'ITS CODE IS GONE'
  const before = await runTests(copy, guard)
  if (before.failed > 0 || before.passed === 0) return 'RED WITH ITS GUARD'
  writeFileSync(
    path,
    text.replace(guard.code, () => guard.without),
  )
  const { failed } = await runTests(copy, guard)
  writeFileSync(path, text)
  return failed > 0 ? 'red, as it should be' : 'GREEN WITHOUT ITS GUARD'
}

const asked = process.argv.slice(2)
const chosen = guards.filter(({ id }) => asked.length === 0 || asked.includes(id))
const copy = copyTree()
try {
  for (const guard of chosen) {
    const outcome = await control(copy, guard)
    if (outcome !== 'red, as it should be') process.exitCode = 1
    process.stdout.write(`${guard.id}  ${outcome.padEnd(24)}  ${guard.name}\n`)
  }
} finally {
  rmSync(copy, { recursive: true, force: true })
}
