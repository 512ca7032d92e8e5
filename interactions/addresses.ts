// The addresses of one sign-in, as its pages link to them: the only place that puts them together.

/** Each carries the restart token, so that wherever the sign-in ends its page knows how to go on. */
export type Addresses = {
  /** The page itself; `query` says what has just happened, or changes the language. */
  page(query?: Readonly<Record<string, string>>): string
  /** One of the page's forms. */
  form(name: string): string
}

/** `path` is `/sign-in/{uid}` as the browser sees it. */
export function addressesOf(path: string, restart: string | undefined): Addresses {
  const withRestart = (at: string, query: Readonly<Record<string, string>> = {}): string => {
    const search = new URLSearchParams({ ...query, ...(restart && { r: restart }) }).toString()
    return search ? `${at}?${search}` : at
  }
  return {
    page: (query) => withRestart(path, query),
    form: (name) => withRestart(`${path}/${name}`),
  }
}
