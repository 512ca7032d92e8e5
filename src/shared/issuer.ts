// What follows from an issuer's address: where it is mounted, and what its cookies are called.

/** The path under which an issuer is served, without a slash at its end: empty where it has a host to itself. */
export function mountOf(issuer: string): string {
  const { pathname } = new URL(issuer)
  return pathname === '/' ? '' : pathname
}

/** The path of cookies that belong to the whole issuer: all of its host over https, as their prefix wants it. */
export function cookiePathOf(issuer: string): string {
  return issuer.startsWith('https:') ? '/' : mountOf(issuer) || '/'
}

/**
 * The name of a cookie. The prefixes hold only over https (RFC 6265bis, 4.1.3). With `__Host-` no other host can
 * set it, and its path is `/`: what is bound to another path has to do without. Issuers below one host see each
 * other's cookies, so that theirs carry the organisation.
 */
export function cookieNameOf(
  issuer: string,
  name: string,
  { isBoundToPath = false }: { isBoundToPath?: boolean } = {},
): string {
  const mount = mountOf(issuer)
  const owner = mount === '' ? '' : `${mount.slice(mount.lastIndexOf('/') + 1)}_`
  if (!issuer.startsWith('https:')) return `foyer_${owner}${name}`
  return `${isBoundToPath ? '__Secure-' : '__Host-'}foyer_${owner}${name}`
}
