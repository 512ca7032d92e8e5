// What snippets are filled with: the client's own values, and how each language writes them.

export type ClientValues = {
  /** Its issuer, without a slash at the end. */
  issuer: string
  clientId: string
  kind: 'web' | 'browser' | 'native' | 'machine' | 'preview'
  /** How it proves itself at the token endpoint. */
  authentication: 'secret' | 'keys' | 'none'
  /** While it is shown; else the snippets say where it goes. */
  secret?: string
  /** The first one; none of a machine. */
  redirectUri?: string
  /** What to ask for, `openid` first. */
  scopes: readonly string[]
  /** Whether it is the business's own. */
  firstParty?: boolean
  /** The scripts of the browser library, as they are served. */
  library?: readonly LibraryFile[]
}

/** A script of the browser library: where it is for ever, and what it is recognised by. */
export type LibraryFile = { name: string; address: string; integrity: string }

export type Snippet = { id: string; label: string; language: string; code: string }

/** Stands where a secret goes that nobody can show any more. */
const SECRET_PLACEHOLDER = 'PASTE_THE_CLIENT_SECRET'

export function secretOf({ secret }: ClientValues): string {
  return secret ?? SECRET_PLACEHOLDER
}

/** Outside production issuers may be plain http, which libraries want to hear out loud. */
export function isPlain({ issuer }: ClientValues): boolean {
  return issuer.startsWith('http:')
}

/** A literal of JavaScript and TypeScript. */
export function js(text: string): string {
  const body = text.replace(/[\\']/g, '\\$&').replace(/[\n\r\u2028\u2029]/g, ' ')
  return `'${body}'`
}

/** A literal of Python, Java properties in YAML, and JSON. */
export function json(text: string): string {
  return JSON.stringify(text)
}

/** A word of the shell: nothing in it is expanded. */
export function sh(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
}
