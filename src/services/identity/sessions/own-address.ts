// Addresses that a browser may be sent to: pages of one issuer, and nothing that only looks like one.

import { mountOf } from '../../../shared/issuer.ts'

/** Below an issuer, but no pages for its customers. `o` holds the other organisations. */
const noPages = new Set(['oauth', 'sign-in', 'api', 'admin', 'o', 'dom', 'dev', '.well-known'])

const MAX_LENGTH = 2000

/**
 * The address in full when it is a page of the issuer: asked for as a whole address, or as a path on the
 * issuer's host. `undefined` for any other.
 */
export function ownAddress(issuer: string, asked: string): string | undefined {
  const url = isPlain(asked) ? URL.parse(asked, issuer) : null
  if (!url || url.origin !== new URL(issuer).origin || url.username || url.password)
    return undefined
  const mount = mountOf(issuer)
  if (url.pathname !== mount && !url.pathname.startsWith(`${mount}/`)) return undefined
  const [first = '', ...rest] = url.pathname.slice(mount.length + 1).split('/')
  // Nobody spells a page of ours this way, and not all parsers read it alike.
  if (!/^[\w.-]*$/.test(first) || noPages.has(first.toLowerCase())) return undefined
  if (first === '' && rest.length > 0) return undefined
  return url.href
}

/**
 * Printable ASCII without backslashes and without encoded slashes, backslashes, dots or control characters:
 * nothing that one parser takes for a host, and another for a path.
 */
function isPlain(text: string): boolean {
  return (
    text.length <= MAX_LENGTH &&
    /^(?:\/(?!\/)|https?:\/\/)[\x21-\x5b\x5d-\x7e]*$/.test(text) &&
    !/%(?:[01][0-9a-f]|2[ef]|5c|7f)/i.test(pathOf(text))
  )
}

/** A query may hold whatever it likes: nobody is sent anywhere by it. */
function pathOf(text: string): string {
  return text.split(/[?#]/, 1)[0] ?? ''
}
