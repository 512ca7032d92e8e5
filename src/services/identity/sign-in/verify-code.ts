// Checking a code: counted before it is looked at, taken once, and what comes of it.

import type { Message } from '../../../emails/message.ts'
import { type Clock, SECOND } from '../../../shared/clock.ts'
import { type EmailAddress, parseEmailAddress } from '../../../shared/email-address.ts'
import type { Account } from '../../../stores/accounts.ts'
import type { Organisation } from '../../../stores/organisations.ts'
import type { Accounts } from '../accounts/accounts.ts'
import { CONSOLE_CLIENT_ID } from '../clients/console-client.ts'
import type { AdmittedGuess, GuessLimits } from '../limits/guess-limits.ts'
import type { KnownBrowserCookie, KnownBrowsers } from '../limits/known-browsers.ts'
import { resolveSignInSettings, type SignInSettings } from '../limits/settings.ts'
import type { Challenges, PendingChallenge } from './challenges.ts'
import type { CodeMails } from './code-mails.ts'
import { readCode } from './one-time-code.ts'
import type { Reviewers } from './reviewers.ts'

export type VerifyOutcome =
  /**
   * `knownBrowser` is for the browser to keep; a fixed code proves no address, and gives none. With it the
   * session has to end when the code does: `endsBy`, in milliseconds since 1970.
   */
  | {
      outcome: 'signed-in'
      account: Account
      isNew: boolean
      knownBrowser?: KnownBrowserCookie
      endsBy?: number
    }
  /** Also when no tries are left, when the budget is spent, and when the account is disabled. */
  | { outcome: 'wrong-code'; attemptsLeft: number }
  /** No live code for this challenge: expired, used, or never asked for. */
  | { outcome: 'no-code' }
  /** Not digits of the right number: nothing was counted. */
  | { outcome: 'malformed-code' }
  /** Too many wrong codes, here or at the whole organisation: this one was not looked at. */
  | { outcome: 'too-many-requests'; retryAfter: number }

export type VerifyRequest = {
  organisation: Organisation
  challenge: string
  /** What `pending` says of it. */
  pending: PendingChallenge | undefined
  /** As typed: spaces, hyphens and full-width digits are tolerated. */
  code: string
  /** The id of the application that they sign in to. */
  client: string
  locale: string
  source: string
  /** The cookie of a known browser, as it came. */
  knownBrowser?: string | undefined
}

/** Throws `StoreUnavailable` when a store is away: without its counters no code is looked at. */
export type VerifyCode = (request: VerifyRequest) => Promise<VerifyOutcome>

export type LockMailData = {
  to: string
  organisation: Organisation
  locale: string
  /** Until when neither codes nor guesses are taken. */
  lockedUntil: number
}

type Action =
  | 'account.created'
  | 'account.signed-in'
  | 'address.locked'
  | 'reviewer.locked'
  | 'reviewer.signed-in'

export type VerifyCodeParts = {
  challenges: Challenges
  accounts: Accounts
  guesses: GuessLimits
  knownBrowsers: KnownBrowsers
  reviewers: Reviewers
  /** Told once it is proven; takes no time. */
  onSignedIn(organisation: Organisation, signIn: { isNew: boolean }): void
  /** Before one more session of the account begins. */
  makeRoom(account: Account, most: number): Promise<void>
  mails: CodeMails
  writeLockMail(data: LockMailData): Message
  audit(entry: {
    organisation: string
    action: Action
    actor: string
    source: string
  }): Promise<void>
  clock: Clock
}

/** A code as it is checked: whose, by whom, under which settings. */
type Check = VerifyRequest & { address: EmailAddress; settings: SignInSettings }

/** The owner should hear of a lock while it lasts. */
const LOCK_MAIL_LIFE = 600 * SECOND

