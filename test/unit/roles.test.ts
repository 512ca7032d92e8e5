// The role matrix: what each role may do with each noun, as it stands in the documents.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { may, nouns, roles, type Verb, verbs } from '../../src/services/operators/roles.ts'
import { root } from '../support/repository.ts'

/** For each noun what a role may do; a role may do what those before it may. */
const matrix = `
|               | viewer | editor                       | owner                        | platform owner               |
|---------------|--------|------------------------------|------------------------------|------------------------------|
| organisations | read   | read                         | read, change                 | read, create, change, remove |
| operators     | read   | read                         | read, create, change, remove | read, create, change, remove |
| api-keys      |        |                              | read, create, remove         | read, create, remove         |
| clients       | read   | read, create, change, remove | read, create, change, remove | read, create, change, remove, trust |
| registration  | read   | read                         | read, create, change, remove | read, create, change, remove |
| customers     | read   | read, create, change         | read, create, change, remove | read, create, change, remove |
| accounts      | read   | read, change                 | read, change, remove         | read, change, remove         |
| sessions      | read   | read, remove                 | read, remove                 | read, remove                 |
| brand         | read   | read, change                 | read, change                 | read, change                 |
| policies      | read   | read, change                 | read, change                 | read, change                 |
| keys          | read   | read                         | read, create, remove         | read, create, remove         |
| audit         |        |                              | read                         | read                         |
| settings      | read   | read                         | read, change                 | read, change                 |
`

const written = new Map(
  matrix
    .trim()
    .split('\n')
    .slice(2)
    .map((line) => {
      const [noun = '', ...cells] = line
        .split('|')
        .map((cell) => cell.trim())
        .slice(1, -1)
      return [noun, cells]
    }),
)

describe('A06: the role matrix', () => {
  it.each(nouns.flatMap((noun) => roles.map((role, at) => ({ noun, role, at }))))(
    'lets a $role do with $noun what is written',
    ({ noun, role, at }) => {
      const allowed = verbs.filter((verb) => may(role, verb, noun))
      expect(allowed.join(', ')).toBe(written.get(noun)?.[at])
    },
  )

  it('has every noun that is written, and no other', () => {
    expect([...nouns]).toEqual([...written.keys()])
  })

  it('lets nobody without a role do anything, and nobody what no noun has', () => {
    for (const noun of nouns) {
      for (const verb of verbs) expect(may(undefined, verb, noun)).toBe(false)
      for (const verb of ['constructor', '__proto__', 'toString'] as unknown as Verb[]) // from outside the types
        expect(may('platform-owner', verb, noun)).toBe(false)
    }
  })

  it('stands in the documents as it is', () => {
    const page = readFileSync(join(root, 'docs/operators.md'), 'utf8')
    const squeezed = (text: string): string => text.replace(/ +/g, ' ').replace(/-+/g, '-')
    expect(squeezed(page)).toContain(squeezed(matrix.trim()))
  })
})
