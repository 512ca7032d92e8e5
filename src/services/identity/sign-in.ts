// Signing in: what the pages and the challenge endpoint ask, and what they may hear.

import type { Message } from '../../emails/message.ts'
import type { Clock } from '../../shared/clock.ts'
import { HOUR, SECOND } from '../../shared/clock.ts'
import { type EmailAddress, parseEmailAddress } from '../../shared/email-address.ts'
import { type Keyring, type Random, sha256 } from '../../shared/secrets.ts'
import type { Account } from '../../stores/accounts.ts'
import type { Ephemeral } from '../../stores/ephemeral.ts'
import type { Organisation } from '../../stores/organisations.ts'
import type { Accounts } from './accounts.ts'
import type { CodeMails } from './code-mails.ts'
import type { GuessBudgets } from './guess-budget.ts'
import { digestCode, makeCode, readCode } from './one-time-code.ts'
import type { SendLimits } from './send-limits.ts'
import { resolveSignInSettings } from './settings.ts'

export type StartSignIn = {
  organisation: Organisation
  /** The running attempt: the interaction's uid. Whoever holds it may verify. */
  challenge: string
  /** What `pending` says of it. */
  pending: PendingChallenge | undefined
  /** As typed. */
  email: string
  client: { id: string; name: string }
  /** The language of page and mail, one of the catalogue's. */
  locale: string
  /** Source address of the request, after `TRUST_PROXY`. */
  source: string
  /** `User-Agent`, for the mail's "asked from". */
  userAgent: string
}

export type StartOutcome =
  /**
   * The page goes on to the code. The same whether the address has an account, is disabled, or over
   * a limit: a stranger learns nothing. `resendAt` and `expiresAt` are milliseconds since 1970.
   */
  | { outcome: 'code-sent'; email: string; resendAt: number; expiresAt: number }
  /** Not one plain address. */
  | { outcome: 'invalid-address' }
  /** A code was sent less than `resendAfter` ago to the same address: no new one; the old stays good. */
  | { outcome: 'too-soon'; email: string; resendAt: number; expiresAt: number }
  /** This source asked too often. */
  | { outcome: 'too-many-requests'; retryAfter: number }

export type VerifyOutcome =
  | { outcome: 'signed-in'; account: Account; isNew: boolean }
  /** Also when no tries are left, when the budget is spent, and when the account is disabled. */
  | { outcome: 'wrong-code'; attemptsLeft: number }
  /** No live code for this challenge: expired, used, or never asked for. */
  | { outcome: 'no-code' }
  /** Not digits of the right number: nothing was counted. */
  | { outcome: 'malformed-code' }

/** What a page shows about a challenge: its code may have expired meanwhile. The address stands as it was typed. */
export type PendingChallenge = { email: string; resendAt: number; expiresAt: number }

export type VerifyRequest = {
  organisation: Organisation
  challenge: string
  /** What `pending` says of it. */
  pending: PendingChallenge | undefined
  /** As typed: spaces, hyphens and full-width digits are tolerated. */
  code: string
  locale: string
  source: string
}

/** Every method throws `StoreUnavailable` when a store is away: without its counters no code is looked at. */
export type SignIn = {
  start(request: StartSignIn): Promise<StartOutcome>
  verify(request: VerifyRequest): Promise<VerifyOutcome>
  /** The challenge's state for its page, `undefined` when none was started or it is over. */
  pending(organisation: Organisation, challenge: string): Promise<PendingChallenge | undefined>
  /** Forgets the challenge: "another address". Its codes die. */
  forget(organisation: Organisation, challenge: string): Promise<void>
}

/** What the mails are told; compose hands in the functions that write them. */
export type CodeMailData = {
  to: string
  code: string
  organisation: Organisation
  clientName: string
  locale: string
  /** When the code was asked for. */
  at: number
  /** How long it is good, in milliseconds. */
  life: number
  userAgent: string
}
export type LockMailData = {
  to: string
  organisation: Organisation
  locale: string
  /** Until when neither codes nor guesses are taken. */
  lockedUntil: number
}

export type SignInParts = {
  ephemeral: Ephemeral
  accounts: Accounts
  budgets: GuessBudgets
  limits: SendLimits
  mails: CodeMails
  writeCodeMail(data: CodeMailData): Message
  writeLockMail(data: LockMailData): Message
  audit: (entry: {
    organisation: string
    action: 'account.created' | 'account.signed-in' | 'address.locked'
    actor: string
    source: string
  }) => Promise<void>
  keyring: Keyring
  random: Random
  clock: Clock
}

/** Why a code is not sent although the page says so. */
type Silence = 'over-limit' | 'locked' | undefined

