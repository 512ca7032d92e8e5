// Accounts, customers and sessions as the command line shows them.

import type { SeenCustomer } from '../services/commerce/customer-administration.ts'
import type { GivenPermission } from '../services/identity/accounts/account-permissions.ts'
import type { SeenSession } from '../services/identity/sessions/session-administration.ts'
import { instantOf } from '../shared/instants.ts'
import type { Account } from '../stores/accounts.ts'

export const BY = { actor: 'command-line' }

export function shownAccount({
  _id,
  displayEmail,
  customer,
  createdAt,
  lastSignInAt,
  disabledAt,
}: Account) {
  return {
    sub: _id,
    email: displayEmail,
    customer: customer ?? null,
    created_at: instantOf(createdAt),
    last_sign_in_at: instantOf(lastSignInAt),
    disabled_at: instantOf(disabledAt),
  }
}

export function shownPermission(permission: GivenPermission) {
  const { client, clientName, firstParty, scopes, since, grants } = permission
  return {
    client_id: client,
    client_name: clientName ?? null,
    first_party: firstParty,
    scopes,
    since: instantOf(since),
    grants,
  }
}

export function shownCustomer({ profile, version, account }: SeenCustomer) {
  return {
    ...profile,
    version,
    account: account
      ? {
          id: account.id,
          last_sign_in_at: instantOf(account.lastSignInAt),
          disabled: account.disabledAt !== undefined,
        }
      : null,
  }
}

export function customerLine({ profile, account }: SeenCustomer): string {
  const name = [profile.given_name, profile.family_name].filter(Boolean).join(' ')
  return [profile.id, profile.email, name || '-', account?.id ?? 'no account'].join('  ')
}

export function shownSession(session: SeenSession) {
  return {
    id: session.id,
    account: session.account,
    email: session.email ?? null,
    browser: session.browser ?? null,
    system: session.system ?? null,
    first_seen_at: instantOf(session.firstSeenAt),
    last_seen_at: instantOf(session.lastSeenAt),
    expires_at: instantOf(session.expiresAt),
    clients: session.clients,
  }
}

/** A line for each field. */
export function fieldLines(fields: object): string[] {
  return Object.entries(fields).map(
    ([name, value]) =>
      `${name.padEnd(18)}${typeof value === 'object' && value ? JSON.stringify(value) : (value ?? '-')}`,
  )
}
