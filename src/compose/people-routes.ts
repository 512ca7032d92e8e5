// The Admin API's routes about people and about what was done, joined to their services.

import { accountRoutes } from '../routes/admin-api/accounts.ts'
import { auditRoutes } from '../routes/admin-api/audit.ts'
import { customerRoutes } from '../routes/admin-api/customers.ts'
import type { Routes } from '../routes/admin-api/serve.ts'
import { sessionRoutes } from '../routes/admin-api/sessions.ts'
import { createAudit } from '../services/audit/audit.ts'
import { createAuditLog } from '../services/audit/audit-log.ts'
import type { ApiKeys } from '../services/operators/api-keys.ts'
import { createAuditReading } from '../services/operators/audit-reading.ts'
import type { Operators } from '../services/operators/operators.ts'
import { createCursors } from '../shared/cursors.ts'
import { createAuditStore } from '../stores/audit.ts'
import type { Commerce } from './commerce.ts'
import type { Ground } from './ground.ts'
import type { Identity } from './identity.ts'
import { composePeople } from './people.ts'

export type PeopleRoutesParts = {
  identity: Identity
  commerce: Commerce
  operators: Operators
  apiKeys: ApiKeys
}

export function composePeopleRoutes(ground: Ground, parts: PeopleRoutesParts): Routes[] {
  const { documents, keyring, clock } = ground
  const { identity, commerce, operators, apiKeys } = parts
  const store = createAuditStore(documents)
  const people = composePeople(ground, {
    ...identity,
    customers: commerce.customers,
    audit: createAudit({ store, clock }),
  })
  const log = createAuditLog({ store, keyring })
  const cursors = createCursors(keyring)
  return [
    customerRoutes(people.customers),
    accountRoutes(people.accounts),
    sessionRoutes(people.sessions),
    auditRoutes({ log, reading: createAuditReading({ log, operators, apiKeys, cursors }) }),
  ]
}
