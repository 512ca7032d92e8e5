// Jobs: what is done later, or again, joined to who does it.

import type { Mailer } from '../emails/message.ts'
import type { Engines } from '../provider/engines.ts'
import { auditJob, createAuditSealer, SEAL_AUDIT } from '../services/audit/audit-chain.ts'
import { customerJob, TEND_CUSTOMERS } from '../services/commerce/customer-keys.ts'
import { createJobs, type Jobs } from '../services/events/jobs.ts'
import { SECRET_WARNING, TEND_CLIENTS } from '../services/identity/clients/secret-warnings.ts'
import { keyJob } from '../services/identity/keys/key-rotation.ts'
import { createLogoutJob, LOGOUT } from '../services/identity/sessions/logout-notices.ts'
import type { Operators } from '../services/operators/operators.ts'
import {
  type OrganisationRemoval,
  removalJob,
  TEND_REMOVALS,
} from '../services/organisations/organisation-removal.ts'
import type { Organisations } from '../services/organisations/organisations.ts'
import { MINUTE } from '../shared/clock.ts'
import { createAuditStore } from '../stores/audit.ts'
import { createCustomerStore } from '../stores/customers.ts'
import { createJobStore } from '../stores/jobs.ts'
import type { Ground } from './ground.ts'
import type { Identity } from './identity.ts'
import type { Keys } from './keys.ts'
import { composeSecretWarnings } from './secret-warnings.ts'

/** Every kind of job that this program does. */
export function composeJobs(
  ground: Ground,
  parts: {
    organisations: Organisations
    identity: Identity
    keys: Keys
    engines: Engines
    removal: OrganisationRemoval
    operators: Operators
    mailer: Mailer
  },
): Jobs {
  const { documents, keyring, clock, log } = ground
  const { organisations, identity, keys, engines } = parts
  const secrets = composeSecretWarnings(ground, {
    ...parts,
    ensureJob: (...job) => jobs.ensure(...job),
  })
  const jobs = createJobs({
    store: createJobStore(documents),
    clock,
    log,
    kinds: {
      'sessions.end-expired': {
        // A part at a time: the next one begins at once, with a lease of its own.
        run: async () => ({ again: (await identity.sessions.endExpired()) ? 5 * MINUTE : 0 }),
      },
      'signing-keys.tend': keyJob(keys.rotation),
      [TEND_CUSTOMERS]: customerJob(createCustomerStore(documents)),
      [TEND_CLIENTS]: secrets.tend,
      [SECRET_WARNING]: secrets.warning,
      [SEAL_AUDIT]: auditJob(
        createAuditSealer({ store: createAuditStore(documents), keyring, log }),
      ),
      [TEND_REMOVALS]: removalJob(parts.removal),
      [LOGOUT]: createLogoutJob({
        async send(notice) {
          const organisation = await organisations.findById(notice.organisation)
          if (!organisation) return undefined // it was removed
          return (await engines.of(organisation)).sendLogoutToken(notice)
        },
        clock,
        log,
      }),
    },
  })
  return jobs
}
