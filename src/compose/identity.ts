// Who signs in, by which client and which code: identity joined to its stores and to the mails.

import { createRecent, type Recent } from '../../adapters/oidc/recent.ts'
import type { Mailer } from '../emails/message.ts'
import { refreshTokenReusedMail } from '../emails/refresh-token-reused.ts'
import { type Audit, createAudit } from '../services/audit/audit.ts'
import type { Jobs } from '../services/events/jobs.ts'
import { type Accounts, createAccounts } from '../services/identity/accounts/accounts.ts'
import type { ClientAdministration } from '../services/identity/clients/client-administration.ts'
import { type Clients, createClients } from '../services/identity/clients/clients.ts'
import { createDenials, type Denials } from '../services/identity/sessions/denials.ts'
import {
  createLogoutNotices,
  type LogoutNotices,
} from '../services/identity/sessions/logout-notices.ts'
import type { Sessions } from '../services/identity/sessions/sessions.ts'
import { type CodeMails, createCodeMails } from '../services/identity/sign-in/code-mails.ts'
import { createRestarts, type Restarts } from '../services/identity/sign-in/restarts.ts'
import { createReuseAlarm } from '../services/identity/sign-in/reuse-alarm.ts'
import { createReviewers, type Reviewers } from '../services/identity/sign-in/reviewers.ts'
import type { SignIn } from '../services/identity/sign-in/sign-in.ts'
import { brandingOf } from '../services/organisations/branding.ts'
import { sentBy } from '../services/organisations/mail-sender.ts'
import { createSignInTally, type SignInTally } from '../services/organisations/sign-in-tally.ts'
import { createAccountStore } from '../stores/accounts.ts'
import { createAuditStore } from '../stores/audit.ts'
import { createClientStore } from '../stores/clients.ts'
import { createDenialStore } from '../stores/denials.ts'
import type { Organisation } from '../stores/organisations.ts'
import { createReviewerStore } from '../stores/reviewers.ts'
import { createSignInDayStore } from '../stores/sign-in-days.ts'
import { composeClientAdministration } from './client-administration.ts'
import type { Commerce } from './commerce.ts'
import type { Ground } from './ground.ts'
import { outgoingRules } from './outgoing.ts'
import { composeSessions } from './sessions.ts'
import { composeSignIn } from './sign-in.ts'

export type Identity = {
  /** What the engine's adapters remember of sessions and grants. */
  recent: Recent
  sessions: Sessions
  accounts: Accounts
  clients: Clients
  clientAdministration: ClientAdministration
  denials: Denials
  reviewers: Reviewers
  signIn: SignIn
  tally: SignInTally
  restarts: Restarts
  mails: CodeMails
  notices: LogoutNotices
  onRefreshTokenReused: ReturnType<typeof createReuseAlarm>
}

type Parts = {
  mailer: Mailer
  issuerOf(organisation: Organisation): string
  commerce: Commerce
  ensureJob: Jobs['ensure']
  isRemoved(organisation: string): boolean
}

export function composeIdentity(ground: Ground, parts: Parts): Identity {
  const { mailer, issuerOf, commerce, ensureJob } = parts
  const { documents, ephemeral, keyring, clock, random, log, config } = ground
  const audit = createAudit({ store: createAuditStore(documents), clock })
  const accounts = createAccounts({
    store: createAccountStore(documents),
    findCustomer: commerce.customers.findForAccount,
    clock,
  })
  const clients = createClients({
    store: createClientStore(documents),
    keyring,
    clock,
    random,
    outgoing: outgoingRules(config),
  })
  const denials = denialsOf(ground)
  const recent = createRecent({ ephemeral, clock })
  const clientAdministration = composeClientAdministration({
    ...ground,
    clients,
    denials,
    recent,
    audit,
    outgoing: outgoingRules(config),
  })
  const notices = createLogoutNotices({ ensureJob, findClient: clients.find })
  const sessions = composeSessions({ ...ground, recent, clients, denials, notices, audit })
  const wait = (milliseconds: number) =>
    new Promise<void>((resolve) => setTimeout(resolve, milliseconds).unref())
  const mails = createCodeMails({ mailer, isRemoved: parts.isRemoved, clock, wait, log })
  const reviewers = createReviewers({
    store: createReviewerStore(documents),
    keyring,
    random,
    clock,
  })
  const tally = createSignInTally({ store: createSignInDayStore(documents), clock, log })
  const mailing = { issuerOf, accounts, mails, audit }
  const signIn = composeSignIn(ground, { ...mailing, sessions, reviewers, tally })
  const restarts = createRestarts({ ephemeral, keyring, clock })
  return {
    recent,
    accounts,
    clients,
    clientAdministration,
    denials,
    notices,
    restarts,
    sessions,
    reviewers,
    signIn,
    tally,
    mails,
    onRefreshTokenReused: reuseAlarmOf(ground, mailing),
  }
}

const DENIALS_CHANNEL = 'denials'

function denialsOf({ documents, ephemeral, clock, log }: Ground): Denials {
  return createDenials({
    store: createDenialStore(documents),
    announce: () => ephemeral.publish(DENIALS_CHANNEL, ''),
    listen: (onAnnounced) => ephemeral.subscribe(DENIALS_CHANNEL, onAnnounced),
    clock,
    log,
  })
}

function reuseAlarmOf(
  { config, clock }: Ground,
  parts: Pick<Parts, 'issuerOf'> & { accounts: Accounts; mails: CodeMails; audit: Audit },
): Identity['onRefreshTokenReused'] {
  return createReuseAlarm({
    accounts: parts.accounts,
    mails: parts.mails,
    writeMail: ({ organisation, ...data }) =>
      sentBy(organisation, {
        mail: refreshTokenReusedMail({
          ...data,
          ...brandingOf(organisation, parts.issuerOf(organisation)),
        }),
        mailFrom: config.mailFrom,
      }),
    audit: parts.audit.record,
    clock,
  })
}
