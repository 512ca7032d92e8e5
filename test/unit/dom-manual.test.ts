// The library's manual names what there is: methods, options, errors and events.

import { describe, expect, it } from '@jest/globals'
import { isListed, listed, read } from '../support/repository.ts'

const manual = read('packages/dom/README.md')
const elements = ['foyer-element', 'sign-in', 'account'].map((name) =>
  read(`packages/dom/src/elements/${name}.ts`),
)

/** Every first group, once each, in order. */
function all(text: string, pattern: RegExp): string[] {
  return [...new Set([...text.matchAll(pattern)].map(([, found = '']) => found))].sort()
}

/** The body of a type of `types.ts`. */
function typeOf(name: string): string {
  const text = read('packages/dom/src/types.ts')
  return text.slice(text.indexOf(`export type ${name} = {`)).split(/^}/m)[0] ?? ''
}

function sectionOf(heading: string): string {
  return manual.split(new RegExp(`^#+ ${heading}$`, 'm'))[1]?.split(/^## /m)[0] ?? ''
}

describe('the manual', () => {
  it('has every method of a client', () => {
    const methods = all(typeOf('FoyerClient'), /^ {2}(?:readonly )?(\w+)[(:<]/gm)
    expect(methods.length).toBeGreaterThan(18)
    expect(methods.filter((name) => !new RegExp(`\\b${name}\\b`).test(manual))).toEqual([])
  })

  it('has every option, and no other', () => {
    const options = all(typeOf('ClientOptions'), /^ {2}(\w+)\??:/gm)
    expect(all(sectionOf('createClient').split('###')[0] ?? '', /^\| `(\w+)` \|/gm)).toEqual(
      options,
    )
  })

  it('has every code of an error, and no other', () => {
    const codes = all(read('packages/dom/src/errors.ts'), /^ {2}\| '(\w+)'/gm)
    expect(codes.length).toBeGreaterThan(10)
    expect(all(sectionOf('Errors'), /^\| `(\w+)` \|/gm)).toEqual(codes)
  })

  it('has every event, of clients and of elements', () => {
    const [, events = ''] = /type AuthEvent =(.*)/.exec(read('packages/dom/src/types.ts')) ?? []
    expect(all(sectionOf('onAuthStateChange'), /^\| `(\w+)` \|/gm)).toEqual(all(events, /'(\w+)'/g))
    const told = all(elements.join(), /tell\('([\w-]+)'/g)
    expect(all(sectionOf('Elements'), /^\| `(foyer-[\w-]+)` \|/gm)).toEqual(told)
  })

  it('leads to tests that are there', () => {
    const documents = listed.filter((file) => /^packages\/dom\/.*\.md$/.test(file))
    const named = all(documents.map(read).join(), /`(test\/[\w./-]+)`/g)
    expect(named.length).toBeGreaterThan(5)
    expect(named.filter((file) => !isListed(file))).toEqual([])
  })
})
