// `npm run check`: types, lint, unused code, generated documents unchanged. Every finding of all four, then one exit code.

import { execFile } from 'node:child_process'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const tool = (name) => join(root, 'node_modules/.bin', name)

const checks = [
  { name: 'types', command: tool('tsc'), args: ['--noEmit', '--project', 'tsconfig.json'] },
  { name: 'lint', command: tool('biome'), args: ['check', '--error-on-warnings'] },
  {
    name: 'unused code',
    command: tool('knip'),
    args: ['--no-progress', '--treat-config-hints-as-errors'],
  },
  {
    name: 'generated documents',
    command: process.execPath,
    args: ['scripts/generate-docs.ts', '--check'],
  },
]

function run({ command, args }) {
  return new Promise((resolve) => {
    execFile(command, args, { cwd: root, maxBuffer: 64 * 2 ** 20 }, (error, stdout, stderr) =>
      resolve({ isGood: error === null, output: `${stdout}${stderr}`.trim() || error?.message }),
    )
  })
}

const results = await Promise.all(checks.map(run))
for (const [index, { isGood, output }] of results.entries()) {
  process.stdout.write(`${isGood ? 'good' : 'BAD '}  ${checks[index].name}\n`)
  if (!isGood) process.stdout.write(`\n${output}\n\n`)
}
process.exitCode = results.every((result) => result.isGood) ? 0 : 1
