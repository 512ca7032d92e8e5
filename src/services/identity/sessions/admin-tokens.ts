// Access tokens of the Admin API: which of those that were verified are an operator's to act with.

import type { Account } from '../../../stores/accounts.ts'
import { CONSOLE_CLIENT_ID } from '../clients/console-client.ts'

/** Who holds a good token. Whether they are an operator anywhere is asked for each organisation, each time. */
export type AdminToken = {
  /** Normalised, and proven by a code that was mailed to it. */
  email: string
  account: string
  /** The session that it comes from. */
  sid?: string
}

/** `undefined` for whatever is not an unexpired access token of the console's for the Admin API. */
export type CheckAdminToken = (token: string) => Promise<AdminToken | undefined>

type Claims = {
  organisation: string
  account: string
  clientId: string
  sid?: string
  jkt?: string
}

export function createCheckAdminToken(parts: {
  /** Signature, issuer, audience, expiry, deny-list and client; see `createCheckAccessToken`. */
  checkAccessToken(token: string): Promise<Claims | undefined>
  /** The default one: operators sign in at its issuer alone. */
  organisation: string
  /** At most two seconds old; `undefined` when it is gone or disabled. */
  findAccount(organisation: string, id: string): Promise<Account | undefined>
  /** Whether the address has a fixed code. It proves nothing, so that whoever knows it is no operator. */
  hasFixedCode(owner: { organisation: string; email: string }): Promise<boolean>
}): CheckAdminToken {
  const { organisation } = parts
  return async (token) => {
    const claims = await parts.checkAccessToken(token)
    if (claims?.organisation !== organisation || claims.clientId !== CONSOLE_CLIENT_ID)
      return undefined
    // Nobody here checks proofs of possession: a token that needs one is worth nothing.
    if (claims.jkt !== undefined) return undefined
    const account = await parts.findAccount(organisation, claims.account)
    if (!account || (await parts.hasFixedCode({ organisation, email: account.email })))
      return undefined
    const { email, _id } = account
    return { email, account: _id, ...(claims.sid && { sid: claims.sid }) }
  }
}
