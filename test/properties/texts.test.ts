// Texts of organisations and people: policies, names, pictures made of text and configuration, whatever is in them.

import { configuration } from '@foyer/contract'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import type { Browser, Page } from 'playwright-core'
import { parse } from 'yaml'
import { kindOf } from '../../adapters/images/kind.ts'
import { markdownHtml } from '../../interactions/pages/markdown.ts'
import { writtenAsYaml } from '../../src/command-line/configuration.ts'
import { inert } from '../../src/emails/text.ts'
import { slugOf, slugProblem } from '../../src/services/organisations/slug.ts'
import { html, renderDocument } from '../../src/shared/html.ts'
import { isPrintableName } from '../../src/shared/names.ts'
import { searchable } from '../../src/shared/search-text.ts'
import { startBrowser } from '../support/browser.ts'
import { among, fuzzMinutes, propertiesOf } from '../support/properties.ts'

const holds = propertiesOf('texts')

/** What turns text into something else in one language or another. */
const pieces = [
  ...[
    '<script>',
    '</script>',
    '<img src=x onerror=x>',
    '<!--',
    '-->',
    '<svg/onload=x>',
    '<a href=x>',
    '<',
    '>',
  ],
  ...[
    '[',
    ']',
    '(',
    ')',
    '](',
    '![',
    '<https://',
    'https://a.example',
    'javascript:',
    'data:text/html,',
    '//',
    'mailto:a@b.c',
  ],
  ...[
    '&',
    '&#',
    '&#x6A;',
    '&colon;',
    '&lt;',
    '&quot;',
    '"',
    "'",
    '`',
    '```',
    '~~~',
    '\\',
    '%00',
    '%22',
  ],
  ...[
    '\n',
    '\n\n',
    '\t',
    ' ',
    '    ',
    '# ',
    '- ',
    '1. ',
    '> ',
    '| ',
    '|---|',
    '*',
    '**',
    '_',
    '---',
    '===',
    '[a]: ',
  ],
  ...['\0', '\ufeff', '\u2028', '\u202e', '\u00a0', '\ud800', 'é', 'word', '1', '{{', '${', '#{'],
]
const markup = fc.oneof(
  fc.array(fc.constantFrom(...pieces), { maxLength: 20 }).map((all) => all.join('')),
  fc
    .array(fc.oneof(fc.constantFrom(...pieces), fc.string({ maxLength: 6 })), { maxLength: 12 })
    .map((all) => all.join('')),
)
const anyText = fc.oneof(
  fc.string(),
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: 'binary' }),
  markup,
)

const TAGS =
  'p h2 h3 h4 h5 h6 ul ol li em strong s a code pre blockquote hr br table thead tbody tr th td'
const tags = new Set(TAGS.split(' '))
const htmlOf = (text: string): string => markdownHtml(text).dangerouslySetInnerHTML.__html

