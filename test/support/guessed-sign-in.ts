// Signing in without its pages, on real stores and a stopped clock, with a witness of every code that is looked at.

import { createMailbox, type Mailbox } from '../../adapters/mail/mailbox.ts'
import { composeSignIn } from '../../src/compose/sign-in.ts'
import { readConfig } from '../../src/config.ts'
import { createAudit } from '../../src/services/audit/audit.ts'
import { createAccounts } from '../../src/services/identity/accounts/accounts.ts'
import type { PendingChallenge } from '../../src/services/identity/sign-in/challenges.ts'
import { createCodeMails } from '../../src/services/identity/sign-in/code-mails.ts'
import { createReviewers } from '../../src/services/identity/sign-in/reviewers.ts'
import type { SignIn, StartOutcome } from '../../src/services/identity/sign-in/sign-in.ts'
import type { VerifyOutcome } from '../../src/services/identity/sign-in/verify-code.ts'
import { createOrganisations } from '../../src/services/organisations/organisations.ts'
import { type Clock, DAY } from '../../src/shared/clock.ts'
import { parseEmailAddress } from '../../src/shared/email-address.ts'
import type { Log } from '../../src/shared/log.ts'
import { createKeyring, type Keyring, type Random } from '../../src/shared/secrets.ts'
import { createAccountStore } from '../../src/stores/accounts.ts'
import { createAuditStore } from '../../src/stores/audit.ts'
import type { Documents } from '../../src/stores/documents.ts'
import type { Ephemeral } from '../../src/stores/ephemeral.ts'
import { createOrganisationStore, type Organisation } from '../../src/stores/organisations.ts'
import { createReviewerStore } from '../../src/stores/reviewers.ts'
import { recordingLog } from './recording-log.ts'

/** Stands still until it is moved. */
export type StoppedClock = Clock & { forward(milliseconds: number): void }

export type Look = { email: string; at: number }

export type GuessedSignIn = {
  organisation: Organisation
  clock: StoppedClock
  signIn: SignIn
  /** Wrong codes that were looked at, the earliest first. */
  looks: Look[]
  /** The newest code mailed to an address that was not asked for before, if there is one. */
  newCode(email: string): string | undefined
  log: ReturnType<typeof recordingLog>
  /** How many mails were sent. */
  mails(): number
  /** Asks for a code in a flow of its own; the outcome, and what is needed to go on. */
  ask(email: string, source: string, knownBrowser?: string): Promise<Asked>
  /** Types a code into a flow. */
  type(asked: Asked, code: string, source: string, knownBrowser?: string): Promise<VerifyOutcome>
}

export type Asked = {
  outcome: StartOutcome['outcome']
  challenge: string
  pending: PendingChallenge | undefined
}

type Parts = {
  documents: Documents
  ephemeral: Ephemeral
  random: Random
  clock: StoppedClock
  /** In place of the defaults. */
  settings?: { [setting: string]: number }
  /** How requests wait in the tarpit; unless told otherwise the clock is moved and they go on. */
  hold?: (milliseconds: number) => Promise<void>
}

export async function createGuessedSignIn(parts: Parts): Promise<GuessedSignIn> {
  const { documents, clock } = parts
  const log = recordingLog()
  const keyring = createKeyring(['a-secret-of-the-tests-that-is-long-enough'])
  const looks: Look[] = []
  const ephemeral = witnessed(parts.ephemeral, (email) => looks.push({ email, at: clock.now() }))
  const { organisation } = await createOrganisations({
    store: createOrganisationStore(documents),
    clock,
    log,
  }).ensureDefault('Harbour')
  const mailbox = createMailbox({ clock, log })
  const read = new Set<object>()
  const signIn = compose({ ...parts, ephemeral, keyring, log, mailbox })
  const owner = { ...organisation, signIn: parts.settings ?? {} }
  const common = { organisation: owner, locale: 'en' }
  return {
    organisation: owner,
    clock,
    signIn,
    looks,
    log,
    newCode(email) {
      const [mail] = mailbox.list(email).filter(({ text }) => /^\d{6}$/m.test(text))
      if (!mail || read.has(mail)) return undefined
      read.add(mail)
      return /^\d{6}$/m.exec(mail.text)?.[0]
    },
    mails: () => log.lines.filter((line) => line.startsWith('mail: ')).length,

    async ask(email, source, knownBrowser) {
      flows += 1
      const challenge = `flow-${flows}`
      const client = { id: 'client', name: 'Shop' }
      const { outcome } = await signIn.start({
        ...common,
        ...{ challenge, email, source, client, knownBrowser },
        pending: undefined,
        userAgent: '',
      })
      return { outcome, challenge, pending: await signIn.pending(owner, challenge) }
    },

    type: ({ challenge, pending }, code, source, knownBrowser) =>
      signIn.verify({
        ...common,
        client: 'client',
        challenge,
        pending,
        code,
        source,
        knownBrowser,
      }),
  }
}

/** The real parts, as the server joins them; mails go to a mailbox, and sign-ins begin no sessions. */
function compose(
  parts: Omit<Parts, 'settings'> & { keyring: Keyring; log: Log; mailbox: Mailbox },
): SignIn {
  const { documents, ephemeral, keyring, random, clock, log, mailbox } = parts
  return composeSignIn(
    {
      config: readConfig({}),
      documents,
      ephemeral,
      keyring,
      random,
      clock,
      log,
      hold: parts.hold ?? (async (milliseconds) => clock.forward(milliseconds)),
    },
    {
      accounts: createAccounts({
        store: createAccountStore(documents),
        findCustomer: async () => undefined,
        clock,
      }),
      sessions: { makeRoom: async () => {} }, // whoever signs in here begins none
      reviewers: createReviewers({
        store: createReviewerStore(documents),
        keyring,
        random,
        clock,
      }),
      issuerOf: () => 'https://id.example.com',
      tally: { count: () => {}, flush: async () => {}, start: () => async () => {} },
      mails: createCodeMails({
        mailer: mailbox,
        isRemoved: () => false,
        clock,
        wait: async () => {},
        log,
      }),
      audit: createAudit({ store: createAuditStore(documents), clock }),
    },
  )
}

let flows = 0

/** The most looks at one address within 24 hours. */
export function mostInADay(looks: readonly Look[]): number {
  const byAddress = Map.groupBy(looks, ({ email }) => email)
  const counts = [...byAddress.values()].flatMap((all) =>
    all.map(({ at }, index) => all.slice(0, index + 1).filter((look) => look.at > at - DAY).length),
  )
  return Math.max(0, ...counts)
}

export function stoppedClock(): StoppedClock {
  let now = Date.now()
  return {
    now: () => now,
    forward(milliseconds: number) {
      now += milliseconds
    },
  }
}

/** Tells of every wrong code that a guard compared, and whose it was: guards are set with the address. */
function witnessed(ephemeral: Ephemeral, onLook: (email: string) => void): Ephemeral {
  const addresses = new Map<string, string>()
  return {
    ...ephemeral,
    guard(key, guard) {
      addresses.set(key, parseEmailAddress(guard.value)?.normalised ?? '')
      return ephemeral.guard(key, guard)
    },
    async attempt(key, digest) {
      const attempt = await ephemeral.attempt(key, digest)
      if (attempt.outcome === 'wrong') onLook(addresses.get(key) ?? '')
      return attempt
    },
  }
}
