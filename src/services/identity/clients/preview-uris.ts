// Addresses of previews: `https://*.preview.example.com/cb` stands for one label in place of the `*`, and for nothing else.

const WILDCARD = 'https://*.'
/** One label of a host name, as every parser writes it (RFC 1035, 2.3.1; RFC 1123, 2.1). */
const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/
/** At least so many labels after the wildcard: a whole top-level domain is nobody's. */
const MIN_LABELS = 2

/** Second levels under which countries register names, such as co.uk: as open as a top-level domain. */
const COUNTRY_SUFFIX =
  /^(?:ac|co|com|edu|gob|go|gov|gv|id|ltd|me|mil|ne|net|nom|or|org|plc|sch)\.[a-z]{2}$/

/** Hosts on which everybody gets a name. The list helps against a slip; it cannot be complete. */
const shared: ReadonlySet<string> = new Set([
  'amplifyapp.com',
  'azurestaticapps.net',
  'azurewebsites.net',
  'cloudfront.net',
  'deno.dev',
  'firebaseapp.com',
  'fly.dev',
  'github.io',
  'gitlab.io',
  'herokuapp.com',
  'netlify.app',
  'ngrok-free.app',
  'ngrok.app',
  'ngrok.io',
  'onrender.com',
  'pages.dev',
  'surge.sh',
  'trycloudflare.com',
  'up.railway.app',
  'vercel.app',
  'web.app',
  'workers.dev',
])

function hasWildcard(uri: string): boolean {
  return uri.startsWith(WILDCARD)
}

/** The address with an ordinary label in place of its wildcard: everything else is judged as ever. */
export function withoutWildcard(uri: string): string {
  return hasWildcard(uri) ? `https://preview.${uri.slice(WILDCARD.length)}` : uri
}

/** What is wrong with where the wildcard stands; the rest of the address was found good. */
export function wildcardProblem(uri: string): string | undefined {
  if (!hasWildcard(uri)) return undefined
  const [, ...labels] = new URL(withoutWildcard(uri)).hostname.split('.')
  const suffix = labels.join('.')
  if (labels.length < MIN_LABELS || !labels.every((label) => LABEL.test(label)))
    return `its wildcard needs at least ${MIN_LABELS} labels after it, such as https://*.preview.example.com`
  if (shared.has(suffix) || COUNTRY_SUFFIX.test(suffix))
    return `everybody can get a name under ${suffix}: put the wildcard under one that is yours alone`
  return undefined
}

/**
 * Whether an address that was asked for is one of those registered. A wildcard is compared label by label, to
 * the letter: a label holds no dot, no port, no user, no capitals, so that no parser reads it in another way.
 */
export function isPreviewAddress(registered: readonly string[], asked: string): boolean {
  return registered.some((uri) => {
    if (!hasWildcard(uri)) return uri === asked
    if (!asked.startsWith('https://')) return false
    const dot = asked.indexOf('.')
    const label = asked.slice('https://'.length, dot)
    return LABEL.test(label) && asked.slice(dot) === uri.slice(WILDCARD.length - 1)
  })
}
