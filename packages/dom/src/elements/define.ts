// Gives the elements their names, once.

import { FoyerAccount } from './account.ts'
import type { CreateClient } from './clients.ts'
import { FoyerElement } from './foyer-element.ts'
import { FoyerSignIn } from './sign-in.ts'

/** Where there are no elements, as on a server, nothing happens; where the names are taken, neither. */
export function defineElements(createClient: CreateClient): void {
  FoyerElement.createClient = createClient
  if (!('customElements' in globalThis) || customElements.get('foyer-sign-in')) return
  customElements.define('foyer-sign-in', FoyerSignIn)
  customElements.define('foyer-account', FoyerAccount)
}