describe('Markdown', () => {
  holds(
    'P03: becomes known tags alone, with links that lead to the web or to a mail',
    fc.property(markup, (text) => {
      const made = htmlOf(text)
      const found = [...made.matchAll(/<\/?([a-z0-9]+)((?: [a-z]+="[^"<>]*")*)( \/)?>/g)]
      // Whatever else looks like a tag would be none of these.
      expect(made.match(/</g)?.length ?? 0).toBe(found.length)
      for (const [, tag = '', attributes = ''] of found) {
        expect(tags).toContain(tag)
        for (const [, name = '', value = ''] of attributes.matchAll(/([a-z]+)="([^"]*)"/g)) {
          expect(['href', 'title', 'class', 'start']).toContain(name)
          if (name === 'href') expect(value).toMatch(/^(?:https:\/\/[^/]|mailto:)/i)
        }
      }
    }),
    { runs: 300 },
  )

  describe('as Chromium reads it', () => {
    let browser: Browser | undefined
    let page: Page | undefined
    beforeAll(async () => {
      // Its second opinion is for long runs: it takes longer to start than the tests.
      if (fuzzMinutes === 0) return
      browser = await startBrowser()
      page = await browser.newPage()
    })
    afterAll(() => browser?.close())

    const read = (made: string) =>
      page?.evaluate((source) => {
        const { body, head } = new DOMParser().parseFromString(source, 'text/html')
        const elements = [...head.children, ...body.querySelectorAll('*')]
        return elements.map((each) => ({
          tag: each.localName,
          attributes: [...each.attributes].map(({ name }) => name),
          protocol: each instanceof HTMLAnchorElement ? each.protocol : '',
        }))
      }, made)

    holds(
      'P03: holds the same tags, and no link that runs anything',
      fc.asyncProperty(fc.array(markup, { minLength: 20, maxLength: 20 }), async (texts) => {
        for (const { tag, attributes, protocol } of (await read(texts.map(htmlOf).join('\n'))) ??
          []) {
          expect(tags).toContain(tag)
          for (const name of attributes) expect(['href', 'title', 'class', 'start']).toContain(name)
          if (tag === 'a') expect(['https:', 'mailto:']).toContain(protocol)
        }
      }),
      { runs: 1 },
    )
  })
})

describe('a text on a page', () => {
  const entities = new Map([
    ['amp', '&'],
    ['lt', '<'],
    ['gt', '>'],
    ['quot', '"'],
    ['#39', "'"],
  ])
  const unescaped = (text: string) =>
    text.replace(/&(#?\w+);/g, (whole, name) => entities.get(name) ?? whole)

  holds(
    'stays that text, between tags and in attributes',
    fc.property(anyText, anyText, (inside, title) => {
      const made = renderDocument(html`<p title=${`t${title}`}>${`i${inside}`}</p>`)
      const [, attribute = '', content = ''] =
        /^<!doctype html><p title="([^"]*)">([^<]*)<\/p>$/.exec(made) ?? []
      expect([unescaped(attribute), unescaped(content)]).toEqual([`t${title}`, `i${inside}`])
    }),
    { runs: 300 },
  )

  holds(
    'that is a name is on one line, turns nothing round, and is never taken for a code in a mail',
    fc.property(anyText, (name) => {
      const shown = inert(name)
      expect(shown).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]|\d{6}/u)
      expect(shown.length).toBeLessThanOrEqual(80)
      if (isPrintableName(name, 80))
        expect(name.trim()).not.toMatch(/^\s*$|[\n\r\u2028\u202e\0\ud800]/u)
    }),
    { runs: 300 },
  )
})

describe('a name', () => {
  it('may have the joiners that scripts and emoji are written with, and more than those', () => {
    expect(isPrintableName('گل\u200cها 👩\u200d🍳', 80)).toBe(true)
    expect(isPrintableName('\u200c\u200d', 80)).toBe(false)
  })

  holds(
    'has a slug that is one',
    fc.property(fc.oneof(anyText, among('Admin api -- O Straße O.A.U.T.H. ---a')), (name) => {
      const slug = slugOf(name)
      expect(slugProblem(slug)).toBeUndefined()
      expect(slugOf(slug)).toBe(slug)
      expect(encodeURIComponent(slug)).toBe(slug)
    }),
    { runs: 300 },
  )

  holds(
    'is found by how it begins, in capitals or not, with accents or without',
    fc.property(
      // A sigma at the end of a word is another letter than within it.
      anyText.map((text) => text.toWellFormed().replace(/[Σσς]/g, 's')),
      fc.nat(),
      fc.constantFrom<(text: string) => string>(
        (text) => text,
        (text) => text.normalize('NFD'),
        (text) => text.normalize('NFC'),
        (text) => text.replace(/[a-z]/g, (letter) => letter.toUpperCase()),
        (text) => `  ${text} `,
      ),
      (name, length, way) => {
        const kept = searchable(name)
        expect(searchable(kept)).toBe(kept)
        expect([...kept].length).toBeLessThanOrEqual(100)
        const beginning = [...name].slice(0, length % 101).join('')
        expect(kept.startsWith(searchable(way(beginning)))).toBe(true)
      },
    ),
    { runs: 300 },
  )
})

