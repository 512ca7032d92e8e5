// A browser without a window: cookies by path, redirects one by one, forms as a page has them.

export type Page = { url: string; status: number; headers: Headers; html: string }

type Cookie = { name: string; value: string; path: string }

export type Form = { action: string; method: string; fields: { [name: string]: string } }

/** Where a redirect left the server that is visited: the relying party's address. */
export class LeftServer extends Error {
  readonly location: URL
  constructor(location: URL) {
    super(`redirected to ${location}`)
    this.location = location
  }
}

/** How a request reaches the server. */
export type Send = (url: URL, init: RequestInit) => Promise<Response>

export function createUserAgent(baseUrl: string, send: Send = fetch) {
  const origin = new URL(baseUrl).origin
  const cookies: Cookie[] = []

  function keep(header: string, url: URL): void {
    const [pair = '', ...attributes] = header.split(';').map((part) => part.trim())
    const at = pair.indexOf('=')
    const name = pair.slice(0, at)
    const find = (key: string) =>
      attributes.find((each) => each.toLowerCase().startsWith(`${key}=`))?.slice(key.length + 1)
    const path = find('path') ?? url.pathname
    const known = cookies.findIndex((cookie) => cookie.name === name && cookie.path === path)
    if (known >= 0) cookies.splice(known, 1)
    const expires = find('expires')
    if (expires && Date.parse(expires) <= Date.now()) return
    cookies.push({ name, value: pair.slice(at + 1), path })
  }

  function cookieHeader(url: URL): string {
    const isUnder = (path: string) =>
      url.pathname === path || url.pathname.startsWith(path.endsWith('/') ? path : `${path}/`)
    return cookies
      .filter(({ path }) => isUnder(path))
      .map(({ name, value }) => `${name}=${value}`)
      .join('; ')
  }

  /** One request, no redirect followed. */
  async function request(target: string | URL, init: RequestInit = {}): Promise<Response> {
    const url = new URL(target, baseUrl)
    const response = await send(url, {
      ...init,
      redirect: 'manual',
      headers: {
        accept: 'text/html',
        ...Object.fromEntries(new Headers(init.headers)),
        cookie: cookieHeader(url),
      },
    })
    for (const header of response.headers.getSetCookie()) keep(header, url)
    return response
  }

  /** Follows redirects as long as they stay on the server; throws `LeftServer` when one leaves it. */
  async function open(target: string | URL, init: RequestInit = {}): Promise<Page> {
    let url = new URL(target, baseUrl)
    let response = await request(url, init)
    for (let hops = 0; hops < 10; hops += 1) {
      const location = response.headers.get('location')
      if (response.status < 300 || response.status > 399 || !location) {
        return {
          url: url.href,
          status: response.status,
          headers: response.headers,
          html: await response.text(),
        }
      }
      const next = new URL(location, url)
      if (next.origin !== origin || next.pathname.startsWith('/demo/')) throw new LeftServer(next)
      url = next
      response = await request(url)
    }
    throw new Error('too many redirects')
  }

  return {
    cookies,
    request,
    open,
    /** Submits the n-th form of the page (the first is the way forward) with these fields filled in. */
    submit(page: Page, fields: { [name: string]: string } = {}, index = 0): Promise<Page> {
      const form = formsOf(page)[index]
      if (!form) throw new Error(`the page has no form ${index}: ${page.html.slice(0, 300)}`)
      return open(form.action, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({ ...form.fields, ...fields }).toString(),
      })
    },
  }
}

export type UserAgent = ReturnType<typeof createUserAgent>

export function formsOf(page: Page): Form[] {
  return [...page.html.matchAll(/<form([^>]*)>([\s\S]*?)<\/form>/g)].map(
    ([, head = '', body = '']) => ({
      action: new URL(attribute(head, 'action') ?? '', page.url).href,
      method: attribute(head, 'method') ?? 'get',
      fields: Object.fromEntries(
        [...body.matchAll(/<input([^>]*)>/g)]
          .filter(isSent)
          .map(([, input = '']) => [
            attribute(input, 'name') ?? '',
            attribute(input, 'value') ?? '',
          ]),
      ),
    }),
  )
}

/** A box that is not ticked is not sent. */
function isSent([, input = '']: RegExpExecArray): boolean {
  return attribute(input, 'type') !== 'checkbox' || /\schecked\b/.test(input)
}

/** The address of a form of a sign-in, on this page or not; the page's own query goes along as its forms do it. */
export function formAt(page: Pick<Page, 'url'>, name: string): string {
  const url = new URL(page.url)
  url.pathname += `/${name}`
  return url.href
}

function attribute(tag: string, name: string): string | undefined {
  return new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1]?.replaceAll('&amp;', '&')
}
