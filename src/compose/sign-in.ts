// Signing in, joined to its stores, to what bounds its guesses and mails, and to the mails themselves.

import { addressLockedMail } from '../emails/address-locked.ts'
import type { Message } from '../emails/message.ts'
import { signInCodeMail } from '../emails/sign-in-code.ts'
import type { Audit } from '../services/audit/audit.ts'
import type { Accounts } from '../services/identity/accounts/accounts.ts'
import { createGuessBudgets } from '../services/identity/limits/guess-budget.ts'
import { createGuessLimits } from '../services/identity/limits/guess-limits.ts'
import { createKnownBrowsers } from '../services/identity/limits/known-browsers.ts'
import { createSendLimits } from '../services/identity/limits/send-limits.ts'
import { createTarpit } from '../services/identity/limits/tarpit.ts'
import type { Sessions } from '../services/identity/sessions/sessions.ts'
import { createAdmission } from '../services/identity/sign-in/admission.ts'
import { createChallenges } from '../services/identity/sign-in/challenges.ts'
import type { CodeMails } from '../services/identity/sign-in/code-mails.ts'
import type { Reviewers } from '../services/identity/sign-in/reviewers.ts'
import { createSignIn, type SignIn } from '../services/identity/sign-in/sign-in.ts'
import { createVerifyCode } from '../services/identity/sign-in/verify-code.ts'
import { brandingOf } from '../services/organisations/branding.ts'
import { sentBy } from '../services/organisations/mail-sender.ts'
import type { SignInTally } from '../services/organisations/sign-in-tally.ts'
import { createAccountStore } from '../stores/accounts.ts'
import { createCustomerStore } from '../stores/customers.ts'
import { createGuessBudgetStore } from '../stores/guess-budgets.ts'
import type { Organisation } from '../stores/organisations.ts'
import type { Ground } from './ground.ts'
import { composeConsoleAccess } from './operators.ts'

export function composeSignIn(
  ground: Ground,
  parts: {
    accounts: Accounts
    sessions: Pick<Sessions, 'makeRoom'>
    reviewers: Reviewers
    mails: CodeMails
    tally: SignInTally
    issuerOf(organisation: Organisation): string
    audit: Audit
  },
): SignIn {
  const { issuerOf, accounts, sessions, reviewers, mails, tally, audit } = parts
  const { random, clock, documents, config } = ground
  const bounds = composeBounds(ground, audit)
  const from = (organisation: Organisation, mail: Message): Message =>
    sentBy(organisation, { mail, mailFrom: config.mailFrom })
  const verify = createVerifyCode({
    ...bounds,
    reviewers,
    accounts,
    makeRoom: sessions.makeRoom,
    onSignedIn: tally.count,
    mails,
    writeLockMail: ({ organisation, ...data }) =>
      from(
        organisation,
        addressLockedMail({
          ...data,
          ...brandingOf(organisation, issuerOf(organisation)),
          timeZone: organisation.timeZone,
        }),
      ),
    audit: audit.record,
    clock,
  })
  return createSignIn({
    ...bounds,
    reviewers,
    mails,
    writeCodeMail: ({ organisation, ...data }) =>
      from(
        organisation,
        signInCodeMail({
          ...data,
          ...brandingOf(organisation, issuerOf(organisation)),
          timeZone: organisation.timeZone,
        }),
      ),
    isKnown: createAdmission({
      accounts: createAccountStore(documents),
      customers: createCustomerStore(documents),
      isExpected: composeConsoleAccess(ground).isExpected,
    }),
    verify,
    random,
    clock,
  })
}

/** What a sign-in is made of, and what bounds its guesses and mails. */
function composeBounds(ground: Ground, audit: Audit) {
  const { documents, ephemeral, keyring, random, clock, log, hold } = ground
  const alarm = (action: 'guesses.stopped' | 'mails.stopped') => (organisation: string) =>
    audit.record({ organisation, action, actor: 'system' })
  const budgets = createGuessBudgets({ store: createGuessBudgetStore(documents), keyring, clock })
  return {
    challenges: createChallenges({ ephemeral, keyring, clock }),
    budgets,
    guesses: createGuessLimits({
      ephemeral,
      budgets,
      tarpit: createTarpit({ ephemeral, clock, hold }),
      keyring,
      clock,
      log,
      onLimit: alarm('guesses.stopped'),
    }),
    limits: createSendLimits({ ephemeral, keyring, clock, log, onCeiling: alarm('mails.stopped') }),
    knownBrowsers: createKnownBrowsers({ keyring, random, clock }),
  }
}
