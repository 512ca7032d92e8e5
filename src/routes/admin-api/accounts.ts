// Accounts and what they have allowed: /organisations/{slug}/accounts.

import { adminApi } from '@foyer/contract'
import { pageData } from '../../http/pages.ts'
import type { AccountAdministration } from '../../services/identity/accounts/account-administration.ts'
import type { GivenPermission } from '../../services/identity/accounts/account-permissions.ts'
import { instantOf } from '../../shared/instants.ts'
import type { Account } from '../../stores/accounts.ts'
import type { Routes } from './serve.ts'

const api = adminApi.accounts

export function accountRoutes(accounts: AccountAdministration): Routes {
  return (serve) => {
    serve(api.listAccounts, async ({ organisation, query }) => {
      return pageData(await accounts.list(organisation._id, query), shown)
    })

    serve(api.showAccount, async ({ organisation, params }) => {
      const found = await accounts.show(organisation._id, params.id)
      return {
        ...shown(found.account),
        live_sessions: found.sessions,
        last_activity_at: instantOf(found.lastActivityAt),
        permissions: found.permissions.map(permissionShown),
      }
    })

    serve(api.eraseAccount, async ({ organisation, params: { id }, by }) => {
      await accounts.erase({ organisation: organisation._id, id, by })
      return { id }
    })

    serve(api.disableAccount, async ({ organisation, params: { id }, by }) =>
      shown(await accounts.disable({ organisation: organisation._id, id, by })),
    )

    serve(api.enableAccount, async ({ organisation, params: { id }, by }) =>
      shown(await accounts.enable({ organisation: organisation._id, id, by })),
    )

    serve(api.signOutAccount, async ({ organisation, params: { id }, by }) => ({
      ended: await accounts.signOut({ organisation: organisation._id, id, by }),
    }))

    serve(api.listPermissions, async ({ organisation, params: { id } }) => {
      const found = await accounts.permissions(organisation._id, id)
      return { items: found.map(permissionShown) }
    })

    serve(api.removePermission, async ({ organisation, params: { id, client }, by }) => {
      await accounts.removePermission({ organisation: organisation._id, id, by }, client)
      return { client_id: client }
    })
  }
}

function shown(account: Account) {
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

function permissionShown(permission: GivenPermission) {
  return {
    client_id: permission.client,
    client_name: permission.clientName ?? null,
    first_party: permission.firstParty,
    scopes: permission.scopes,
    since: instantOf(permission.since),
    live_grants: permission.grants,
  }
}
