// What holds of every page in each of its states, read as it is sent: title, scripts, the ways on, brand and footer.

import { createHash } from 'node:crypto'
import { describe, expect, it } from '@jest/globals'
import { demoAccountPage } from '../../interactions/pages/demo-account.ts'
import { emailPage } from '../../interactions/pages/email.ts'
import { enhancement, goOn } from '../../interactions/pages/enhancement.ts'
import { errorPage } from '../../interactions/pages/error.ts'
import { frontPage } from '../../interactions/pages/front.ts'
import { goingOnPolicyOf, policyOf } from '../../interactions/pages/layout.ts'
import { permissionPage } from '../../interactions/pages/permission.ts'
import { plainLook } from '../../src/shared/look.ts'
import { customerPages } from '../support/customer-pages.ts'
import { LONG_NAME } from '../support/samples.ts'
import { formsOf } from '../support/user-agent.ts'

const HREF = 'https://casa-aurora.example/'
const frame = {
  locale: 'en',
  brand: 'Casa Aurora',
  addresses: { page: () => '?', form: () => '?' },
  clientName: 'Table Ledger',
} as const

/** Each is made in the test that looks at it, which mutation testing needs to see. */
const shown = customerPages.map(({ name, html }) => ({
  name,
  get html() {
    return html('en')
  },
}))
const htmlOf = (name: string): string => shown.find((page) => page.name === name)?.html ?? ''
const namesOf = (pages: { name: string }[]): string[] => pages.map(({ name }) => name)

/** What the pattern's groups found, each time. */
const allOf = (html: string, pattern: RegExp): string[][] =>
  [...html.matchAll(pattern)].map(([, ...groups]) => groups)

const scriptsOf = (html: string): string[] => allOf(html, /<script>([\s\S]*?)<\/script>/g).flat()

/** What one can press, in order, each after its rank: `primary Continue`. */
const waysOf = (html: string): string[] =>
  allOf(html, /<(?:button|a) class="(?:button )?(\w+)"[^>]*>([^<]*)</g).map((way) => way.join(' '))

/** The parts of the footer by their names, each with its links; `undefined` without a footer. */
function footerOf(html: string): { [label: string]: string[] } | undefined {
  const [[footer] = []] = allOf(html, /<footer>([\s\S]*?)<\/footer>/g)
  if (footer === undefined) return undefined
  return Object.fromEntries(
    allOf(footer, /<nav aria-label="([^"]*)">([\s\S]*?)<\/nav>/g).map(([label, links = '']) => [
      label,
      allOf(links, /<a href="([^"]*)"[^>]*>([^<]*)</g).map((link) => link.join(' ')),
    ]),
  )
}

