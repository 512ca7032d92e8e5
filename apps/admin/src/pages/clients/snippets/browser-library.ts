// The browser library: sign-in on a page of the business's own, by a script tag or by modules, each a whole page.

import { type ClientValues, js, type LibraryFile, type Snippet } from './client-values.ts'

/** Only for clients of the business's own: at others nobody should type a code. */
export function browserLibrary(values: ClientValues): Snippet[] {
  const { kind, firstParty, library = [] } = values
  const isOwnPage = firstParty === true && (kind === 'browser' || kind === 'preview')
  const [script, core, elements] = ['foyer.js', 'index.js', 'element.js'].map((wanted) =>
    library.find(({ name }) => name === wanted),
  )
  if (!isOwnPage || !script || !core || !elements) return []
  return [
    { id: 'script-tag', label: 'Script tag', language: 'html', code: scriptTag(values, script) },
    { id: 'modules', label: 'Modules', language: 'html', code: modules(values, [core, elements]) },
  ]
}

function scriptTag({ issuer, clientId }: ClientValues, script: LibraryFile): string {
  return `<!doctype html>
<html lang="en">
<!-- A page at one of the client's origins: nothing to install, nothing to build. -->
<script
  async
  src="${attribute(script.address)}"
  integrity="${attribute(script.integrity)}"
  crossorigin
  data-issuer="${attribute(issuer)}"
  data-client-id="${attribute(clientId)}"
></script>

<!-- While nobody is signed in, it signs in. -->
<foyer-sign-in></foyer-sign-in>

<!-- Who is signed in, their account, and the way out. -->
<foyer-account></foyer-account>
`
}

function modules({ issuer, clientId }: ClientValues, files: readonly LibraryFile[]): string {
  const names = new Map([
    ['index.js', '@foyer/dom'],
    ['element.js', '@foyer/dom/element'],
  ])
  const map = {
    imports: Object.fromEntries(files.map(({ name, address }) => [names.get(name), address])),
    integrity: Object.fromEntries(files.map(({ address, integrity }) => [address, integrity])),
  }
  return `<!doctype html>
<html lang="en">
<!-- A page at one of the client's origins. With a bundler leave the map out: npm install @foyer/dom -->
<script type="importmap">
${inScript(JSON.stringify(map, null, 2))}
</script>

<foyer-sign-in></foyer-sign-in>
<foyer-account></foyer-account>

<script type="module">
import { createClient } from '@foyer/dom'
import '@foyer/dom/element'

const foyer = createClient({
  issuer: ${inScript(js(issuer))},
  clientId: ${inScript(js(clientId))},
})
for (const element of document.querySelectorAll('foyer-sign-in, foyer-account'))
  element.client = foyer

foyer.onAuthStateChange((event, session) => console.log(event, session?.user.email))
await foyer.initialize()
</script>
`
}

/** The value of an attribute in double quotes. */
function attribute(text: string): string {
  return text.replace(/[&"<>]/g, (sign) => `&#${sign.charCodeAt(0)};`)
}

/** Text of a script that no tag in it can end. */
function inScript(text: string): string {
  return text.replaceAll('<', '\\u003c')
}
