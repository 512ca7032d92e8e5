// The browser library as it was built, and its earlier releases, whose addresses are promised for ever.

import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Middleware } from 'koa'
import { type BuiltRelease, createBrowserLibrary } from '../routes/browser-library.ts'

const library = join(import.meta.dirname, '../../packages/dom')

export function composeBrowserLibrary({ baseUrl }: { baseUrl: string }): Middleware {
  return createBrowserLibrary({ baseUrl, read: readReleases })
}

export function readCurrentRelease(): BuiltRelease {
  const { version } = JSON.parse(readFileSync(join(library, 'package.json'), 'utf8'))
  return { version, files: filesIn(join(library, 'dist')) }
}

function readReleases(): BuiltRelease[] {
  const releases = join(library, 'releases')
  const earlier = existsSync(releases) ? readdirSync(releases) : []
  return [
    ...earlier.map((version) => ({ version, files: filesIn(join(releases, version)) })),
    readCurrentRelease(),
  ]
}

function filesIn(folder: string): BuiltRelease['files'] {
  const names = globSync('*.{js,js.map}', { cwd: folder }).sort()
  return new Map(names.map((name) => [name, readFileSync(join(folder, name))]))
}
