// Builds the front ends and the browser library where sources changed since: for `npm start`, or by itself.

import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'

const root = join(import.meta.dirname, '..')

const vite = [join(root, 'node_modules/vite/bin/vite.js'), 'build', '--logLevel', 'warn']

/** Each is built into its `dist`, by a program that runs in its folder. */
const parts = [
  { folder: 'apps/demo', build: vite },
  { folder: 'apps/admin', build: vite, besides: ['packages/contract/audit-actions.ts'] },
  { folder: 'packages/dom', build: ['build.ts', '--quiet'] },
]

/** Builds what is stale, and says whether all is built; a start that finds nothing to build loads no build tool. */
export function buildFrontEnds() {
  return parts.every((part) => buildIfStale(part))
}

function buildIfStale({ folder: place, build, besides = [] }) {
  const folder = join(root, place)
  const stamp = join(folder, 'dist/.sources')
  const sources = digestOf(folder, besides)
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === sources) return true
  // In a process of its own: Vite sets NODE_ENV to production, and the server that starts next would obey.
  const { status } = spawnSync(process.execPath, build, { cwd: folder, stdio: 'inherit' }) // it says itself what is wrong
  if (status !== 0) return false
  compressIn(join(folder, 'dist'))
  writeFileSync(stamp, sources) // last: a build that was interrupted is built again
  return true
}

/** Beside each file what is sent in its place to who takes it: it is a third as long. None of them holds a secret. */
function compressIn(built) {
  for (const name of globSync('{index.html,assets/*.{js,css}}', { cwd: built })) {
    const file = join(built, name)
    writeFileSync(`${file}.gz`, gzipSync(readFileSync(file), { level: 9 }))
  }
}

/** Of everything that the built files depend on: their sources, files besides, versions of what they use, and this. */
function digestOf(folder, besides) {
  const hash = createHash('sha256')
  const files = globSync('**/*', {
    cwd: folder,
    withFileTypes: true,
    exclude: ({ name }) => name === 'test' || /^\.?dist/.test(name),
  })
  const paths = files
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
  for (const path of [
    ...paths,
    ...[...besides, 'package-lock.json', 'scripts/front-ends.js'].map((name) => join(root, name)),
  ])
    hash
      .update(`${path.slice(root.length)}\0`)
      .update(readFileSync(path))
      .update('\0')
  return hash.digest('hex')
}

if (process.argv[1] === import.meta.filename && !buildFrontEnds()) process.exitCode = 1
