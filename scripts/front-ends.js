// Builds the front ends whose sources changed since they were last built: for `npm start`, or by itself.

import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')

/** Each has a vite.config.ts of its own and is built into its `dist`. */
const apps = ['demo', 'admin']

/** Builds what is stale, and says whether all is built; a start that finds nothing to build loads no build tool. */
export function buildFrontEnds() {
  return apps.every((name) => buildIfStale(join(root, 'apps', name)))
}

function buildIfStale(app) {
  const stamp = join(app, 'dist/.sources')
  const sources = digestOf(app)
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === sources) return true
  // In a process of its own: Vite sets NODE_ENV to production, and the server that starts next would obey.
  const vite = join(root, 'node_modules/vite/bin/vite.js')
  const args = [vite, 'build', app, '--logLevel', 'warn']
  const { status } = spawnSync(process.execPath, args, { stdio: 'inherit' }) // it says itself what is wrong
  if (status === 0) writeFileSync(stamp, sources) // last: a build that was interrupted is built again
  return status === 0
}

/** Of everything that the built files depend on: their sources and the versions of what they use. */
function digestOf(app) {
  const hash = createHash('sha256')
  const files = globSync('**/*', {
    cwd: app,
    withFileTypes: true,
    exclude: (entry) => entry.name === 'dist',
  })
  const paths = files
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
  for (const path of [...paths, join(root, 'package-lock.json')])
    hash
      .update(`${path.slice(root.length)}\0`)
      .update(readFileSync(path))
      .update('\0')
  return hash.digest('hex')
}

if (process.argv[1] === import.meta.filename && !buildFrontEnds()) process.exitCode = 1
