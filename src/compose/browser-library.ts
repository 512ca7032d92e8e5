// The browser library as it was built, and its earlier releases, whose addresses are promised for ever.

import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Middleware } from 'koa'
import { type BuiltRelease, createBrowserLibrary } from '../routes/browser-library.ts'

const library = join(import.meta.dirname, '../../packages/dom')

export function composeBrowserLibrary({ baseUrl }: { baseUrl: string }): Middleware {
  return createBrowserLibrary({ baseUrl, read: () => readReleases(library) })
}

/** What this program was built with. */
export function readCurrentRelease(folder = library): BuiltRelease {
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  return { version, files: filesIn(join(folder, 'dist')) }
}

/** Of the folder of the package: what was built, and what was kept of the versions before. */
export function readReleases(folder: string): BuiltRelease[] {
  const releases = join(folder, 'releases')
  const earlier = existsSync(releases) ? readdirSync(releases) : []
  return [
    ...earlier.map((version) => ({ version, files: filesIn(join(releases, version)) })),
    readCurrentRelease(folder),
  ]
}

function filesIn(folder: string): BuiltRelease['files'] {
  const names = globSync('*.{js,js.map}', { cwd: folder }).sort()
  return new Map(names.map((name) => [name, readFileSync(join(folder, name))]))
}