describe('every page', () => {
  it.each(shown)(
    'wears the wordmark, and is named by its heading and by the business: $name',
    ({ html }) => {
      const [[title = ''] = []] = allOf(html, /<title>(?:Error: )?([^<]*)<\/title>/g)
      const [heading, brand = ''] = title.split(' · ')
      expect(allOf(html, /<h1>([^<]*)<\/h1>/g)).toEqual([[heading]])
      const tile = `<span class="tile" aria-hidden="true">${brand[0]}</span>`
      expect(html).toContain(`<p class="brand">${tile}<span>${brand}</span></p>`)
    },
  )

  it('says first in its title that something was wrong, and only then', () => {
    expect(namesOf(shown.filter(({ html }) => html.includes('<title>Error: ')))).toEqual([
      'address, mistyped',
      'address, asked too often',
      'code, asked again too soon',
      'code, wrong',
      'code, wrong, one try left',
      'code, not complete',
      'code, not looked at',
      'code, no tries left',
      'hand-off, gone',
      'invitation, somebody else',
      'invitation, gone',
      'console, no operator',
      'console, invited',
      'console, failed',
      'console, unbuilt',
    ])
  })

  it.each(shown)('has scripts where it has a form, and its policy allows them: $name', (page) => {
    const sendsItself = ['hand-off', 'pass on'].includes(page.name)
    const scripts = sendsItself ? [enhancement, goOn] : [enhancement]
    const hasForm = page.html.includes('<form')
    expect(scriptsOf(page.html)).toEqual(hasForm ? scripts : [])
    // What the script says when an answer takes long.
    expect(page.html.includes('<p class="wait" role="status"')).toBe(hasForm)
    const policy = sendsItself ? goingOnPolicyOf() : policyOf()
    const hashes = scripts.map(
      (script) => `'sha256-${createHash('sha256').update(script).digest('base64')}'`,
    )
    expect(policy).toContain(`; script-src ${hashes.join(' ')};`)
  })

  const ofCode = ['primary Continue', 'quiet Send a new code', 'quiet Use another address']
  it.each<[string, string[]]>([
    ['address', ['primary Continue', 'quiet Cancel']],
    ['code', [...ofCode, 'quiet Cancel']],
    ['code, expired', ['primary Send a new code', 'quiet Use another address', 'quiet Cancel']],
    ['code, no tries left', ['primary Start again', 'quiet Cancel']],
    ['permission', ['primary Allow', 'second Cancel']],
    ['agreement', ['primary Agree and go on', 'second Cancel']],
    ['front', []],
    ['sign-out', ['primary Sign out', 'second Stay signed in']],
    ['signed out', []],
    ['ended, to the application', ['primary Continue to Table Ledger']],
    ['ended, to the front page', ['primary Continue to Casa Aurora']],
    ['interrupted', ['primary Continue']],
    ['error, unavailable', ['primary Try again']],
    ['error, not found and nobody’s', []],
    ['hand-off', ['primary Continue']],
    [
      'hand-off, other person',
      ['primary Continue as b••@example.org', 'second Stay signed in as ana.dubois@example.com'],
    ],
    ['hand-off, stranger', ['primary Continue as b••@example.org', 'second It is not mine']],
    ['hand-off, gone', ['primary Continue']],
    ['pass on', ['primary Continue']],
    ['account', ['second Sign out']],
    ['account, nobody', ['primary Sign in']],
    ['invitation', ['primary Sign in to accept']],
    ['invitation, signed in', ['primary Accept the invitation', 'second Sign out']],
    ['invitation, somebody else', ['second Sign out']],
    ['invitation, gone', ['primary Open the console']],
    ['console, no operator', ['second Sign out']],
    ['console, failed', ['primary Sign in']],
    ['console, left', ['primary Sign in']],
    ['console, unbuilt', []],
  ])('offers one way forward, and before all others: %s', (name, ways) => {
    expect(waysOf(htmlOf(name))).toEqual(ways)
  })
})

it.each(shown)(
  'what is described or labelled by something has it on its page: $name',
  ({ html }) => {
    const named = allOf(html, / aria-(?:describedby|labelledby)="([^"]*)"/g).flat()
    for (const id of named.flatMap((ids) => ids.split(' '))) expect(html).toContain(` id="${id}"`)
  },
)

const WRONG = 'That code is not right. Check the newest mail and type it again.'
const TOO_MANY =
  'Too many wrong codes were typed. This one was not looked at. Try again in 24 hours.'
it.each<[string, unknown[], boolean]>([
  ['address', [], false],
  ['address, mistyped', [expect.stringContaining('typing mistake')], true],
  ['address, asked too often', [expect.stringContaining('Try again in 10 minutes.')], false],
  ['code', [], false],
  ['code, asked again too soon', [expect.stringContaining('sent a moment ago')], false],
  ['code, wrong', [WRONG], true],
  ['code, wrong, one try left', [`${WRONG} One try is left.`], true],
  ['code, not complete', ['The code has 6 digits. Type all of them.'], true],
  ['code, not looked at', [TOO_MANY], false],
])(
  'a page says what was wrong, and marks its field if it was that: %s',
  (name, alerts, isInvalid) => {
    const html = htmlOf(name)
    expect(allOf(html, /<p class="problem" id="problem" role="alert">([^<]*)</g).flat()).toEqual(
      alerts,
    )
    expect(/<input[^>]* aria-invalid="true"/.test(html)).toBe(isInvalid)
  },
)

it('the page of the code says when another can be asked for, and that one is on its way', () => {
  const seconds = (name: string) => allOf(htmlOf(name), /data-resend-in="(\d+)"[^>]*>([^<]*)</g)
  expect(seconds('code')).toEqual([['47', 'You can ask for a new code in 47 s.']])
  expect(seconds('code, resend possible')).toEqual([])
  const isAnnounced = (name: string) => /<p class="notice"[^>]*>A new code is on/.test(htmlOf(name))
  expect([isAnnounced('code, sent again'), isAnnounced('code')]).toEqual([true, false])
})

