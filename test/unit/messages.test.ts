// The words of pages and mails: every language says everything, with the same names and numbers in it.

import { describe, expect, it } from '@jest/globals'
import { catalogue as pages } from '../../interactions/messages/catalogue.ts'
import { messagesFor } from '../../src/emails/messages/catalogue.ts'
import { thirdPartyApiScopes } from '../../src/services/identity/clients/api-scopes.ts'
import { type Locale, locales } from '../../src/shared/locale.ts'

type Words = { [key: string]: unknown }

/** Each text by its path; functions are called with words that can be found again. */
function textsOf(words: Words, path = ''): Map<string, string> {
  const texts = new Map<string, string>()
  for (const [key, value] of Object.entries(words)) {
    const at = `${path}${key}`
    if (typeof value === 'string') texts.set(at, value)
    else if (typeof value === 'function')
      texts.set(at, value(...Array.from({ length: value.length }, (_, index) => `{${index}}`)))
    else for (const [inner, text] of textsOf(value as Words, `${at}.`)) texts.set(inner, text) // a group
  }
  return texts
}

const placeholders = (text: string): string[] => [...text.matchAll(/\{\d\}/g)].map(String).sort()

describe.each([
  ['pages', (locale: Locale): Words => pages[locale]],
  ['mails', (locale: Locale): Words => messagesFor(locale).messages],
])('the words of the %s', (_name, wordsIn) => {
  const english = textsOf(wordsIn('en'))

  it.each(locales)('are all there in %s, with the same names and numbers', (locale) => {
    const texts = textsOf(wordsIn(locale))
    expect([...texts.keys()].sort()).toEqual([...english.keys()].sort())
    for (const [key, text] of texts) {
      expect({ key, text: text.trim() }).not.toEqual({ key, text: '' })
      expect({ key, names: placeholders(text) }).toEqual({
        key,
        names: placeholders(english.get(key) ?? ''),
      })
    }
  })
})

it('the permission page has words for every scope that an application can be allowed', () => {
  const known = Object.keys(pages.en.permission.scopes)
  expect(thirdPartyApiScopes.filter((scope) => !known.includes(scope))).toEqual([])
})
