// The addresses of clients: which may be registered. At use they are compared to the letter; for previews see there.

import { type OutgoingRules, targetProblem } from '../../../shared/outgoing.ts'
import type { ClientKind } from '../../../stores/clients.ts'
import { wildcardProblem, withoutWildcard } from './preview-uris.ts'

export type RedirectUriRules = {
  kind: ClientKind
  /** Whether `BASE_URL` itself is plain http: then other plain http addresses are no worse. */
  allowPlainHttp: boolean
}

const MAX_LENGTH = 2000
const LOOPBACK = new Set(['127.0.0.1', '[::1]', 'localhost'])

// Printable ASCII but for quotes, angle brackets, backslash, caret, backtick, braces, bar: what RFC 3986
// leaves out, two parsers may read in two ways.
const URI_CHARACTERS = /^[!#-;=?-[\]_a-z~]+$/
const DOT_SEGMENT = /\/(?:\.|%2e){1,2}(?:\/|$|\?)/i
/** RFC 8252, 7.1: a domain name of the developer's own, reversed, so that no other application has it. */
const PRIVATE_USE_SCHEME = /^[a-z][a-z0-9+-]*(?:\.[a-z0-9+-]+)+:$/

/** Why the address cannot be a redirect URI, in words for the operator; `undefined` when it can. */
export function redirectUriProblem(uri: string, rules: RedirectUriRules): string | undefined {
  if (rules.kind !== 'preview') return shapeProblem(uri) ?? schemeProblem(uri, new URL(uri), rules)
  const plain = withoutWildcard(uri)
  return (
    shapeProblem(plain) ??
    schemeProblem(plain, new URL(plain), rules) ??
    (plain.startsWith('https://') ? wildcardProblem(uri) : 'its scheme is not https')
  )
}

/**
 * Why the address cannot be called by the server; `undefined` when it can, as far as its text tells: where
 * its name leads is looked at on every call.
 */
export function calledUriProblem(uri: string, rules: OutgoingRules): string | undefined {
  const problem = shapeProblem(uri)
  if (problem) return problem
  const url = new URL(uri)
  return isCanonical(uri, url) ? targetProblem(url, rules) : `write it as ${url.href}`
}

function shapeProblem(uri: string): string | undefined {
  if (uri.length > MAX_LENGTH) return `it is longer than ${MAX_LENGTH} characters`
  if (!URI_CHARACTERS.test(uri)) return 'it has characters that do not belong into an address'
  if (uri.includes('*')) return 'it has a wildcard'
  if (uri.includes('#')) return 'it has a fragment'
  const url = URL.parse(uri)
  if (!url) return 'it is no absolute address'
  if (url.username || url.password) return 'it has a user name or password'
  if (DOT_SEGMENT.test(uri)) return 'its path has dot segments'
  return undefined
}

function schemeProblem(uri: string, url: URL, rules: RedirectUriRules): string | undefined {
  if (url.protocol === 'https:' || url.protocol === 'http:') {
    if (!isCanonical(uri, url)) return `write it as ${url.href}`
    if (url.protocol === 'https:') return undefined
    if (LOOPBACK.has(url.hostname)) return undefined
    if (rules.allowPlainHttp && rules.kind !== 'native') return undefined
    return 'plain http is only for 127.0.0.1, [::1] and localhost'
  }
  if (rules.kind === 'native' && PRIVATE_USE_SCHEME.test(url.protocol)) return undefined
  return rules.kind === 'native'
    ? 'its scheme is neither https nor a domain name of yours in reverse, such as com.example.app:'
    : 'its scheme is not https'
}

/** As parsers print it, but for the slash after a bare host: no second spelling of one address. */
function isCanonical(uri: string, url: URL): boolean {
  return [uri, `${uri}/`].includes(url.href)
}

/** Why the text cannot be a registered origin; `undefined` when it can. */
export function originProblem(origin: string, rules: RedirectUriRules): string | undefined {
  const url = URL.parse(origin)
  if (!url || url.origin !== origin) return 'it is no origin, such as https://shop.example.com'
  // Applications of all kinds run their scripts on the web.
  return redirectUriProblem(origin, rules.kind === 'preview' ? rules : { ...rules, kind: 'web' })
}

/** The origins of redirect URIs, each once: the default for a client's allowed origins. */
export function originsOf(redirectUris: readonly string[]): string[] {
  const origins = redirectUris.map((uri) => new URL(uri).origin)
  return [...new Set(origins)].filter((origin) => origin !== 'null') // private-use schemes have none
}
