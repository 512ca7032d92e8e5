// `npm run screenshots -- [name]`: pictures of every page and mail that the browser tests look at, and one page that shows them all.

import { spawn } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'

const root = join(import.meta.dirname, '..')
const folder = process.env.SCREENSHOTS ?? join(root, '.cache/screenshots')
const [name = ''] = process.argv.slice(2)

const tests = readdirSync(join(root, 'test/browser'))
  .filter((file) => file.includes(name))
  .filter((file) => /expectGood/.test(readFileSync(join(root, 'test/browser', file), 'utf8')))
if (tests.length === 0) {
  process.stderr.write(`No test in test/browser looks at pages and has "${name}" in its name.\n`)
  process.exit(1)
}
// What a former run made would be taken for what is there now.
for (const file of tests)
  rmSync(join(folder, file.replace('.test.ts', '')), { recursive: true, force: true })

const jest = [
  '--experimental-vm-modules',
  '--disable-warning=ExperimentalWarning',
  'node_modules/jest/bin/jest.js',
  '--testTimeout=120000', // a picture takes its time
  '--runTestsByPath',
  ...tests.map((file) => join('test/browser', file)),
]
const run = spawn(process.execPath, jest, {
  cwd: root,
  env: { ...process.env, SCREENSHOTS: folder },
  stdio: 'inherit',
})
run.on('exit', (code) => {
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'index.html'), contactSheet())
  process.stdout.write(`\n${join(relative(process.cwd(), folder), 'index.html')}\n`)
  process.exitCode = code ?? 1
})

/** A row for each page: what it is called, and its views beside each other. */
function contactSheet() {
  const pictures = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.png'))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort()
  const pages = Map.groupBy(pictures, (file) => file.replace(/ \d+ (light|dark)\.png$/, ''))
  const rows = [...pages].map(
    ([title, files]) =>
      `<h2>${title}</h2><p>${files.map((file) => `<a href="${encodeURI(file)}"><img loading="lazy" alt="" src="${encodeURI(file)}"></a>`).join('')}</p>`,
  )
  const style =
    'body{font:1rem/1.5 system-ui;margin:2rem;background:#ddd}img{height:26rem;margin:.25rem;border:1px solid #888}h2{font-size:1rem}'
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Screenshots</title><style>${style}</style><h1>Screenshots</h1>${rows.join('\n')}</html>\n`
}
