// An act of an operator on a client: read, judged, written on the condition that nothing changed, and in the audit log.

import { AppError } from '../../../shared/errors.ts'
import { changeAsRead, requireVersion } from '../../../shared/versions.ts'
import { type Client, type ClientStore, secretIdOf, versionOf } from '../../../stores/clients.ts'
import type { By } from '../../audit/audit.ts'
import { may, type Role } from '../../operators/roles.ts'
import { refuseConsoleClient } from './console-client.ts'

/** Who does it: for the audit log, and for what not every role may. */
export type ClientBy = By & { role: Role }

/** Which client, who does it, and the version that they have seen, should it matter. */
export type ClientAct = {
  organisation: string
  id: string
  by: ClientBy
  /** When given and not the client's own any more, nothing happens: `precondition_failed`. */
  version?: number | undefined
}

type Action =
  | 'client.created'
  | 'client.changed'
  | 'client.keys-replaced'
  | 'client.secret-added'
  | 'client.secret-revoked'
  | 'client.disabled'
  | 'client.enabled'
  | 'client.removed'

type Entry = By & {
  organisation: string
  action: Action
  target: string
  before?: object
  after?: object
}

export type ClientAudit = (entry: Entry) => Promise<void>

export type Changed = { client: Client }
/** A client that was removed is no more. */
type Written = Partial<Changed>

export function createClientActs(parts: { store: ClientStore; audit: ClientAudit }) {
  const { store } = parts

  async function found(organisation: string, id: string): Promise<Client> {
    const client = await store.find(organisation, id)
    if (!client) throw new AppError('not_found', { detail: `${id} is no client` })
    return client
  }

  function record(action: Action, { by, ...client }: Pick<ClientAct, 'by'> & Changes) {
    const { role: _role, ...who } = by
    const { organisation, id, before, after } = client
    return parts.audit({
      organisation,
      action,
      target: id,
      ...who,
      ...(before && { before: audited(before) }),
      ...(after && { after: audited(after) }),
    })
  }

  return {
    found,
    record,

    /** `write` is `undefined` when somebody else was faster than who read the client; see `changeAsRead`. */
    async act<T extends Written>(
      { organisation, id, by, version }: ClientAct,
      action: Action,
      write: (client: Client) => Promise<T | undefined>,
    ): Promise<T> {
      const { before, written } = await changeAsRead(version, async () => {
        const before = await found(organisation, id)
        refuseConsoleClient(id)
        requireVersion(version, versionOf(before))
        const written = await write(before)
        return written && { before, written }
      })
      const after = written.client
      await record(action, { organisation, id, by, before, ...(after && { after }) })
      return written
    },
  }
}

type Changes = { organisation: string; id: string; before?: Client; after?: Client }

/**
 * First-party clients ask nobody for permission: whoever makes one acts for all customers. And a client that does
 * without PKCE is open to injected codes (RFC 9700, 4.5).
 */
export function requireTrust({ role }: ClientBy): void {
  if (!may(role, 'trust', 'clients')) throw new AppError('insufficient_role')
}

/** For the audit log: without the secrets, but for their ids. */
function audited({ secrets, secretUses: _uses, keys, search: _search, ...fields }: Client): object {
  const { warnAt: _warnAt, registrationToken: _token, ...told } = fields
  return {
    ...told,
    secretIds: secrets.map(secretIdOf),
    ...(keys && { keyIds: keys.map(({ kid }) => kid ?? null) }),
  }
}
