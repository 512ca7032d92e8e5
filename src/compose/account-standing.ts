// Disabling accounts from the command line: beside a running server, on its documents alone.

import { createJobs } from '../services/events/jobs.ts'
import { createAccountStanding } from '../services/identity/account-standing.ts'
import type { Clients } from '../services/identity/clients.ts'
import type { Denials } from '../services/identity/denials.ts'
import { createLogoutNotices } from '../services/identity/logout-notices.ts'
import type { Audit } from '../services/organisations/audit.ts'
import type { Clock } from '../shared/clock.ts'
import type { Log } from '../shared/log.ts'
import type { Keyring } from '../shared/secrets.ts'
import { createAccountStore } from '../stores/accounts.ts'
import type { Documents } from '../stores/documents.ts'
import { createJobStore } from '../stores/jobs.ts'
import { composeSessions } from './sessions.ts'

/** Another process remembers what it remembers: for as long as its memory lasts. */
const nobody = async (): Promise<void> => {}

export function composeAccountStanding(ground: {
  documents: Documents
  keyring: Keyring
  clock: Clock
  log: Log
  clients: Clients
  denials: Denials
  audit: Audit
}) {
  const { documents, clock, log, clients, denials, audit } = ground
  const jobs = createJobs({ store: createJobStore(documents), kinds: {}, clock, log })
  const notices = createLogoutNotices({ ensureJob: jobs.ensure, findClient: clients.find })
  const sessions = composeSessions({ ...ground, notices, recent: { forget: nobody } })
  const store = createAccountStore(documents)
  return createAccountStanding({ store, sessions, denials, audit: audit.record, clock })
}
