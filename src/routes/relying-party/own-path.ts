// Where a browser goes after it was signed in: to a page of the relying party's own, whatever the address bar said.

/** The path as it was asked for where it is a page of this relying party, else its first page. */
export function ownPath(
  asked: unknown,
  parts: {
    origin: string
    /** The relying party's own: `/admin`. */
    path: string
    /** Below it: what is no page. */
    noPages: readonly string[]
  },
): string {
  const { origin, path, noPages } = parts
  const home = `${path}/`
  if (typeof asked !== 'string' || !isPlain(asked)) return home
  const url = URL.parse(asked, origin)
  if (url?.origin !== origin || !url.pathname.startsWith(home)) return home
  // The router takes other cases and a slash at the end for the same: back to signing in would be a circle.
  const page = url.pathname.slice(path.length).toLowerCase()
  if (noPages.some((each) => page === each || page.startsWith(`${each}/`))) return home
  return `${url.pathname}${url.search}${url.hash}`
}

const MAX_LENGTH = 2000

/** A path in printable ASCII: nothing that one parser takes for a host, and another for the end of a line. */
function isPlain(text: string): boolean {
  return (
    text.length <= MAX_LENGTH &&
    /^\/[\x21-\x5b\x5d-\x7e]*$/.test(text) &&
    !text.startsWith('//') &&
    !/%(?:[01][0-9a-f]|5c|7f)/i.test(text)
  )
}
