// What docs/elements.md of the browser library lists, held against the code, in both directions.

import { describe, expect, it } from '@jest/globals'
import { speechOf } from '../../packages/dom/src/elements/words.ts'
import { ar } from '../../packages/dom/src/words/ar.ts'
import { de } from '../../packages/dom/src/words/de.ts'
import { listed, read } from '../support/repository.ts'

const manual = read('packages/dom/docs/elements.md')
const code = listed
  .filter((file) => /^packages\/dom\/src\/elements\/.*\.ts$/.test(file))
  .map(read)
  .join('\n')

/** The rows of a section's table: what stands in their first cell, and their others. */
function rowsOf(section: string): [name: string, ...cells: string[]][] {
  const [, text = ''] = manual.split(`\n## ${section}\n`)
  const [own = ''] = text.split('\n## ')
  return [...own.matchAll(/^\| `?([^|`]+?)`? \| (.*) \|$/gm)]
    .map(([, name = '', cells = '']): [string, ...string[]] => [name, ...cells.split(' | ')])
    .slice(1)
}
const namesOf = (section: string) => rowsOf(section).map(([name]) => name)
/** Every different first group, in the code of the elements. */
const found = (pattern: RegExp) => [...new Set([...code.matchAll(pattern)].map(([, name]) => name))]

describe('the manual of the elements lists', () => {
  it.each([
    ['Attributes', /(?:\bread|getAttribute)\('([\w-]+)'\)|:host\(\[(theme)\]/g],
    ['Properties', /^ {2}(?:get|override) (client|messages|focus)\(/gm],
    ['Events', /\btell\('(foyer-[\w-]+)'/g],
    ['Variables', /var\((--foyer-[\w-]+)/g],
    ['Parts', /\bpart: '([\w-]+)'/g],
  ])('every one of the %s, and no other', (section, pattern) => {
    const inCode = [...code.matchAll(pattern)].map(([, one, other]) => one ?? other)
    expect(namesOf(section).sort()).toEqual([...new Set(inCode)].sort())
  })

  it('every slot', () => {
    const named = found(/make\('slot', \{ name: '([\w-]+)' \}\)/g)
    expect(namesOf('Slots')).toEqual([...named, '(default)'])
    expect(code).toContain("make('slot', {})")
  })

  it('every word, as it is said in English', () => {
    const { say, has } = speechOf('en')
    expect(namesOf('Words')).toEqual(Object.keys(de))
    for (const [name, words] of rowsOf('Words')) {
      if (!has(name)) throw new Error(`${name} is no word`)
      const said = say(name, { count: 2, email: '{email}', issuer: '{issuer}' }).join('')
      expect(words?.split(' / ').at(-1)?.replace('{count}', '2')).toBe(said)
    }
  })
})

describe('the words in other languages', () => {
  it.each(Object.entries({ ar, de }))('%s: fill in what English fills in', (_language, words) => {
    for (const [name, inEnglish = ''] of rowsOf('Words')) {
      const phrase = words[name as keyof typeof words] // the table has them all
      const texts = typeof phrase === 'string' ? [phrase] : Object.values(phrase)
      const filled = (text: string) => text.match(/\{\w+\}/g) ?? []
      for (const text of texts)
        expect(filled(inEnglish)).toEqual(expect.arrayContaining(filled(text)))
      expect(filled(texts.at(-1) ?? '')).toEqual(filled(inEnglish.split(' / ').at(-1) ?? ''))
    }
  })
})
