// What operators do with customers, accounts and sessions, joined to their stores and to the engine's grants.

import { listGrantsOf, revokeGrantsTo } from '../../adapters/oidc/grants.ts'
import type { Recent } from '../../adapters/oidc/recent.ts'
import type { Audit } from '../services/audit/audit.ts'
import {
  type CustomerAdministration,
  createCustomerAdministration,
} from '../services/commerce/customer-administration.ts'
import { createCustomerErasure } from '../services/commerce/customer-erasure.ts'
import { type Customers, createCustomers } from '../services/commerce/customers.ts'
import { createJobs } from '../services/events/jobs.ts'
import {
  type AccountAdministration,
  createAccountAdministration,
} from '../services/identity/accounts/account-administration.ts'
import { createAccountErasure } from '../services/identity/accounts/account-erasure.ts'
import { createAccountPermissions } from '../services/identity/accounts/account-permissions.ts'
import { createAccountStanding } from '../services/identity/accounts/account-standing.ts'
import type { Accounts } from '../services/identity/accounts/accounts.ts'
import type { Clients } from '../services/identity/clients/clients.ts'
import { createGuessBudgets } from '../services/identity/limits/guess-budget.ts'
import type { Denials } from '../services/identity/sessions/denials.ts'
import { createLogoutNotices } from '../services/identity/sessions/logout-notices.ts'
import {
  createSessionAdministration,
  type SessionAdministration,
} from '../services/identity/sessions/session-administration.ts'
import type { Sessions } from '../services/identity/sessions/sessions.ts'
import type { Clock } from '../shared/clock.ts'
import { createCursors } from '../shared/cursors.ts'
import type { Log } from '../shared/log.ts'
import type { Keyring } from '../shared/secrets.ts'
import { createTextCursors } from '../shared/text-cursors.ts'
import { createAccountStore } from '../stores/accounts.ts'
import { createCustomerStore } from '../stores/customers.ts'
import type { Documents } from '../stores/documents.ts'
import { createEnquiryStore } from '../stores/enquiries.ts'
import { createGuessBudgetStore } from '../stores/guess-budgets.ts'
import { createJobStore } from '../stores/jobs.ts'
import { createLinkStore } from '../stores/links.ts'
import { createPermissionStore } from '../stores/permissions.ts'
import { createPolicyAcceptanceStore } from '../stores/policy-acceptances.ts'
import { createRelyingPartySessionStore } from '../stores/relying-party-sessions.ts'
import { createSessionStore } from '../stores/sessions.ts'
import { composeSessions } from './sessions.ts'

export type People = {
  customers: CustomerAdministration
  accounts: AccountAdministration
  sessions: SessionAdministration
}

type PeopleGround = { documents: Documents; keyring: Keyring; clock: Clock }

type PeopleParts = {
  sessions: Sessions
  denials: Pick<Denials, 'deny' | 'lift'>
  clients: Pick<Clients, 'find'>
  customers: Pick<Customers, 'updateProfile' | 'forget'>
  audit: Audit
  /** What this process remembers of sessions and grants. */
  recent: Pick<Recent, 'forget'>
  /** And of accounts. */
  accounts: Pick<Accounts, 'forget'>
}

export function composePeople(ground: PeopleGround, parts: PeopleParts): People {
  const { documents, keyring, clock } = ground
  const { sessions, customers } = parts
  const audit = parts.audit.record
  const store = createAccountStore(documents)
  const sessionStore = createSessionStore(documents)
  const cursors = createTextCursors(keyring)
  const forget = parts.accounts.forget
  const eraseAccount = createAccountErasure({
    ...parts,
    store,
    permissions: createPermissionStore(documents),
    acceptances: createPolicyAcceptanceStore(documents),
    relyingPartySessions: createRelyingPartySessionStore(documents),
    budgets: createGuessBudgets({ store: createGuessBudgetStore(documents), keyring, clock }),
    forget,
    audit,
    clock,
  })
  const customerStore = createCustomerStore(documents)
  const eraseCustomer = createCustomerErasure({
    store: customerStore,
    enquiries: createEnquiryStore(documents),
    forget: customers.forget,
    audit,
  })
  const shared = { eraseAccount, eraseCustomer, cursors, audit, clock }
  return {
    accounts: createAccountAdministration({
      ...shared,
      store,
      standing: createAccountStanding({ ...parts, store, audit, clock }),
      sessions,
      sessionStore,
      permissions: composePermissions(ground, parts),
      forget,
    }),
    customers: createCustomerAdministration({
      ...shared,
      store: customerStore,
      accounts: store,
      links: createLinkStore(documents),
      customers,
      async activityOf({ organisation, _id, lastSignInAt }) {
        const last = await sessionStore.lastUsed(organisation, _id)
        return Math.max(lastSignInAt, last?.lastSeenAt ?? 0)
      },
      forgetAccount: forget,
    }),
    sessions: createSessionAdministration({
      store: sessionStore,
      accounts: store,
      sessions,
      cursors: createCursors(keyring),
      clock,
    }),
  }
}

function composePermissions({ documents, clock }: PeopleGround, parts: PeopleParts) {
  const { recent, denials, clients, audit } = parts
  return createAccountPermissions({
    store: createPermissionStore(documents),
    grants: {
      listOf: (organisation, account) => listGrantsOf({ organisation, documents, clock }, account),
      endTo: ({ organisation, account }, client) => {
        const onGrantEnded = (grantId: string) => denials.deny(organisation, 'grant', grantId)
        const ending = { organisation, documents, clock, recent, onGrantEnded }
        return revokeGrantsTo(ending, { account, client })
      },
    },
    findClient: clients.find,
    audit: audit.record,
  })
}

/** Another process remembers what it remembers: for as long as its memory lasts. */
const nobody = { forget: async (): Promise<void> => {} }

/** The same from the command line: beside a running server, on its documents alone. */
export function composePeopleBeside(
  ground: PeopleGround & { log: Log; clients: Clients; denials: Denials; audit: Audit },
): People {
  const { documents, clock, log, clients, denials, audit } = ground
  const jobs = createJobs({ store: createJobStore(documents), kinds: {}, clock, log })
  const notices = createLogoutNotices({ ensureJob: jobs.ensure, findClient: clients.find })
  return composePeople(ground, {
    sessions: composeSessions({ ...ground, notices, recent: nobody }),
    denials,
    clients,
    customers: createCustomers({ store: createCustomerStore(documents), clock }),
    audit,
    recent: nobody,
    accounts: { forget: () => {} },
  })
}
