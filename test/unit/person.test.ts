// What a request tells of a person: the language they read, and the device they use.

import { describe, expect, it } from '@jest/globals'
import { directionOf, pickLocale } from '../../src/shared/locale.ts'
import { labelUserAgent } from '../../src/shared/user-agent.ts'
import { expectWithin } from '../support/stopwatch.ts'

describe('the language of a page', () => {
  it.each<[name: string, wanted: string[], fallback: string, locale: string]>([
    ['the first that there is', ['fr', 'de', 'en'], 'en', 'de'],
    ['without its region', ['de-AT'], 'en', 'de'],
    ['in any case', ['AR-eg'], 'en', 'ar'],
    ['the organisation’s, where none is known', ['fr', 'tlh'], 'de-CH', 'de'],
    ['English, where not even that is', ['fr'], 'fr', 'en'],
    ['whole words only: den is not de', ['den', ''], 'fr', 'en'],
    ['not what every object has', ['constructor', '__proto__'], 'toString', 'en'],
  ])('is %s', (_name, wanted, fallback, locale) => {
    expect(pickLocale(wanted, fallback)).toBe(locale)
  })

  it('runs from right to left in Arabic alone', () => {
    expect([directionOf('ar'), directionOf('en'), directionOf('de')]).toEqual(['rtl', 'ltr', 'ltr'])
  })
})

describe('a browser', () => {
  const apple = 'AppleWebKit/605.1.15 (KHTML, like Gecko)'
  const blink = 'AppleWebKit/537.36 (KHTML, like Gecko)'

  // Most claim to be several others, so the order of the table matters.
  it.each([
    [
      `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${blink} Chrome/130.0.0.0 Safari/537.36`,
      'Chrome',
      'Windows',
    ],
    [
      `Mozilla/5.0 (Windows NT 10.0) ${blink} Chrome/130.0 Safari/537.36 Edg/130.0`,
      'Edge',
      'Windows',
    ],
    [
      `Mozilla/5.0 (X11; Linux x86_64) ${blink} Chrome/130.0 Safari/537.36 OPR/116.0`,
      'Opera',
      'Linux',
    ],
    [
      `Mozilla/5.0 (Macintosh; Intel Mac OS X 14_6) ${apple} Version/18.0 Safari/605.1.15`,
      'Safari',
      'Mac',
    ],
    [
      `Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) ${apple} Version/18.0 Mobile/15E148 Safari/604.1`,
      'Safari',
      'iPhone',
    ],
    [
      `Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) ${apple} CriOS/130.0 Mobile/15E148 Safari/604.1`,
      'Chrome',
      'iPhone',
    ],
    [
      `Mozilla/5.0 (Linux; Android 14; SM-S921B) ${blink} SamsungBrowser/26.0 Chrome/122.0 Mobile Safari/537.36`,
      'Samsung Internet',
      'Android',
    ],
    [
      'Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0',
      'Firefox',
      'Linux',
    ],
  ])('%s is told in two words', (header, browser, system) => {
    expect(labelUserAgent(header)).toEqual({ browser, system })
  })

  it('that is not known is not guessed at, and its header is never repeated', () => {
    expect(labelUserAgent('')).toEqual({})
    expect(labelUserAgent('curl/8.9.1')).toEqual({})
    expect(labelUserAgent('<script>alert(1)</script> Firefox/1')).toEqual({ browser: 'Firefox' })
  })

  it('with the longest header there is, 16 kB, is looked at in little time', async () => {
    await expectWithin(500, () => labelUserAgent('Version/1 '.repeat(1600)))
  })
})
