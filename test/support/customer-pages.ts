// Every page that a customer can meet on the way in and out, in each of its states, drawn from what it is told.

import * as agreement from '../../interactions/pages/agreement.ts'
import * as code from '../../interactions/pages/code.ts'
import * as consolePages from '../../interactions/pages/console.ts'
import * as demoAccount from '../../interactions/pages/demo-account.ts'
import * as email from '../../interactions/pages/email.ts'
import * as error from '../../interactions/pages/error.ts'
import * as front from '../../interactions/pages/front.ts'
import * as handoff from '../../interactions/pages/handoff.ts'
import { type PageFrame, policyOf } from '../../interactions/pages/layout.ts'
import { markdownHtml } from '../../interactions/pages/markdown.ts'
import * as passOn from '../../interactions/pages/pass-on.ts'
import * as permission from '../../interactions/pages/permission.ts'
import * as policy from '../../interactions/pages/policy.ts'
import * as signOut from '../../interactions/pages/sign-out.ts'
import { thirdPartyApiScopes } from '../../src/services/identity/clients/api-scopes.ts'
import { HOUR } from '../../src/shared/clock.ts'
import type { Locale } from '../../src/shared/locale.ts'
import { LONG_NAME, policyText, supportLinks } from './samples.ts'

/** The modules whose functions draw pages: what they export is all there is. */
export const pageModules = [
  agreement,
  code,
  consolePages,
  demoAccount,
  email,
  error,
  front,
  handoff,
  passOn,
  permission,
  policy,
  signOut,
]

export type CustomerPage = {
  name: string
  /** The function that draws it. */
  drawnBy: string
  html(locale: Locale): string
  /** It sends itself, which here would lead away from what is looked at. */
  isHeld?: true
}

const CLIENT = 'Table Ledger'
const EMAIL = 'ana.dubois@example.com'
const OTHER = 'b••@example.org'
const PUBLISHED = Date.UTC(2026, 2, 9, 8)
const SUPPORT_CODE = '7kq4-m2xd-9p3w'
/** Drawn pages lead nowhere. */
const HREF = 'https://casa-aurora.example/'

const addresses = { page: () => '?', form: () => '?' }
const THEIRS = 'https://table-ledger.example/'
const links = { policy: `${THEIRS}privacy`, terms: `${THEIRS}terms`, home: THEIRS }

const frameOf = (locale: Locale): PageFrame => ({
  locale,
  brand: 'Casa Aurora',
  policies: (['terms', 'privacy', 'refund'] as const).map((kind) => ({ kind, href: HREF })),
  support: supportLinks,
})

/** One drawing function in each of its states; what differs between them stands beside its name. */
function statesOf<Data extends PageFrame>(
  draw: (data: Data) => string,
  common: Omit<Data, Exclude<keyof PageFrame, 'addresses'>>,
  states: { readonly [name: string]: Partial<Data> },
): CustomerPage[] {
  return Object.entries(states).map(([name, data]) => ({
    name,
    drawnBy: draw.name,
    // The frame and what all states share is all that the function is told, but for what differs.
    html: (locale) => draw({ ...frameOf(locale), ...common, ...data } as unknown as Data),
  }))
}

const atCode = {
  addresses,
  email: EMAIL,
  digits: 6,
  resendIn: 0,
  isShared: false,
  sharedLife: 12 * HOUR,
}

const signIn = [
  ...statesOf(
    email.emailPage,
    { addresses, clientName: CLIENT, email: '' },
    {
      address: {},
      'address, mistyped': { email: 'ana.dubois@example', problem: { kind: 'invalid' } },
      'address, asked too often': { email: EMAIL, problem: { kind: 'too-many', retryAfter: 600 } },
      'address, long names': { brand: LONG_NAME, clientName: LONG_NAME },
    },
  ),
  ...statesOf(code.codePage, atCode, {
    code: { resendIn: 47 },
    'code, resend possible': {},
    'code, sent again': { resendIn: 60, wasSentAgain: true },
    'code, asked again too soon': { resendIn: 31, problem: { kind: 'too-soon' } },
    'code, wrong': { problem: { kind: 'wrong', attemptsLeft: 4 } },
    'code, wrong, one try left': { isShared: true, problem: { kind: 'wrong', attemptsLeft: 1 } },
    'code, not complete': { problem: { kind: 'malformed' } },
    'code, not looked at': { problem: { kind: 'too-many', retryAfter: 82_801 } },
    'code, eight digits': { digits: 8, email: `${LONG_NAME.toLowerCase()}@example.com` },
  }),
  ...statesOf(code.expiredPage, { addresses, email: EMAIL }, { 'code, expired': {} }),
  ...statesOf(code.spentPage, { addresses }, { 'code, no tries left': {} }),
  ...statesOf(
    permission.permissionPage,
    { addresses, clientName: CLIENT, links: {}, email: EMAIL, scopes: ['openid', 'email'] },
    {
      permission: {},
      'permission for everything': {
        links,
        scopes: ['openid', 'profile', 'email', 'phone', 'offline_access', ...thirdPartyApiScopes],
      },
      'permission, long names': { brand: LONG_NAME, clientName: LONG_NAME, links },
    },
  ),
  ...statesOf(
    agreement.agreementPage,
    {
      addresses,
      due: [
        { kind: 'terms', number: 3, href: HREF, hasChanged: true },
        { kind: 'privacy', number: 1, href: HREF, hasChanged: false },
      ],
    },
    { agreement: {} },
  ),
]

