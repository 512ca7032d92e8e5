// Defines <foyer-sign-in> and <foyer-account> when it is imported; on a server, or again, that does nothing.

import type { FoyerAccount } from './elements/account.ts'
import { defineElements } from './elements/define.ts'
import type { FoyerSignIn } from './elements/sign-in.ts'
import { createClient, type FoyerError, type SentCode, type Session } from './index.ts'

export { addWords, type Phrase, type Words } from './elements/words.ts'
export type { FoyerAccount, FoyerSignIn }

declare global {
  interface HTMLElementTagNameMap {
    'foyer-sign-in': FoyerSignIn
    'foyer-account': FoyerAccount
  }
  interface HTMLElementEventMap {
    'foyer-code-sent': CustomEvent<SentCode>
    'foyer-signed-in': CustomEvent<Session>
    'foyer-error': CustomEvent<FoyerError>
  }
}

defineElements(createClient)
