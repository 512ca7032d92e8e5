// Customers, accounts, permissions and sessions in the words of the Admin API, which the command line prints as well.

import type { SeenCustomer } from '../../services/commerce/customer-administration.ts'
import type { AccountAdministration } from '../../services/identity/accounts/account-administration.ts'
import type { GivenPermission } from '../../services/identity/accounts/account-permissions.ts'
import type { SeenSession } from '../../services/identity/sessions/session-administration.ts'
import { instantOf } from '../../shared/instants.ts'
import type { Account } from '../../stores/accounts.ts'

export function customerData({ profile, version, account }: SeenCustomer) {
  return {
    ...profile,
    version,
    account: account
      ? {
          id: account.id,
          last_sign_in_at: instantOf(account.lastSignInAt),
          disabled_at: instantOf(account.disabledAt),
        }
      : null,
  }
}

export function customerDetailsData(found: SeenCustomer & { lastActivityAt?: number }) {
  return { ...customerData(found), last_activity_at: instantOf(found.lastActivityAt) }
}

export function accountData(account: Account) {
  return {
    id: account._id,
    email: account.displayEmail,
    customer_id: account.customer ?? null,
    locale: account.locale ?? null,
    created_at: instantOf(account.createdAt),
    last_sign_in_at: instantOf(account.lastSignInAt),
    disabled_at: instantOf(account.disabledAt),
  }
}

export function accountDetailsData(found: Awaited<ReturnType<AccountAdministration['show']>>) {
  return {
    ...accountData(found.account),
    live_sessions: found.sessions,
    last_activity_at: instantOf(found.lastActivityAt),
    permissions: found.permissions.map(permissionData),
  }
}

export function permissionData(permission: GivenPermission) {
  return {
    client_id: permission.client,
    client_name: permission.clientName ?? null,
    first_party: permission.firstParty,
    scopes: permission.scopes,
    since: instantOf(permission.since),
    live_grants: permission.grants,
  }
}

export function sessionData(session: SeenSession) {
  return {
    id: session.id,
    account_id: session.account,
    email: session.email ?? null,
    browser: session.browser ?? null,
    system: session.system ?? null,
    first_seen_at: instantOf(session.firstSeenAt),
    last_seen_at: instantOf(session.lastSeenAt),
    expires_at: instantOf(session.expiresAt),
    client_ids: session.clients,
  }
}
