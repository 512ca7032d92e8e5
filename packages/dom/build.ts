// Builds what others embed: modules, the file for a script tag and the types; then says how large they are.

import { execFileSync } from 'node:child_process'
import { hash } from 'node:crypto'
import { globSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { gzipSync } from 'node:zlib'
import { build } from 'vite'

type Entry = { source: string; file: string; format: 'es' | 'iife' }

const here = import.meta.dirname

const entries: readonly Entry[] = [
  { source: 'index.ts', file: 'index.js', format: 'es' },
  { source: 'dpop.ts', file: 'dpop.js', format: 'es' },
  { source: 'element.ts', file: 'element.js', format: 'es' },
  { source: 'words/ar.ts', file: 'words-ar.js', format: 'es' },
  { source: 'words/de.ts', file: 'words-de.js', format: 'es' },
  { source: 'script.ts', file: 'foyer.js', format: 'iife' },
]

/** The module of the elements has none of the core in it: it imports the core's public names, as anybody would. */
const CORE = './index.ts'

const tsc = join(here, '../../node_modules/.bin/tsc')
const { version, license } = JSON.parse(readFileSync(join(here, 'package.json'), 'utf8'))

async function bundle({ source, file, format }: Entry, folder: string): Promise<void> {
  await build({
    configFile: false,
    root: here,
    publicDir: false,
    logLevel: 'warn',
    build: {
      outDir: folder,
      emptyOutDir: false,
      target: 'es2022',
      sourcemap: true,
      modulePreload: false,
      reportCompressedSize: false,
      rolldownOptions: {
        input: join(here, 'src', source),
        preserveEntrySignatures: 'strict',
        external: format === 'es' && source !== 'index.ts' ? [CORE] : [],
        output: {
          format,
          entryFileNames: file,
          paths: (id) => (id.endsWith('/index.ts') ? './index.js' : id),
          postBanner: `/*! @foyer/dom ${version} ${license} */`,
        },
      },
    },
  })
}

/** Each file at once, for whoever is reading; what was there of an earlier build goes. */
function moveInto(folder: string, target: string): void {
  const made = globSync('**/*.{js,map,ts}', { cwd: folder })
  for (const file of made) {
    mkdirSync(dirname(join(target, file)), { recursive: true })
    renameSync(join(folder, file), join(target, file))
  }
  for (const file of globSync('**/*.{js,map,ts}', { cwd: target }))
    if (!made.includes(file)) rmSync(join(target, file))
}

/** For a page that pins a file: what it is recognised by (Subresource Integrity, 3.3). */
function report(folder: string): void {
  for (const name of globSync('*.js', { cwd: folder }).sort()) {
    const bytes = readFileSync(join(folder, name))
    const { length } = gzipSync(bytes, { level: 9 })
    const integrity = `sha384-${hash('sha384', bytes, 'base64')}`
    process.stdout.write(`${name}  ${length} bytes gzipped  ${integrity}\n`)
  }
}

const { values: options } = parseArgs({
  options: { out: { type: 'string', default: 'dist' }, quiet: { type: 'boolean', default: false } },
})
const out = resolve(here, options.out)
mkdirSync(out, { recursive: true })
const fresh = mkdtempSync(join(out, '../.dist-')) // beside: source maps name their sources from there
try {
  for (const entry of entries) await bundle(entry, fresh)
  execFileSync(tsc, ['--project', here, '--outDir', join(fresh, 'types')], { stdio: 'inherit' })
  moveInto(fresh, out)
  if (!options.quiet) report(out)
} finally {
  rmSync(fresh, { recursive: true })
}