const reading = [
  ...statesOf(front.frontPage, {}, { front: {} }),
  ...statesOf(
    policy.policyPage,
    {
      addresses,
      kind: 'terms',
      number: 3,
      text: markdownHtml(policyText),
      textLocale: 'en',
      publishedAt: PUBLISHED,
      timeZone: 'Europe/Berlin',
    },
    { policy: {}, 'policy, not the newest': { number: 2, newest: HREF } },
  ),
]

const ends = [
  ...statesOf(
    signOut.signOutPage,
    { action: '?', xsrf: 'x' },
    { 'sign-out': {}, 'sign-out, long name': { brand: LONG_NAME } },
  ),
  ...statesOf(
    signOut.signedOutPage,
    { isOver: true },
    { 'signed out': {}, 'still signed in': { isOver: false } },
  ),
  ...statesOf(
    error.errorPage,
    { kind: 'ended', supportCode: SUPPORT_CODE },
    {
      'ended, to the application': { wayOn: { href: HREF, clientName: CLIENT } },
      'ended, to the front page': { wayOn: { href: HREF } },
      interrupted: { kind: 'interrupted', wayOn: { href: HREF, isRetry: false } },
      'error, bad request': {
        kind: 'request',
        wayOn: { href: HREF, clientName: LONG_NAME },
        detail: "invalid_redirect_uri: redirect_uri did not match any of the client's",
      },
      'error, unavailable': { kind: 'unavailable', wayOn: { href: HREF, isRetry: true } },
      'error, internal': { kind: 'internal', wayOn: { href: HREF, isRetry: true } },
      'error, not found': { kind: 'not-found', wayOn: { href: HREF } },
      'error, not found and nobody’s': {
        kind: 'not-found',
        brand: 'Foyer',
        policies: [],
        support: [],
      },
      'error, foreign form': { kind: 'foreign', wayOn: { href: HREF } },
    },
  ),
]

const submitsItself = { action: '?', fields: {}, email: OTHER, current: EMAIL }
const handoffs = [
  ...statesOf(handoff.handoffPage, submitsItself, { 'hand-off': {} }),
  ...statesOf(handoff.otherPersonPage, submitsItself, { 'hand-off, other person': {} }),
  ...statesOf(handoff.strangerPage, submitsItself, { 'hand-off, stranger': {} }),
  ...statesOf(handoff.goneHandoffPage, { target: HREF }, { 'hand-off, gone': {} }),
  ...statesOf(passOn.passOnPage, submitsItself, { 'pass on': {} }),
].map((page): CustomerPage => ({ ...page, isHeld: true }))

const sessions = [
  { browser: 'Chrome', system: 'macOS', seen: '21 November 2026', isCurrent: true },
  { browser: 'Safari', system: 'iOS', seen: '19 November 2026', isCurrent: false },
  { browser: 'Firefox', seen: '12 November 2026', isCurrent: false },
  { seen: '2 November 2026', isCurrent: false },
]
const account = [
  ...statesOf(
    demoAccount.demoAccountPage,
    {
      email: EMAIL,
      since: '21 November 2026',
      applications: [CLIENT, LONG_NAME],
      sessions,
      signOut: HREF,
    },
    { account: {} },
  ),
  ...statesOf(demoAccount.nobodyPage, { signIn: HREF }, { 'account, nobody': {} }),
]

const person = { email: EMAIL, signOut: '?', isOther: false }
const operators = [
  ...statesOf(
    consolePages.invitationPage,
    { organisation: 'Casa Aurora', role: 'editor', address: '?' },
    {
      invitation: {},
      'invitation, signed in': { role: 'owner', person },
      'invitation, somebody else': {
        organisation: LONG_NAME,
        person: { ...person, isOther: true },
      },
    },
  ),
  ...statesOf(consolePages.goneInvitationPage, { console: HREF }, { 'invitation, gone': {} }),
  ...statesOf(
    consolePages.noOperatorPage,
    { ...person, isInvited: false },
    { 'console, no operator': {}, 'console, invited': { isInvited: true } },
  ),
  ...statesOf(
    consolePages.failedSignInPage,
    { signIn: HREF, isCancelled: false },
    { 'console, failed': {}, 'console, cancelled': { isCancelled: true } },
  ),
  ...statesOf(consolePages.leftConsolePage, { signIn: HREF }, { 'console, left': {} }),
  ...statesOf(consolePages.unbuiltConsolePage, {}, { 'console, unbuilt': {} }),
]

export const customerPages: readonly CustomerPage[] = [
  ...signIn,
  ...reading,
  ...ends,
  ...handoffs,
  ...account,
  ...operators,
]

export const pagesPolicy = policyOf()
