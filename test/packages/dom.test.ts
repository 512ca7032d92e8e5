// The browser library as it is published: what is in it, how large it is, and what a stranger's project makes of it.

import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type Ended, runProgram } from '../support/program.ts'
import { listed, root } from '../support/repository.ts'

const KB = 1024
const library = join(root, 'packages/dom')
const modules = ['dpop.js', 'element.js', 'index.js', 'words-ar.js', 'words-de.js']
const scripts = [...modules, 'foyer.js']

let folder: string
/** As npm unpacks it in the project of somebody else. */
let unpacked: string
let packed: string[]

const run = (command: string, args: readonly string[], cwd: string): string =>
  execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
const published = (file: string): string => readFileSync(join(unpacked, file), 'utf8')

beforeAll(async () => {
  expect(await runProgram('scripts/front-ends.js')).toMatchObject({ code: 0, stderr: '' })
  folder = mkdtempSync(join(tmpdir(), 'foyer-dom-'))
  unpacked = join(folder, 'node_modules/@foyer/dom')
  mkdirSync(unpacked, { recursive: true })
  const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', folder]
  const [tarball] = JSON.parse(run('npm', args, library))
  packed = tarball.files.map(({ path }: { path: string }) => path).sort()
  run('tar', ['-xzf', join(folder, tarball.filename), '--strip-components=1', '-C', unpacked], root)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('the package', () => {
  const manifest = () => JSON.parse(published('package.json'))

  it('has its scripts, their types and what to read, and nothing else', () => {
    const own = listed.flatMap((file) => /^packages\/dom\/(.*)$/.exec(file)?.[1] ?? [])
    const typed = own.filter((file) => file.startsWith('src/') && file !== 'src/script.ts')
    expect(packed).toEqual(
      [
        ...own.filter((file) => /^(LICENSE|README\.md|package\.json|docs\/.*\.md)$/.test(file)),
        ...scripts.flatMap((name) => [`dist/${name}`, `dist/${name}.map`]),
        ...typed.map((file) => file.replace(/^src\/(.*)\.ts$/, 'dist/types/$1.d.ts')),
      ].sort(),
    )
  })

  it('names files that are there, types first, and depends on nothing', () => {
    const { exports, types, sideEffects, ...rest } = manifest()
    const targets = Object.values(exports).flatMap((target) =>
      typeof target === 'string' ? [target] : Object.values(target as { [key: string]: string }),
    )
    const files = [...targets, types, ...sideEffects].flatMap((target) =>
      target.includes('*') ? ['ar', 'de'].map((tag) => target.replace('*', tag)) : target,
    )
    for (const file of files) expect(packed).toContain(file.replace('./', ''))
    for (const path of ['.', './element', './dpop', './words/*'])
      expect(Object.keys(exports[path])).toEqual(['types', 'default'])
    expect(rest).toMatchObject({ type: 'module', license: 'Apache-2.0' })
    expect(Object.keys(rest).filter((key) => /dependencies|^private$|^bin$/i.test(key))).toEqual([])
    expect(Object.keys(rest.scripts)).toEqual(['build', 'prepack']) // nothing runs where it is installed
  })

  it('says its version and licence in each script, and where to find its map', () => {
    const { version } = manifest()
    for (const name of scripts) {
      const text = published(`dist/${name}`)
      expect(text.startsWith(`/*! @foyer/dom ${version} Apache-2.0 */\n`)).toBe(true)
      expect(text.trimEnd().split('\n').at(-1)).toBe(`//# sourceMappingURL=${name}.map`)
      const { sources, sourcesContent } = JSON.parse(published(`dist/${name}.map`))
      for (const source of sources) expect(source).toMatch(/^\.\.\/src\/[\w/-]+\.ts$/)
      expect(sourcesContent).toHaveLength(sources.length)
    }
  })

  it('has the core once: the elements import it, by its public names', async () => {
    const [imported, ...others] = published('dist/element.js').match(/\bimport\b[^;]*/g) ?? []
    expect(others).toEqual([])
    expect(imported).toMatch(/^import\{createClient as \w+\}from"\.\/index\.js"$/)
    for (const name of scripts.filter((each) => each !== 'element.js'))
      expect(published(`dist/${name}`)).not.toMatch(/\bimport\b/)
  })

  it('is the same bytes from the same sources', async () => {
    const again = join(folder, 'again')
    const args = ['--out', again, '--quiet']
    expect(await runProgram(join(library, 'build.ts'), { args })).toMatchObject({
      code: 0,
      stderr: '',
    })
    for (const name of scripts)
      expect(readFileSync(join(again, name), 'utf8')).toBe(published(`dist/${name}`))
  })
})

describe('its size, gzipped,', () => {
  /** Two files are two answers, each compressed by itself. */
  const sizeOf = (names: readonly string[]): number =>
    names.reduce((sum, name) => sum + gzipSync(published(`dist/${name}`), { level: 9 }).length, 0)

  it.each([
    ['the core', 5, ['index.js']],
    ['the file for a script tag', 10, ['foyer.js']],
  ])('of %s is at most %i KB', (what, most, names) => {
    const size = sizeOf(names)
    process.stdout.write(`${what}: ${size} of ${most * KB} bytes\n`)
    expect(size).toBeLessThanOrEqual(most * KB)
  })
})

describe('P13: what it does to a page', () => {
  it.each(scripts)('%s makes no code out of text, and writes no markup', (name) => {
    expect(published(`dist/${name}`)).not.toMatch(
      /\beval\b|\bFunction\s*\(|\bimport\s*\(|innerHTML|outerHTML|insertAdjacentHTML|document\.write|createContextualFragment|\.style\b|setAttribute\(["'`]style/,
    )
  })

  it.each(scripts)('%s names no address of anybody', (name) => {
    expect(published(`dist/${name}`).match(/(?:https?:)?\/\/[a-z0-9-]+\.[a-z]{2,}/gi)).toBeNull()
  })

  it.each(scripts)('P11: %s sends no message to whoever listens', (name) => {
    const text = published(`dist/${name}`)
    expect(text).not.toMatch(/postMessage\([^)]*,\s*["'`]\*/)
    expect(text).not.toMatch(/addEventListener\(["'`]message|iframe/)
  })
})

describe('in the project of somebody else', () => {
  const write = (name: string, text: string): void => writeFileSync(join(folder, name), text)
  const start = (name: string): Promise<Ended> => runProgram(join(folder, name))

  it('is imported on a server without looking at a global', async () => {
    write(
      'server.mjs',
      `
      const names = ['window', 'document', 'navigator', 'location', 'history', 'localStorage', 'sessionStorage',
        'indexedDB', 'fetch', 'crypto', 'BroadcastChannel', 'setTimeout', 'addEventListener', 'Date', 'HTMLElement', 'customElements']
      const touched = []
      for (const name of names) {
        const found = Object.getOwnPropertyDescriptor(globalThis, name)
        Object.defineProperty(globalThis, name, { configurable: true, get() { touched.push(name); return found?.get?.call(globalThis) ?? found?.value } })
      }
      const core = await import('@foyer/dom')
      process.stdout.write(JSON.stringify({ touched, names: Object.keys(core).sort() }))
    `,
    )
    const { code, stdout, stderr } = await start('server.mjs')
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(JSON.parse(stdout)).toEqual({ touched: [], names: ['FoyerError', 'createClient'] })
  })

  it('has elements that can be imported on a server too', async () => {
    write(
      'elements.mjs',
      `
      const before = Object.getOwnPropertyNames(globalThis)
      await import('@foyer/dom/element')
      process.stdout.write(JSON.stringify(Object.getOwnPropertyNames(globalThis).filter((name) => !before.includes(name))))
    `,
    )
    expect(await start('elements.mjs')).toEqual({ code: 0, stdout: '[]', stderr: '' })
  })

  it.each(['nodenext', 'bundler'])('has types that a strict compiler takes: %s', (resolution) => {
    write('package.json', '{ "type": "module" }')
    write(
      'page.ts',
      `import { createClient, FoyerError, type AuthEvent, type FoyerClient, type Session } from '@foyer/dom'
      import '@foyer/dom/element'
      import { dpop } from '@foyer/dom/dpop'
      import { de } from '@foyer/dom/words/de'
      const foyer: FoyerClient = createClient({ issuer: 'https://id.example.com', clientId: 'shop', dpop })
      foyer.onAuthStateChange((event: AuthEvent, session: Session | null) => [event, session?.user.email, de.signedIn])
      const failure: unknown = await foyer.verifyCode('123456').catch((error: unknown) => error)
      if (failure instanceof FoyerError) failure.retryAfter?.toFixed()
      // @ts-expect-error an issuer is needed
      createClient({ clientId: 'shop' })
      `,
    )
    const module = resolution === 'bundler' ? 'esnext' : resolution
    const options = `--ignoreConfig --noEmit --strict --exactOptionalPropertyTypes --target es2022 --lib es2022,dom,dom.iterable --types`
    const args = [...options.split(' '), '', '--module', module, '--moduleResolution', resolution]
    const tsc = join(root, 'node_modules/.bin/tsc')
    const { stdout } = spawnSync(tsc, [...args, 'page.ts'], { cwd: folder, encoding: 'utf8' })
    expect(stdout).toBe('')
  })
})