export function createSignIn(parts: SignInParts): SignIn {
  const { ephemeral, keyring, random, clock } = parts
  const keyOf = (organisation: Organisation, challenge: string): string =>
    `challenge:${sha256(`${organisation._id}/${challenge}`)}`

  async function silenceOf(request: StartSignIn, email: EmailAddress): Promise<Silence> {
    const { organisation } = request
    const settings = resolveSignInSettings(organisation.signIn)
    const owner = { organisation: organisation._id, email: email.normalised }
    // Both are asked every time, so that the answer takes as long for one address as for another.
    const [isAllowed, isLocked] = await Promise.all([
      parts.limits.allowsMail(organisation._id, email.base, settings),
      parts.budgets.isLocked(owner),
    ])
    if (isLocked) return 'locked'
    return isAllowed ? undefined : 'over-limit'
  }

  /** Makes the code good and remembers what the page shows. Nothing is sent yet. */
  async function open(
    request: StartSignIn,
    email: EmailAddress,
    code: string,
  ): Promise<PendingChallenge> {
    const { organisation, challenge } = request
    const settings = resolveSignInSettings(organisation.signIn)
    const key = keyOf(organisation, challenge)
    const expiresAt = clock.now() + settings.codeLife
    const record: PendingChallenge = {
      email: email.display,
      resendAt: clock.now() + settings.resendAfter,
      expiresAt,
    }
    const digest = digestCode(keyring, {
      organisation: organisation._id,
      challenge,
      email: email.normalised,
      code,
    })
    await Promise.all([
      ephemeral.guard(key, {
        digest,
        digestExpiresAt: expiresAt,
        value: email.display,
        tries: settings.triesPerChallenge,
        ttl: settings.codeLife,
      }),
      // Longer than the code: "it has expired, send a new one" needs to know where to.
      ephemeral.set(key, JSON.stringify(record), CHALLENGE_LIFE),
    ])
    return record
  }

  async function start(request: StartSignIn): Promise<StartOutcome> {
    const { organisation, challenge, pending } = request
    const email = parseEmailAddress(request.email)
    if (!email) return { outcome: 'invalid-address' }
    const settings = resolveSignInSettings(organisation.signIn)
    const tooMany = await parts.limits.countSource(organisation._id, request.source, settings)
    if (tooMany) return { outcome: 'too-many-requests', ...tooMany }

    const isSame = pending && parseEmailAddress(pending.email)?.normalised === email.normalised
    if (isSame && pending.resendAt > clock.now()) return { outcome: 'too-soon', ...pending }
    // A code of another address must not live on under this challenge.
    if (pending && !isSame) await ephemeral.delete(keyOf(organisation, challenge))

    const silence = await silenceOf(request, email)
    const code = makeCode(random, settings.codeLength)
    // Where nothing is sent the page goes on all the same, with a secret that nobody can type.
    const opened = await open(request, email, silence ? random.token(32) : code)
    if (!silence)
      parts.mails.queue(
        parts.writeCodeMail({
          to: email.normalised,
          code,
          organisation,
          clientName: request.client.name,
          locale: request.locale,
          at: clock.now(),
          life: settings.codeLife,
          userAgent: request.userAgent,
        }),
        opened.expiresAt,
      )
    return { outcome: 'code-sent', ...opened }
  }

  async function verify(request: VerifyRequest): Promise<VerifyOutcome> {
    const { organisation, challenge, pending } = request
    const settings = resolveSignInSettings(organisation.signIn)
    const code = readCode(request.code, settings.codeLength)
    if (code === undefined) return { outcome: 'malformed-code' }
    const email = pending && parseEmailAddress(pending.email)
    if (!email || pending.expiresAt <= clock.now()) return { outcome: 'no-code' }

    const key = keyOf(organisation, challenge)
    const owner = { organisation: organisation._id, email: email.normalised }
    // Before the code is looked at: however many guesses arrive at once, no more are looked at than taken.
    const guess = await parts.budgets.take(owner, settings)
    if (!guess) return { outcome: 'wrong-code', attemptsLeft: 0 }
    const attempt = await ephemeral.attempt(key, digestCode(keyring, { ...owner, challenge, code }))
    if (attempt.outcome === 'taken') {
      await parts.budgets.giveBack(guess)
      return finish(request, email)
    }
    if (guess.locks) await tellOwner(request, email, guess.budget.lockedUntil)
    if (attempt.outcome === 'missing') return { outcome: 'no-code' }
    return { outcome: 'wrong-code', attemptsLeft: attempt.outcome === 'wrong' ? attempt.left : 0 }
  }

  /** The address is proven: the account is found or made, and told apart from a disabled one only here. */
  async function finish(request: VerifyRequest, email: EmailAddress): Promise<VerifyOutcome> {
    const { organisation, locale, source } = request
    const found = await parts.accounts.signIn({ organisation, email, locale })
    if (!found) return { outcome: 'wrong-code', attemptsLeft: 0 }
    await parts.audit({
      organisation: organisation._id,
      action: found.isNew ? 'account.created' : 'account.signed-in',
      actor: found.account._id,
      source,
    })
    return { outcome: 'signed-in', ...found }
  }

  async function tellOwner(
    request: VerifyRequest,
    email: EmailAddress,
    lockedUntil: number,
  ): Promise<void> {
    const { organisation, locale, source } = request
    const to = email.normalised
    parts.mails.queue(
      parts.writeLockMail({ to, organisation, locale, lockedUntil }),
      clock.now() + LOCK_MAIL_LIFE,
    )
    const action = 'address.locked'
    await parts.audit({ organisation: organisation._id, action, actor: 'system', source })
  }

  return {
    start,
    verify,
    async pending(organisation, challenge) {
      const stored = await ephemeral.get(keyOf(organisation, challenge))
      if (stored === undefined) return undefined
      return JSON.parse(stored) as PendingChallenge // we wrote it, see `open`
    },
    forget: (organisation, challenge) => ephemeral.delete(keyOf(organisation, challenge)),
  }
}

/** As long as the interaction that it belongs to. */
const CHALLENGE_LIFE = HOUR

/** The owner should hear of a lock while it lasts. */
const LOCK_MAIL_LIFE = 600 * SECOND
