// What a relying party is to the tests: how it is built, where its pages are, which clients it is.

import type { UserAgent } from '../../support/user-agent.ts'
import type { Command } from './application.ts'
import type { Installation } from './installation.ts'
import type { Tool } from './tools.ts'

export type RelyingParty = {
  /** Its libraries. */
  name: string
  tools: readonly Tool[]
  /** Builds it where that is needed, and says how it is started. */
  build(): Promise<Command>
  /** Where customers come back to. */
  callback: string
  /** Where the browser is sent when somebody signs out there. */
  signOut(agent: UserAgent): Promise<URL>
  /** Where it wants to be told of sign-outs, if its libraries can take that. */
  backChannel?: string
  /** Whether it looks at the `iss` of the answer (RFC 9207), which its libraries or its own code do. */
  comparesIssuer: boolean
  /** What is tested of it beyond the table. */
  more?(given: () => Given): void
  /** Unless there are others: one with a secret, and a public one of a path issuer. */
  clients?: readonly ClientOfParty[]
}

/** What was started and built for all its tests. */
export type Given = { installation: Installation; command: Command }

export type ClientOfParty = {
  title: string
  kind: 'web' | 'native'
  /** None for the default one. */
  organisation?: 'acme'
  /** How it authenticates, beyond its secret: more arguments of the registration, more settings of its own. */
  authentication?(): Promise<{ args?: string[]; settings: { [name: string]: string } }>
}

export const secretClient: ClientOfParty = {
  title: 'a web client with a secret',
  kind: 'web',
}
export const publicClient: ClientOfParty = {
  title: 'a public client of an organisation under a path',
  kind: 'native',
  organisation: 'acme',
}
