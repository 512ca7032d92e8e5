// What an account has given to applications: listed by application, and taken back for good.

import type { Client } from '../../../stores/clients.ts'
import type { PermissionStore } from '../../../stores/permissions.ts'
import type { By } from '../../audit/audit.ts'
import type { AccountRef } from '../sessions/sessions.ts'

/** What one application may do; instants are milliseconds since 1970. */
export type GivenPermission = {
  client: string
  /** Left out when the client is no more. */
  clientName?: string
  firstParty: boolean
  scopes: string[]
  since: number
  /** In how many sessions it is in use. */
  grants: number
}

export type AccountPermissions = {
  /** Third-party clients that were allowed something, and first-party ones that are in use. */
  list(ref: AccountRef): Promise<GivenPermission[]>
  /**
   * The client has to ask again, and whatever it holds of the account ends at once. `false` when it has nothing.
   * Throws `StoreUnavailable`; then it can be done again.
   */
  remove(ref: AccountRef, client: string, by: By): Promise<boolean>
}

type Grant = { client: string; scopes: string[]; since: number }

export type AccountPermissionsParts = {
  store: Pick<PermissionStore, 'list' | 'remove'>
  /** Grants of the engine. */
  grants: {
    listOf(organisation: string, account: string): Promise<Grant[]>
    endTo(ref: AccountRef, client: string): Promise<void>
  }
  findClient(organisation: string, id: string): Promise<Client | undefined>
  audit(
    entry: By & {
      organisation: string
      action: 'account.permission-removed'
      target: string
      before: { client: string }
    },
  ): Promise<void>
}

export function createAccountPermissions(parts: AccountPermissionsParts): AccountPermissions {
  const { store, grants } = parts

  async function given({ organisation, account }: AccountRef) {
    const [permissions, live] = await Promise.all([
      store.list(organisation, account),
      grants.listOf(organisation, account),
    ])
    const clients = new Set([...permissions, ...live].map(({ client }) => client))
    return [...clients].map((client) => {
      const permission = permissions.find((each) => each.client === client)
      const own = live.filter((each) => each.client === client)
      const scopes = permission?.scopes ?? own.flatMap((each) => each.scopes)
      return {
        client,
        scopes: [...new Set(scopes)],
        since: permission?.createdAt ?? Math.min(...own.map(({ since }) => since)),
        grants: own.length,
      }
    })
  }

  return {
    async list(ref) {
      const found = await given(ref)
      const named = found.map(async (each): Promise<GivenPermission> => {
        const client = await parts.findClient(ref.organisation, each.client)
        return {
          ...each,
          ...(client && { clientName: client.name }),
          firstParty: client?.firstParty === true,
        }
      })
      return Promise.all(named)
    },

    async remove(ref, client, by) {
      const { organisation, account } = ref
      if (!(await given(ref)).some((each) => each.client === client)) return false
      // The permission first: from then on nothing new is given without a question. Should the rest fail, the
      // grants are still there for whoever tries again.
      await store.remove(organisation, account, client)
      await grants.endTo(ref, client)
      const action = 'account.permission-removed'
      await parts.audit({ organisation, action, ...by, target: account, before: { client } })
      return true
    },
  }
}
