// Which tests answer which attack: read from the ids in the names of the tests.

import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { securityCases } from './security-cases.ts'

const root = join(import.meta.dirname, '..')

/** A name as it stands in its file, with the names around it and without its ids. */
export type SecurityTest = { ids: string[]; file: string; name: string }

/** `E01: `, `E01, E07: ` before a name; `(J12)` behind one. `F` is for failures, which are no attacks. */
const ids = /\b[A-EG-Z]\d{2}\b(?=[,:) ])/g
const prefix = /^(?:[A-EG-Z]\d{2}, )*[A-EG-Z]\d{2}: /
const suffix = / \((?:[A-EG-Z]\d{2}(?:, )?)+\)$/
const isNamed = (name: string): boolean => prefix.test(name) || suffix.test(name)

/** A string that begins a call, a row of a table, or a line of its own. */
const strings = /(^ *|[([])(['`])((?:\\.|(?!\2)[^\\\n])*)\2(?=[,)\]]|$)/g

/** Without ids, and without the adapter on which a contract is proven: it is each of them. */
const bare = (name: string): string =>
  name
    .replace(prefix, '')
    .replace(suffix, '')
    .replace(/,? on \$\{name\}$/, '')
    .replaceAll("\\'", "'")

/** The names in one file: indents, which the formatter keeps, say which `describe` is around which test. */
function testsIn(file: string, text: string): SecurityTest[] {
  const around: { indent: number; name: string }[] = []
  const found: SecurityTest[] = []
  let opened = '' // the last line that opened a call, whose name may stand on the next
  for (const line of text.split('\n')) {
    if (line.trim() === '') continue
    const indent = line.search(/\S/)
    while ((around.at(-1)?.indent ?? -1) >= indent) around.pop()
    const names = [...line.matchAll(strings)].map(([, , , name = '']) => name)
    for (const name of names.filter(isNamed))
      found.push({
        ids: name.match(ids) ?? [],
        file,
        name: [...around.map((one) => one.name), bare(name)].join(' '),
      })
    if (/^ *describe/.test(line)) opened = 'describe'
    else if (/^ *(it|const|test)\b/.test(line)) opened = ''
    const isSuite = /^ *describe/.test(line) || (opened === 'describe' && /^ *\]\)\(/.test(line))
    if (isSuite && names[0] !== undefined && line.endsWith('{'))
      around.push({ indent, name: bare(names[0]) })
  }
  return found
}

/**
 * Every test that has an id, by file. Throws when a name has an id that is no case's, when a case has neither
 * a test nor a reason, and when it has both.
 */
export function securityTests(): SecurityTest[] {
  const files = globSync('{test,packages/*/test}/**/*.{ts,tsx}', { cwd: root }).sort()
  const tests = files.flatMap((file) => testsIn(file, readFileSync(join(root, file), 'utf8')))
  const cases = Object.values(securityCases).flat()
  const known = new Set(cases.map(([id]) => id))
  const tested = new Set(tests.flatMap((test) => test.ids))
  const wrong = [
    ...tests
      .filter((test) => test.ids.some((id) => !known.has(id)))
      .map(({ file, name }) => `${file}: "${name}" has an id that scripts/security-cases.ts lacks`),
    ...cases
      .filter(([id, , , waitsFor]) => tested.has(id) === (waitsFor !== undefined))
      .map(([id, , , waitsFor]) =>
        waitsFor ? `${id} has a test and waits for ${waitsFor}` : `${id} has no test`,
      ),
  ]
  if (wrong.length > 0) throw new Error(wrong.join('\n'))
  return tests
}