describe('a picture made of text', () => {
  const letter = fc.constantFrom(...'aZ_:.-é·中\u200c𐀀')
  const prefix = fc.array(letter, { maxLength: 4 }).map((letters) => letters.join(''))
  const before = fc.constantFrom(
    ...[
      '',
      '\ufeff',
      ' \n',
      '<!-- -->',
      '<?xml version="1.0"?>',
      '<!DOCTYPE svg>',
      '<!-- <svg> --><?x y?>',
    ],
  )

  holds(
    'P06: is not drawn with a picture, an entity or a style sheet of others in it',
    fc.property(
      before,
      prefix,
      fc.constantFrom('image', 'feImage', 'IMAGE', '!ENTITY', '?xml-stylesheet'),
      fc.constantFrom(' ', '/', '>', '\n', '\t'),
      anyText,
      (prolog, name, element, end, text) => {
        const isName = element.startsWith('!') || element.startsWith('?')
        // A prefix is one name before one colon (Namespaces in XML, 4).
        const own = isName || name === '' ? '' : `${name.replaceAll(':', '')}:`
        const part = `<${own === ':' ? '' : own}${element}${end}`
        expect(kindOf(Buffer.from(`${prolog}<svg>${text.toWellFormed()}${part}</svg>`))).not.toBe(
          'svg',
        )
      },
    ),
    { runs: 300, examples: [['', 'é', 'image', ' ', '']] },
  )

  holds(
    'is what its first bytes say, and nothing breaks who asks',
    fc.property(
      fc.oneof(
        fc.uint8Array(),
        anyText.map((text) => Buffer.from(text)),
      ),
      (bytes) => {
        const kind = kindOf(bytes)
        if (kind === 'svg') expect(Buffer.from(bytes).toString()).toMatch(/<(?:[\w.-]+:)?svg/)
        if (kind === 'png') expect([...bytes.subarray(0, 4)]).toEqual([0x89, 0x50, 0x4e, 0x47])
      },
    ),
    { runs: 300 },
  )
})

describe('a configuration', () => {
  const optional = { requiredKeys: ['slug'] as 'slug'[] }
  const entry = fc.record(
    {
      slug: anyText,
      name: anyText,
      locale: among('en de ar'),
      support_email: fc.option(anyText),
      settings: fc.dictionary(anyText, fc.integer()),
      policies: fc.record(
        { terms: fc.record({ en: anyText, de: anyText }, { requiredKeys: [] }) },
        { requiredKeys: [] },
      ),
      clients: fc.array(
        fc.record({ kind: among('web browser'), name: anyText, redirect_uris: fc.array(anyText) }),
        { maxLength: 2 },
      ),
    },
    optional,
  )

  holds(
    'is read as it was written, whatever its texts look like in YAML',
    fc.property(fc.array(entry, { maxLength: 2 }), (organisations) => {
      const written = writtenAsYaml({ foyer: 1, organisations })
      const before = configuration.safeParse({ foyer: 1, organisations })
      expect(configuration.safeParse(parse(written))).toEqual(before)
    }),
    {
      runs: 100,
      examples: [
        [
          [
            {
              slug: 'a',
              policies: { terms: { en: '# a long heading of terms that goes on\n \n\n ' } },
            },
          ],
        ],
      ],
    },
  )

  holds(
    'that is none is refused, and not waited for',
    fc.property(
      fc.oneof(
        anyText,
        fc
          .array(among('&a *a - [ ] { } ? : | > ! !! %YAML <<: foyer: 1 "x"'), { maxLength: 30 })
          .map((all) => all.join(' ')),
      ),
      (text) => {
        try {
          const read = configuration.safeParse(parse(text, { logLevel: 'error' }))
          if (read.success) expect(read.data.foyer).toBe(1)
        } catch (error) {
          expect(['YAMLParseError', 'ReferenceError', 'YAMLSemanticError']).toContain(
            (error as Error).name,
          )
        }
      },
    ),
    { runs: 100 },
  )
})
