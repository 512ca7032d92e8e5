// Who an account is to a client: the claims behind each scope, and the look-up the engine makes.

import type { Account as EngineAccount, FindAccount, KoaContextWithOIDC } from 'oidc-provider'
import type { Account } from '../stores/accounts.ts'

/**
 * How somebody signed in, as `acr` says it (OpenID Connect Core 2): an absolute URI of our own. No level of a
 * framework: to NIST SP 800-63B a code by mail is none, alone or as a second factor.
 */
export const EMAIL_CODE = 'urn:foyer:acr:email-code'

/** Scope -> claims, for ID tokens and userinfo (OpenID Connect Core 5.4). */
export const scopeClaims = {
  openid: ['sub', 'auth_time', 'amr', 'acr'],
  profile: ['name', 'given_name', 'family_name', 'birthdate', 'locale', 'zoneinfo', 'updated_at'],
  email: ['email', 'email_verified'],
  phone: ['phone_number', 'phone_number_verified'],
  address: ['address'],
  sid: null,
  iss: null,
}

/** Standard claims of a person (OpenID Connect Core 5.1), as the customer's record has them. */
export type PersonClaims = { phone_number?: string; [claim: string]: unknown }

type ClaimsParts = {
  organisation: string
  /** `undefined` when the account is gone or disabled: then nothing more is issued for it. */
  findAccount(organisation: string, accountId: string): Promise<Account | undefined>
  /** The linked customer's claims; empty without one. */
  claimsOfCustomer(organisation: string, customer: string): Promise<PersonClaims>
}

const needsCustomer = new Set(['profile', 'phone', 'address'])

export function createFindAccount(parts: ClaimsParts): FindAccount {
  const { organisation } = parts
  return async (ctx, accountId, token): Promise<EngineAccount | undefined> => {
    const account = await parts.findAccount(organisation, accountId)
    if (!account || (await isLeftOver(ctx, token))) return undefined
    return {
      accountId,
      async claims(_use, scope) {
        const wantsCustomer = scope.split(' ').some((each) => needsCustomer.has(each))
        const person =
          account.customer && wantsCustomer
            ? await parts.claimsOfCustomer(organisation, account.customer)
            : {}
        return {
          ...person,
          sub: accountId,
          email: account.displayEmail,
          // An account exists only after a code proved the address.
          email_verified: true,
          ...(person.phone_number && { phone_number_verified: false }),
        }
      },
    }
  }
}

/**
 * A code that was issued while its session ended, for tokens that outlive sessions: the end knew nothing of
 * it. The engine itself looks after all other codes.
 */
async function isLeftOver(ctx: KoaContextWithOIDC, token: object | undefined): Promise<boolean> {
  const { kind, sessionUid } = (token ?? {}) as { kind?: string; sessionUid?: string } // the engine's tokens have them
  if (kind !== 'AuthorizationCode' || !sessionUid) return false
  return (await ctx.oidc.provider.Session.findByUid(sessionUid)) === undefined
}