export function createVerifyCode(parts: VerifyCodeParts): VerifyCode {
  const { challenges, clock } = parts

  async function verify(request: VerifyRequest): Promise<VerifyOutcome> {
    const { organisation, pending, source } = request
    const settings = resolveSignInSettings(organisation.signIn)
    const code = readCode(request.code, settings.codeLength)
    if (code === undefined) return { outcome: 'malformed-code' }
    const address = pending && parseEmailAddress(pending.email)
    if (!address || pending.expiresAt <= clock.now()) return { outcome: 'no-code' }

    const owner = { organisation: organisation._id, email: address.normalised }
    const browser = parts.knownBrowsers.recognise(request.knownBrowser, owner, settings)
    // Before the code is looked at: however many guesses arrive at once, no more are looked at than taken.
    const admission = await parts.guesses.admit({ owner, source, browser }, settings)
    if (admission.outcome === 'refused') return { outcome: 'wrong-code', attemptsLeft: 0 }
    if (admission.outcome === 'too-many-requests') return admission
    try {
      return await check({ ...request, code, address, settings }, admission.guess)
    } finally {
      admission.guess.isOver()
    }
  }

  async function check(request: Check, guess: AdmittedGuess): Promise<VerifyOutcome> {
    const { address } = request
    const attempt = await challenges.attempt({ ...request, email: address })
    if (attempt.outcome === 'taken') {
      const [outcome] = await Promise.all([finish(request), guess.wasRight()])
      return outcome
    }
    if (attempt.outcome !== 'wrong') {
      await guess.wasIdle()
      return attempt.outcome === 'missing'
        ? { outcome: 'no-code' }
        : { outcome: 'wrong-code', attemptsLeft: 0 }
    }
    const owner = { organisation: request.organisation._id, email: address.normalised }
    if (await parts.reviewers.has(owner)) {
      // The fixed code stands beside a secret that nobody can type, and shares its tries.
      const { code, settings } = request
      const reviewer = await parts.reviewers.attempt({ ...owner, code }, settings)
      if (reviewer.isRight) {
        await guess.wasRight()
        if (!(await challenges.take(request))) return { outcome: 'no-code' }
        return finish(request, reviewer.expiresAt)
      }
      if (reviewer.isLast) await note(request, 'reviewer.locked')
    } else if (guess.locksUntil !== undefined) tellOwner(request, guess.locksUntil)
    if (guess.locksUntil !== undefined) await note(request, 'address.locked')
    return { outcome: 'wrong-code', attemptsLeft: attempt.left }
  }

  /** The address is proven: the account is found or made, and told apart from a disabled one only here. */
  async function finish(
    request: Check,
    /** The end of the fixed code that it was. */
    endsBy?: number,
  ): Promise<VerifyOutcome> {
    const { organisation, address, locale, settings } = request
    const found = await parts.accounts.signIn({
      organisation,
      email: address,
      locale,
      isCustomer: request.client !== CONSOLE_CLIENT_ID,
    })
    if (!found) return { outcome: 'wrong-code', attemptsLeft: 0 }
    const actor = found.account._id
    await parts.makeRoom(found.account, settings.sessionsPerAccount)
    await note(request, found.isNew ? 'account.created' : 'account.signed-in', actor)
    parts.onSignedIn(organisation, found)
    if (endsBy !== undefined) {
      await note(request, 'reviewer.signed-in', actor)
      return { outcome: 'signed-in', ...found, endsBy }
    }
    const owner = { organisation: organisation._id, email: address.normalised }
    const knownBrowser = parts.knownBrowsers.remember(request.knownBrowser, owner, settings)
    return { outcome: 'signed-in', ...found, knownBrowser }
  }

  function note({ organisation, source }: Check, action: Action, actor = 'system'): Promise<void> {
    return parts.audit({ organisation: organisation._id, action, actor, source })
  }

  function tellOwner({ organisation, address, locale }: Check, lockedUntil: number): void {
    const mail = { to: address.normalised, organisation, locale, lockedUntil }
    parts.mails.queue(parts.writeLockMail(mail), clock.now() + LOCK_MAIL_LIFE)
  }

  return verify
}
