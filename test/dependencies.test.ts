// What is installed with us: only what the lock file names by its hash, nothing that runs on installation, known licences.

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { read, root } from './support/repository.ts'

/** An entry of `package-lock.json`, version 3. */
type Locked = {
  version?: string
  resolved?: string
  integrity?: string
  license?: string
  /** A package of this repository. */
  link?: true
  dev?: true
  hasInstallScript?: true
}

type Manifest = {
  version?: string
  license?: string
  workspaces?: string[]
  dependencies?: { [name: string]: string }
  devDependencies?: { [name: string]: string }
  allowScripts?: { [name: string]: boolean }
}

const manifest = JSON.parse(read('package.json')) as Manifest
const { packages } = JSON.parse(read('package-lock.json')) as {
  packages: { [path: string]: Locked }
}

/** Everything that comes from elsewhere, by its folder. */
const foreign = Object.entries(packages).filter(
  ([path, { link }]) => path.includes('node_modules/') && !link,
)
const shipped = foreign.filter(([, { dev }]) => !dev)
const nameOf = (path: string): string => path.split('node_modules/').at(-1) ?? ''
const paths = (entries: readonly (readonly [string, Locked])[]): string[] =>
  entries.map(([path]) => path)

describe('D16: packages', () => {
  it('are seen at all', () => {
    expect(shipped.length).toBeGreaterThan(50)
    expect(foreign.length).toBeGreaterThan(shipped.length)
  })

  it('come by one exact version, with the SHA-512 of what it holds', () => {
    const hash = /^sha512-[A-Za-z0-9+/]{86}==$/
    expect(paths(foreign.filter(([, each]) => !hash.test(each.integrity ?? '')))).toEqual([])
    expect(paths(foreign.filter(([, each]) => !each.version))).toEqual([])
  })

  it('come from the registry: neither from an address nor from a repository', () => {
    expect(paths(foreign.filter(([, { resolved }]) => resolved !== undefined))).toEqual([])
    const links = Object.entries(packages).filter(([, { link }]) => link)
    expect(links.map(([, { resolved }]) => resolved)).toEqual(['packages/contract', 'packages/dom'])
  })

  it('are asked for by exact versions, which are those that are locked', () => {
    const asked = { ...manifest.dependencies, ...manifest.devDependencies }
    for (const [name, version] of Object.entries(asked)) {
      expect({ name, version }).toEqual({ name, version: expect.stringMatching(/^\d+\.\d+\.\d+$/) })
      if (!packages[`node_modules/${name}`]?.link)
        expect({ name, version: packages[`node_modules/${name}`]?.version }).toEqual({
          name,
          version,
        })
    }
  })

  it('are installed as they are locked', () => {
    const present = foreign.filter(([path]) => existsSync(join(root, path, 'package.json')))
    expect(present.length).toBeGreaterThan(shipped.length) // those for other systems are left out
    const others = present.filter(([path, { version }]) => manifestOf(path).version !== version)
    expect(paths(others)).toEqual([])
  })

  it('run nothing when they are installed, but for the one that was approved', () => {
    const scripted = foreign.filter(([, { hasInstallScript }]) => hasInstallScript)
    const answers = manifest.allowScripts ?? {}
    expect(paths(scripted).map(nameOf).sort()).toEqual(Object.keys(answers).sort())
    expect(Object.keys(answers).filter((name) => answers[name])).toEqual(['node'])
    // What runs in production needs none at all.
    expect(paths(scripted.filter(([, { dev }]) => !dev))).toEqual([])
  })

  /** Permissive ones, which ask for a notice and nothing else. */
  const permissive = [
    '0BSD',
    'Apache-2.0',
    'BSD-2-Clause',
    'BSD-3-Clause',
    'ISC',
    'MIT',
    'MIT-0',
    'PSF-2.0',
  ]
  /**
   * libvips (LGPL-3.0) draws pictures: files of their own beside ours, linked when they are loaded, which whoever
   * has the program may replace.
   */
  const isReplaceable = (path: string) => /^node_modules\/@img\/sharp-[\w-]+$/.test(path)
  /** Beside those, for tools that are not shipped. */
  const forTools = [
    'BlueOak-1.0.0',
    'CC-BY-4.0',
    'MPL-2.0',
    '(MIT OR CC0-1.0)',
    'MIT OR Apache-2.0',
  ]

  it.each([
    ['that are shipped', shipped, permissive],
    ['that are tools', foreign, [...permissive, ...forTools]],
  ] as const)('%s have licences that go with ours', (_which, entries, allowed) => {
    const others = entries.filter(
      ([path, { license }]) => !allowed.includes(license ?? 'none') && !isReplaceable(path),
    )
    expect(others.map(([path, { license }]) => `${path}: ${license}`)).toEqual([])
  })

  it('say themselves what the lock file says of their licence', () => {
    const present = shipped.filter(([path]) => existsSync(join(root, path, 'package.json')))
    const others = present.filter(([path, { license }]) => manifestOf(path).license !== license)
    expect(paths(others)).toEqual([])
  })
})

function manifestOf(path: string): Manifest {
  return JSON.parse(read(join(path, 'package.json')))
}
