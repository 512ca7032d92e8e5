// Slugs: the names of organisations in addresses.

const SLUG = /^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/

/** Words that an address could be taken for something else by, now or later. */
const reserved: ReadonlySet<string> = new Set([
  'admin',
  'api',
  'assets',
  'demo',
  'dev',
  'dom',
  'flows',
  'foyer',
  'healthz',
  'login',
  'metrics',
  'o',
  'oauth',
  'portal',
  'portals',
  'readyz',
  'sign-in',
  'static',
  'well-known',
  'www',
])

/** Why a slug is not one, or `undefined`. ASCII only, so that no two look the same. */
export function slugProblem(slug: string): string | undefined {
  if (!SLUG.test(slug))
    return 'must be 1 to 40 lower-case letters, digits and hyphens, with no hyphen at either end'
  if (slug.includes('--')) return 'must not have two hyphens in a row'
  return reserved.has(slug) ? 'is reserved' : undefined
}

const MAX_SLUG = 40

/** A slug made of a name; `main` where nothing is left of it. */
export function slugOf(name: string): string {
  const ascii = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
  const slug = ascii.slice(0, MAX_SLUG).replace(/^-+|-+$/g, '')
  return slugProblem(slug) === undefined ? slug : 'main'
}