it.each<[string, object[]]>([
  ['hand-off', [{}]],
  ['hand-off, other person', [{ answer: 'continue' }, { answer: 'stay' }]],
  ['hand-off, stranger', [{}, { answer: 'stay' }]],
  ['agreement', [{ terms: '3', privacy: '1' }, {}]],
  ['sign-out', [{ xsrf: 'x', logout: 'yes' }, { xsrf: 'x' }]],
])('the forms of a page send what was asked: %s', (name, fields) => {
  const page = { html: htmlOf(name), url: HREF, status: 200, headers: new Headers() }
  expect(formsOf(page).map((form) => form.fields)).toEqual(fields)
})

it('a page of an error has what its developer needs, and what finds its log line', () => {
  const facts = (name: string) =>
    allOf(htmlOf(name), /<dt>([^<]*)<\/dt><dd[^>]*><bdi[^>]*>([^<]*)</g)
  const code = ['Support code', '7kq4-m2xd-9p3w']
  expect(facts('interrupted')).toEqual([code])
  expect(facts('error, bad request')).toEqual([
    [expect.any(String), expect.stringMatching(/^invalid_redirect_uri: /)],
    code,
  ])
  const wayOn = { href: HREF }
  const empty = errorPage({ ...frame, kind: 'not-found', detail: '', wayOn })
  expect(empty).not.toContain('<dl')
})

it('links and notices stand where there is something to tell, and only there', () => {
  const links = allOf(
    htmlOf('permission for everything'),
    /<a [^>]*target="_blank"[^>]*><bdi>([^<]*)</g,
  )
  expect(links.flat()).toEqual(['Privacy policy', 'Terms', 'table-ledger.example'])
  const isOld = (name: string) => htmlOf(name).includes('This is not the newest version.')
  expect([isOld('policy'), isOld('policy, not the newest')]).toEqual([false, true])
  const due = allOf(
    htmlOf('agreement').split('<footer>')[0] ?? '',
    /<li><a [^>]*>([^<]*)<\/a>(?:<span>([^<]*)<\/span>)?<\/li>/g,
  )
  expect(due).toEqual([
    ['Terms of service', expect.stringContaining('changed')],
    ['Privacy policy', undefined],
  ])
})

it.each([
  ['ended, to the application', 'This sign-in has ended'],
  ['interrupted', 'This page is out of date'],
  ['error, bad request', 'That did not work'],
  ['error, not found', 'There is no such page'],
])('an end is told from another by its heading: %s', (name, heading) => {
  expect(htmlOf(name)).toContain(`<h1>${heading}</h1>`)
})

describe('the footer', () => {
  const policies = [{ kind: 'terms', href: `${HREF}terms` }] as const
  const support = [
    { href: `${HREF}help` },
    { href: 'mailto:help@a.example', address: 'help@a.example' },
  ]
  const addresses = { page: ({ lang = '' } = {}) => `?lang=${lang}` }
  const parts: [string, object, object][] = [
    ['policies', { policies }, { Policies: [`${HREF}terms Terms of service`] }],
    ['help', { support }, { Help: [`${HREF}help Help`, 'mailto:help@a.example help@a.example'] }],
    [
      'languages',
      { addresses },
      { Language: ['?lang=en English', '?lang=de Deutsch', '?lang=ar العربية'] },
    ],
  ]
  const draw = (told: object): string => frontPage({ locale: 'en', brand: 'Casa Aurora', ...told })

  it('is not there where nothing would stand in it', () => {
    expect(footerOf(draw({}))).toBeUndefined()
  })

  it.each(parts)('has %s and nothing else where there is nothing else', (_name, told, footer) => {
    expect(footerOf(draw(told))).toEqual(footer)
  })

  it('has all of them, and says which language it is', () => {
    const html = draw({ policies, support, addresses, locale: 'de' })
    expect(Object.keys(footerOf(html) ?? {})).toEqual(['Rechtliches', 'Hilfe', 'Sprache'])
    expect(allOf(html, /<a [^>]*hreflang="(\w+)" aria-current="true"/g)).toEqual([['de']])
  })
})

