// Accounts and what they have allowed: /organisations/{slug}/accounts.

import { adminApi } from '@foyer/contract'
import { onlyPage, pageData } from '../../http/pages.ts'
import type { AccountAdministration } from '../../services/identity/accounts/account-administration.ts'
import { accountData, accountDetailsData, permissionData } from './people-messages.ts'
import type { Routes } from './serve.ts'

const api = adminApi.accounts

export function accountRoutes(accounts: AccountAdministration): Routes {
  return (serve) => {
    serve(api.listAccounts, async ({ organisation, query }) => {
      return pageData(await accounts.list(organisation._id, query), accountData)
    })

    serve(api.showAccount, async ({ organisation, params }) => {
      const found = await accounts.show(organisation._id, params.id)
      return accountDetailsData(found)
    })

    serve(api.eraseAccount, async ({ organisation, params: { id }, by }) => {
      await accounts.erase({ organisation: organisation._id, id, by })
      return { id }
    })

    serve(api.disableAccount, async ({ organisation, params: { id }, by }) =>
      accountData(await accounts.disable({ organisation: organisation._id, id, by })),
    )

    serve(api.enableAccount, async ({ organisation, params: { id }, by }) =>
      accountData(await accounts.enable({ organisation: organisation._id, id, by })),
    )

    serve(api.signOutAccount, async ({ organisation, params: { id }, by }) => ({
      ended: await accounts.signOut({ organisation: organisation._id, id, by }),
    }))

    serve(api.listPermissions, async ({ organisation, params: { id } }) => {
      const found = await accounts.permissions(organisation._id, id)
      return onlyPage(found.map(permissionData))
    })

    serve(api.removePermission, async ({ organisation, params: { id, client }, by }) => {
      await accounts.removePermission({ organisation: organisation._id, id, by }, client)
      return { client_id: client }
    })
  }
}
