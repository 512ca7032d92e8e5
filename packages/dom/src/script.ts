// The file for a script tag: the whole library as `window.Foyer`, and a client where the tag names one.

import { shareClient } from './elements/clients.ts'
import { defineElements } from './elements/define.ts'
import { addWords } from './elements/words.ts'
import { type ClientOptions, createClient, FoyerError } from './index.ts'

declare global {
  interface WindowEventMap {
    /** The script is there; `detail` is `window.Foyer`. */
    'foyer-ready': CustomEvent<unknown>
  }
}

const library: { [name: string]: unknown } = { createClient, FoyerError, addWords }

// Also with `async`: it is there while a classic script runs. An image of that name would stand in its place.
const tag = document.currentScript
const { issuer, clientId, ...options } = tag instanceof HTMLScriptElement ? tag.dataset : {}
if (issuer && clientId) {
  // `createClient` looks at every option itself.
  const client = createClient({ ...options, issuer, clientId } as ClientOptions)
  library.client = client
  shareClient(client)
  // Whoever asks for the session is told what went wrong.
  client.initialize().catch(() => {})
}
defineElements(createClient)
Object.assign(window, { Foyer: library })
dispatchEvent(new CustomEvent('foyer-ready', { detail: library }))
