// How much JavaScript the console sends: what its first view needs, and each page after it.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { beforeAll, describe, expect, it } from '@jest/globals'
import { runProgram } from '../support/program.ts'
import { root } from '../support/repository.ts'

type Chunk = {
  file: string
  isEntry?: boolean
  imports?: string[]
  dynamicImports?: string[]
  css?: string[]
}

const KB = 1024
const FIRST_VIEW = 120 * KB
const A_PAGE = 30 * KB
const STYLES = 12 * KB

describe('the console, as it is built', () => {
  const dist = join(root, 'apps/admin/dist')
  let manifest: { [source: string]: Chunk }

  beforeAll(async () => {
    expect(await runProgram('scripts/front-ends.js')).toMatchObject({ code: 0, stderr: '' })
    manifest = JSON.parse(readFileSync(join(dist, '.vite/manifest.json'), 'utf8'))
  })

  const sizeOf = (file: string): number => gzipSync(readFileSync(join(dist, file))).length

  /** The files that a chunk needs before it can run. */
  function filesOf(source: string, seen = new Set<string>()): Set<string> {
    const chunk = manifest[source]
    if (!chunk || seen.has(chunk.file)) return seen
    seen.add(chunk.file)
    for (const needed of chunk.imports ?? []) filesOf(needed, seen)
    return seen
  }
  const sum = (files: Iterable<string>): number =>
    [...files].reduce((total, file) => total + sizeOf(file), 0)
  const entry = (): string => Object.keys(manifest).find((name) => manifest[name]?.isEntry) ?? ''

  it('shows its first page with at most 120 KB of JavaScript, gzipped', () => {
    const first = filesOf('src/pages/overview/overview.tsx', filesOf(entry()))
    expect(first.size).toBeGreaterThan(1)
    expect(sum(first)).toBeLessThanOrEqual(FIRST_VIEW)
  })

  it('fetches every page by itself, with at most 30 KB more', () => {
    const shell = filesOf(entry())
    const pages = manifest[entry()]?.dynamicImports ?? []
    expect(pages.length).toBeGreaterThan(0)
    const large = pages.filter((page) => {
      const own = [...filesOf(page)].filter((file) => !shell.has(file))
      return sum(own) > A_PAGE
    })
    expect(large).toEqual([])
  })

  it('has at most 12 KB of styles, and no script or style inside of its page', () => {
    expect(sum(manifest[entry()]?.css ?? [])).toBeLessThanOrEqual(STYLES)
    const page = readFileSync(join(dist, 'index.html'), 'utf8')
    expect(page).not.toMatch(/<style|style=|<script(?![^>]* src=)|\son\w+=/)
  })
})
