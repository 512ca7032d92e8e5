// What a row of the audit log keeps of a change: the fields that changed, without secrets and personal data.

import { isDeepStrictEqual } from 'node:util'
import type { AuditFields } from '../../stores/audit.ts'
import type { Json } from '../../stores/documents.ts'

/** Whose values may be kept. A field that nobody listed is named, and its value is not. */
const readable: ReadonlySet<string> = new Set([
  'account',
  'allowedOrigins',
  'apiScopes',
  'authMethods',
  'asksAcceptance',
  'backChannelLogoutUri',
  'colours',
  'corners',
  'client',
  'currency',
  'disabledAt',
  'expiresAt',
  'favicon',
  'firstParty',
  'font',
  'hashes',
  'homeUri',
  'host',
  'initiateLoginUri',
  'isOn',
  'keyIds',
  'keysUri',
  'kind',
  'kinds',
  'lifetimes',
  'logoUri',
  'locale',
  'logo',
  'logoDark',
  'mailHeader',
  'mailSender',
  'makesCustomers',
  'name',
  'needsAcceptance',
  'number',
  'origins',
  'pkce',
  'policyUri',
  'postLogoutRedirectUris',
  'redirectHosts',
  'redirectUris',
  'registeredBy',
  'repeats',
  'role',
  'scopes',
  'secretIds',
  'signIn',
  'signUp',
  'slug',
  'termsUri',
  'supportEmail',
  'supportUrl',
  'timeZone',
  'uses',
  'usesLeft',
])

/** They change with everything, or name the thing itself: noise. */
const ignored: ReadonlySet<string> = new Set([
  '_id',
  'organisation',
  'search',
  'searchFamily',
  'searchName',
  'updatedAt',
  'version',
])

/** In place of a value that is not kept. */
const HIDDEN = '(not kept)'
const ADDRESS = /[^\s@<>()"',;:/?&=]+@[^\s@<>()"',;/?&=]+/g
/** What stands before the host and after the `?` of an address may be somebody's password. */
const USER_INFO = /\/\/[^/\s?#@]*@/g
const QUERY = /\?[^\s#]*/g

/**
 * The fields in which the two differ, on either side; a thing that was made has no `before`, one that was
 * removed no `after`. Values that are not known to be harmless are replaced by `(not kept)`, and so are
 * addresses of people inside of texts, and user names, passwords and queries of web addresses.
 */
export function changedFields(
  before: object | undefined,
  after: object | undefined,
): { before?: AuditFields; after?: AuditFields } {
  const was = new Map(Object.entries(before ?? {}))
  const is = new Map(Object.entries(after ?? {}))
  const changed = [...new Set([...was.keys(), ...is.keys()])].filter(
    (field) => !ignored.has(field) && !isDeepStrictEqual(was.get(field), is.get(field)),
  )
  return {
    ...(before && { before: kept(was, changed) }),
    ...(after && { after: kept(is, changed) }),
  }
}

function kept(fields: ReadonlyMap<string, unknown>, changed: readonly string[]): AuditFields {
  return Object.fromEntries(
    changed
      .filter((field) => fields.get(field) !== undefined)
      .map((field) => [field, readable.has(field) ? cleaned(fields.get(field)) : HIDDEN]),
  )
}

function cleaned(value: unknown): Json {
  if (typeof value === 'string')
    return value
      .replace(USER_INFO, `//${HIDDEN}@`)
      .replace(QUERY, `?${HIDDEN}`)
      .replace(ADDRESS, HIDDEN)
  if (typeof value === 'number' || typeof value === 'boolean' || value === null) return value
  if (Array.isArray(value)) return value.map(cleaned)
  if (typeof value !== 'object') return HIDDEN
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, cleaned(each)]))
}
