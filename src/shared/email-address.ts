// E-mail addresses: one rule for what is an address, who is the same person, and who shares a budget.

import { domainToASCII, domainToUnicode } from 'node:url'

export type EmailAddress = {
  /** The address as typed, trimmed: pages show it. Its domain is the folded one. */
  readonly display: string
  /**
   * The account key, and where mail goes: local part lower-cased, domain folded. Dots and tags are kept.
   * A mail server that tells `Ann` from `ann` must not prove one of them to the account of the other.
   */
  readonly normalised: string
  /** For sending limits only: as `normalised`, without a `+tag`. Never decides who somebody is. */
  readonly base: string
}

const MAX_LENGTH = 254 // RFC 5321, 4.5.3.1.3, less the angle brackets
const MAX_LOCAL = 64 // RFC 5321, 4.5.3.1.1

// RFC 5321 Dot-string in ASCII. Quoted local parts and addresses in Unicode (RFC 6531) are refused: mail
// servers split them in different ways, and two ways to read one address are two people with one account.
// So are encoded words (RFC 2047), which some programs decode in a header.
const LOCAL = /^(?!.*=\?)[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/i
const DOMAIN =
  /^(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/

/** Reads an address from outside; `undefined` when it is not exactly one plain address. */
export function parseEmailAddress(input: string): EmailAddress | undefined {
  const text = input.trim()
  if (text.length > MAX_LENGTH) return undefined
  const at = text.lastIndexOf('@')
  const local = text.slice(0, at)
  if (at < 1 || local.length > MAX_LOCAL || !LOCAL.test(local)) return undefined
  const domain = foldDomain(text.slice(at + 1))
  // A domain in Unicode grows when it is folded: what mail servers are told has to fit, too.
  if (domain === undefined || at + 1 + domain.length > MAX_LENGTH) return undefined
  const key = local.toLowerCase()
  const untagged = key.split('+', 1)[0] || key
  return {
    display: `${local}@${domain}`,
    normalised: `${key}@${domain}`,
    base: `${untagged}@${domain}`,
  }
}

// Letters, marks, digits, dots and hyphens as typed: `domainToASCII` reads a URL, and would drop a tab or a
// soft hyphen, open `%61`, and end at a slash.
const TYPED_DOMAIN = /^[\p{L}\p{M}\p{N}.-]+$/u
const KELVIN = '\u212a' // the one letter outside ASCII that even NFC folds into it

/** Lower case, IDNA form. Characters that only become a dot or a letter by folding are refused. */
function foldDomain(domain: string): string | undefined {
  if (!TYPED_DOMAIN.test(domain) || domain.includes(KELVIN)) return undefined
  // A full-width letter would be folded into another domain than the one a mail server sees.
  if (domain.normalize('NFKC') !== domain.normalize('NFC')) return undefined
  const ascii = domainToASCII(domain)
  return DOMAIN.test(ascii) && !hasFalseLabel(ascii) ? ascii : undefined
}

/**
 * A label that says it is Unicode and is none (RFC 5890, 2.3.1): mail servers that read it write something
 * else in its place, be it a control character or a full-width letter.
 */
function hasFalseLabel(ascii: string): boolean {
  return ascii.includes('xn--') && /(?:^|\.)xn--/.test(domainToUnicode(ascii))
}
