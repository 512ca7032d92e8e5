// What the elements say, in English; how other languages take its place, and how a phrase is filled in.

/** A text; or one for each plural category of the language, chosen by its `{count}`. */
export type Phrase = string | ({ other: string } & { [category in Intl.LDMLPluralRule]?: string })

/** Everything the elements say; what stands in braces is filled in. */
export type Words = { readonly [name in keyof typeof english]: Phrase }

const english = {
  emailTitle: 'Sign in',
  emailText: 'We send you a code. No password needed.',
  emailLabel: 'E-mail address',
  emailAction: 'Continue',
  codeTitle: 'Check your e-mail',
  codeText: 'We sent a code to {email}. Nothing there? Look in your spam folder.',
  codeLabel: '{count}-digit code',
  codeAction: 'Continue',
  codeLength: 'The code has {count} digits.',
  againText: 'We sent a new code to {email}.',
  resend: 'Send a new code',
  resendIn: 'New code in {count} s',
  otherAddress: 'Use another address',
  otp_expiredTitle: 'That code has expired',
  otp_expiredText: 'We send a new code to {email}.',
  otp_expiredAction: 'Send a new code',
  too_many_attemptsTitle: 'Too many wrong codes',
  too_many_attemptsText: 'For your safety that code no longer works.',
  too_many_attemptsAction: 'Start again',
  policies_requiredTitle: 'Before you go on',
  policies_requiredText: 'Please read and agree:',
  policies_requiredAction: 'Agree and continue',
  terms: 'Terms of service',
  privacy: 'Privacy policy',
  refund: 'Refund policy',
  changed: 'changed',
  redirect_requiredTitle: 'One more step',
  redirect_requiredText: 'For your safety you sign in at {issuer}, and come back here.',
  redirect_requiredAction: 'Continue',
  busy: 'One moment …',
  otp_invalid: 'That code is not right.',
  attemptsLeft: { one: 'One try left.', other: '{count} tries left.' },
  email_invalid: 'We cannot write to this address. Is it right?',
  email_blocked: 'We cannot write to this address.',
  rate_limited: {
    one: 'Too many tries. Try again in one minute.',
    other: 'Too many tries. Try again in {count} minutes.',
  },
  network_error: 'No connection. Try again.',
  origin_not_allowed: 'You cannot sign in on this page.',
  request_failed: 'That did not work. Try again.',
  signedIn: 'You are signed in.',
  account: 'Your account',
  signOut: 'Sign out',
  signOutEverywhere: 'Sign out everywhere',
  signedOut: 'You are signed out.',
} as const satisfies { readonly [name: string]: Phrase }

const known = new Map<string, Partial<Words>>([['en', english]])

/**
 * Teaches every element of the page further languages, by their tags. What is missing stays English.
 *
 * @example
 * import { addWords } from '@foyer/dom/element'
 * import { de } from '@foyer/dom/words/de'
 * addWords({ de })
 */
export function addWords(languages: { readonly [language: string]: Partial<Words> }): void {
  for (const [language, words] of Object.entries(languages)) known.set(language, words)
  for (const learn of learners) learn()
}

/** What is drawn anew when there are new words: every element that stands on the page. */
export const learners = new Set<() => void>()

type Values = { readonly [name: string]: string | number | Node }

export type Speech = {
  /** What was asked for, as a language tag. */
  wanted: string
  /** What is spoken. */
  lang: string
  dir: string
  has(name: string): name is keyof Words
  say(name: keyof Words, values?: Values): (string | Node)[]
}

/** How an element speaks; `own` words take the place of those of the language. */
export function speechOf(wanted: string, own: Partial<Words> = {}): Speech {
  const tag = tagOf(wanted)
  const found = known.get(tag) ?? known.get(tag.replace(/-.*/, ''))
  const words = { ...english, ...found, ...own }
  // Who gives a title of their own has said in which language.
  const lang = found || own.emailTitle ? tag : 'en'
  return {
    wanted: tag,
    lang,
    dir: /^(ar|dv|fa|he|ps|ug|ur|yi)\b/.test(lang) ? 'rtl' : 'ltr',
    has: (name): name is keyof Words => Object.hasOwn(words, name),
    say(name, values = {}) {
      const phrase: Phrase = words[name]
      const count = Number(values.count)
      const text =
        typeof phrase === 'string'
          ? phrase
          : (phrase[new Intl.PluralRules(lang).select(count)] ?? phrase.other)
      // What is appended to a node may be a number too.
      return text.split(/[{}]/).map((part, place) => (place % 2 ? values[part] : part) as string)
    },
  }
}

/** Pages write `de_DE`, and systems `en-US@posix`: neither is a language tag (BCP 47). */
function tagOf(wanted: string): string {
  try {
    return Intl.getCanonicalLocales(wanted.replace('_', '-').replace(/@.*/, ''))[0] ?? 'en'
  } catch {
    return 'en'
  }
}
