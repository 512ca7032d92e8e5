// The Admin API: every operation that there is.

import * as accounts from './admin-api/accounts.ts'
import * as apiKeys from './admin-api/api-keys.ts'
import * as audit from './admin-api/audit.ts'
import * as brand from './admin-api/brand.ts'
import * as clients from './admin-api/clients.ts'
import * as customers from './admin-api/customers.ts'
import * as keys from './admin-api/keys.ts'
import * as me from './admin-api/me.ts'
import type { Operation } from './admin-api/operation.ts'
import * as operators from './admin-api/operators.ts'
import * as organisations from './admin-api/organisations.ts'
import * as policies from './admin-api/policies.ts'
import * as registration from './admin-api/registration.ts'
import * as sessions from './admin-api/sessions.ts'
import * as settings from './admin-api/settings.ts'

export type { Noun, Role, Verb } from './admin-api/access.ts'
export { nouns, roles, verbs } from './admin-api/access.ts'
export {
  type BodyOf,
  type DataOf,
  type Operation,
  type ParametersOf,
  parametersOf,
  type QueryOf,
  scopeOf,
} from './admin-api/operation.ts'
export {
  accounts,
  apiKeys,
  audit,
  brand,
  clients,
  customers,
  keys,
  me,
  operators,
  organisations,
  policies,
  registration,
  sessions,
  settings,
}

/** In the order in which the document names them: one line for each file of operations. */
const files: readonly object[] = [
  me,
  organisations,
  settings,
  clients,
  registration,
  operators,
  apiKeys,
  brand,
  policies,
  keys,
  customers,
  accounts,
  sessions,
  audit,
]

export const operations: readonly Operation[] = files.flatMap((file) =>
  Object.values(file).filter(isOperation),
)

/** Files hold schemas beside their operations. */
function isOperation(value: unknown): value is Operation {
  return typeof value === 'object' && value !== null && 'needs' in value && 'path' in value
}
