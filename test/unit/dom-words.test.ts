// How the elements speak: in the language that a page names, however it writes it.

import { describe, expect, it } from '@jest/globals'
import { addWords, speechOf } from '../../packages/dom/src/elements/words.ts'
import { de } from '../../packages/dom/src/words/de.ts'

describe('the language of an element', () => {
  addWords({ de })

  it.each([
    ['de', 'de'],
    ['de-AT', 'de-AT'],
    ['de_DE', 'de-DE'],
    ['en-US@posix', 'en-US'],
    ['tlh', 'en'],
    ['no language at all', 'en'],
    ['', 'en'],
  ])('that is called %j is %s', (wanted, lang) => {
    const speech = speechOf(wanted)
    expect(speech.lang).toBe(lang)
    const title = lang.startsWith('de') ? String(de.emailTitle) : 'Sign in'
    expect(speech.say('emailTitle').join('')).toBe(title)
    expect(speech.say('attemptsLeft', { count: 1 }).join('')).toMatch(/one|ein/i)
  })
})
