// What an organisation may be called and how it may be reached: the rules of its fields, all checked at once.

import { parseEmailAddress } from '../../shared/email-address.ts'
import { isPrintableName } from '../../shared/names.ts'
import type { MailSender } from '../../stores/organisations.ts'
import { slugProblem } from './slug.ts'

export type Problem = { path: string; message: string }

/** What may be wrong with an organisation; what is left out is not judged. `null` takes a field away. */
export type OrganisationFields = {
  slug?: string | undefined
  name?: string | undefined
  /** BCP 47. */
  locale?: string | undefined
  /** IANA. */
  timeZone?: string | undefined
  /** ISO 4217. */
  currency?: string | undefined
  signUp?: string | undefined
  mailSender?: { name: string; address?: string; replyTo?: string } | null | undefined
  supportEmail?: string | null | undefined
  supportUrl?: string | null | undefined
}

const MAX_NAME = 80
const MAX_URL = 2000
const NAME_RULE = `needs 1 to ${MAX_NAME} printable characters`
const ADDRESS_RULE = 'must be an e-mail address'

type Rules = {
  [Field in keyof Required<OrganisationFields>]: (
    value: NonNullable<OrganisationFields[Field]>,
  ) => Problem[]
}

const rules: Rules = {
  slug: (value) => {
    const message = slugProblem(value)
    return message ? [{ path: 'slug', message }] : []
  },
  name: (value) => unless(isPrintableName(value, MAX_NAME), 'name', NAME_RULE),
  locale: (value) =>
    unless(isKnown('language', value), 'locale', 'must be a language such as en or de-AT'),
  timeZone: (value) =>
    unless(isKnown('timeZone', value), 'time_zone', 'must be a time zone such as Europe/Rome'),
  currency: (value) =>
    unless(isKnown('currency', value), 'currency', 'must be a currency such as EUR'),
  signUp: (value) =>
    unless(['open', 'closed'].includes(value), 'sign_up', 'must be open or closed'),
  mailSender: ({ name, address, replyTo }) => [
    ...unless(isPrintableName(name, MAX_NAME), 'mail_sender.name', NAME_RULE),
    ...unless(address === undefined || isAddress(address), 'mail_sender.address', ADDRESS_RULE),
    ...unless(replyTo === undefined || isAddress(replyTo), 'mail_sender.reply_to', ADDRESS_RULE),
  ],
  supportEmail: (value) => unless(isAddress(value), 'support_email', ADDRESS_RULE),
  supportUrl: (value) => unless(isSecureUrl(value), 'support_url', 'must be an https address'),
}

/** Everything that is wrong with the fields that are there, each by its name in the Admin API. */
export function organisationProblems(fields: OrganisationFields): Problem[] {
  const names = Object.keys(rules) as (keyof Rules)[] // the keys of the table, and nothing else
  return names.flatMap((name) => {
    const value = fields[name]
    // Each rule takes what its field holds; the table's type says so, which the compiler does not see through a loop.
    const rule = rules[name] as (held: unknown) => Problem[]
    return value === undefined || value === null ? [] : rule(value)
  })
}

/** The same sender with its addresses as they are mailed. */
export function readMailSender({ name, address, replyTo }: MailSender): MailSender {
  const folded = (text: string | undefined) => text && parseEmailAddress(text)?.display
  const [from, reply] = [folded(address), folded(replyTo)]
  return { name: name.trim(), ...(from && { address: from }), ...(reply && { replyTo: reply }) }
}

function unless(isGood: boolean, path: string, message: string): Problem[] {
  return isGood ? [] : [{ path, message }]
}

function isAddress(text: string): boolean {
  return parseEmailAddress(text) !== undefined
}

function isSecureUrl(text: string): boolean {
  const url = text.length <= MAX_URL && text.isWellFormed() ? URL.parse(text) : null
  return url !== null && url.protocol === 'https:' && url.username === '' && url.password === ''
}

/** What `Intl` knows. */
function isKnown(what: 'language' | 'timeZone' | 'currency', value: string): boolean {
  if (what === 'currency') return Intl.supportedValuesOf('currency').includes(value)
  try {
    if (what === 'timeZone') new Intl.DateTimeFormat('en', { timeZone: value })
    else Intl.getCanonicalLocales(value)
    return true
  } catch {
    return false
  }
}