describe('a brand', () => {
  const draw = (brand: string): string => frontPage({ locale: 'en', brand })

  it.each([
    ['casa aurora', 'C'],
    [' élan', 'É'],
    ['🍋 Lemon', '🍋'],
    ['', '·'],
  ])('without a logo wears the first sign of its name: %j', (name, tile) => {
    expect(draw(name)).toContain(`<span class="tile" aria-hidden="true">${tile}</span>`)
  })

  it('shows its logo in place of that, on pages that may load pictures', () => {
    const look = {
      ...plainLook,
      pictures: { logo: { src: '/brand/a.png', width: 96, height: 32 } },
    }
    const html = frontPage({ locale: 'en', brand: 'Casa Aurora', look })
    expect(html).toMatch(
      /<p class="brand"><img [^>]*src="\/brand\/a.png"[^>]*alt="Casa Aurora"\/><\/p>/,
    )
    expect(policyOf(look)).toContain("; img-src 'self' data:;")
    expect(policyOf(plainLook)).toContain('; img-src data:;')
  })

  it('is looked at before it is published in one scheme, on a page that does nothing', () => {
    const preview = (only: 'light' | 'dark'): string =>
      emailPage({ ...frame, look: { ...plainLook, only }, email: '' })
    for (const only of ['light', 'dark'] as const) {
      const html = preview(only)
      expect(scriptsOf(html)).toEqual([])
      expect(html).toContain(`color-scheme: ${only};`)
      expect(html).not.toContain('prefers-color-scheme')
      // A logo for light pages gets paper of its own on dark ones.
      expect(html.includes('.plate {')).toBe(only === 'dark')
    }
  })

  it('with a logo for each scheme shows the one of the scheme that it is looked at in', () => {
    const picture = (src: string) => ({ src, width: 96, height: 32 })
    const pictures = { logo: picture('/light.png'), logoDark: picture('/dark.png') }
    const shownIn = (only: 'light' | 'dark') =>
      allOf(
        emailPage({ ...frame, look: { ...plainLook, pictures, only }, email: '' }),
        /<img [^>]*src="([^"]*)"/g,
      )
    expect([shownIn('light'), shownIn('dark')]).toEqual([[['/light.png']], [['/dark.png']]])
  })
})

it('the permission page says at least that it is you, whatever was asked for', () => {
  const asked = { links: {}, email: 'ana@example.com', scopes: ['made-up'] }
  const html = permissionPage({ ...frame, ...asked })
  expect(allOf(html, /<li>([^<]*)<\/li>/g)).toEqual([['know that it is you']])
  expect(html).not.toContain('From Table Ledger')
})

it.each([
  [1, '1 minute'],
  [61, '2 minutes'],
  [7140, '119 minutes'],
  [7201, '3 hours'],
])('who has to wait %d seconds is told to wait %s', (retryAfter, time) => {
  const html = emailPage({ ...frame, email: '', problem: { kind: 'too-many', retryAfter } })
  expect(html).toContain(`Try again in ${time}.`)
})

it.each([
  ['en', '9 March 2026'],
  ['de', '9. März 2026'],
  ['ar', '9 مارس 2026'],
] as const)('a policy says in %s when it was published', (locale, date) => {
  const page = customerPages.find(({ name }) => name === 'policy')
  expect(page?.html(locale)).toContain(date)
})

it('the page of the account says since when, to what and where one is signed in', () => {
  const facts = allOf(htmlOf('account'), /<dt>(.*?)<\/dt>((?:<dd>.*?<\/dd>)*)/g)
  expect(
    facts.map(([term, values = '']) => [term, ...allOf(values, /<dd>(.*?)<\/dd>/g).flat()]),
  ).toEqual([
    ['Signed in since', '21 November 2026'],
    ['Signed in to', 'Table Ledger', LONG_NAME],
    [
      'Where you are signed in',
      'Chrome on macOS<span>this browser</span>',
      'Safari on iOS<span>last used 19 November 2026</span>',
      'Firefox<span>last used 12 November 2026</span>',
      'a browser without a name<span>last used 2 November 2026</span>',
    ],
  ])
  const nowhere = { email: '', since: 'x', applications: [], sessions: [], signOut: HREF }
  const page = demoAccountPage({ ...frame, ...nowhere })
  expect(allOf(page, /<dt>(.*?)<\/dt>/g)).toEqual([['Signed in since']])
})
