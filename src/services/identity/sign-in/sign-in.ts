// Signing in: what the pages and the challenge endpoint ask, and what they may hear.

import type { Message } from '../../../emails/message.ts'
import type { Clock } from '../../../shared/clock.ts'
import { type EmailAddress, parseEmailAddress } from '../../../shared/email-address.ts'
import type { Random } from '../../../shared/secrets.ts'
import type { Organisation } from '../../../stores/organisations.ts'
import type { GuessBudgets } from '../limits/guess-budget.ts'
import type { KnownBrowsers } from '../limits/known-browsers.ts'
import type { SendLimits } from '../limits/send-limits.ts'
import { resolveSignInSettings } from '../limits/settings.ts'
import type { IsKnown } from './admission.ts'
import type { Challenges, PendingChallenge } from './challenges.ts'
import type { CodeMails } from './code-mails.ts'
import { makeCode } from './one-time-code.ts'
import type { Reviewers } from './reviewers.ts'
import type { VerifyCode } from './verify-code.ts'

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
  /** The cookie of a known browser, as it came. */
  knownBrowser?: string | undefined
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

/** Every method throws `StoreUnavailable` when a store is away: without its counters no code is looked at. */
export type SignIn = {
  start(request: StartSignIn): Promise<StartOutcome>
  verify: VerifyCode
  /** The challenge's state for its page, `undefined` when none was started or it is over. */
  pending(organisation: Organisation, challenge: string): Promise<PendingChallenge | undefined>
  /** Forgets the challenge: "another address". Its codes die. */
  forget(organisation: Organisation, challenge: string): Promise<void>
  /**
   * Whether codes are neither sent to the address nor taken for it now, but from browsers that know it. Who
   * guesses brings that about, whether or not it has an account.
   */
  isLocked(organisation: Organisation, email: string): Promise<boolean>
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
  /** Whether the subject holds the code. */
  isInSubject: boolean
}

export type SignInParts = {
  challenges: Challenges
  budgets: GuessBudgets
  knownBrowsers: KnownBrowsers
  reviewers: Reviewers
  limits: SendLimits
  isKnown: IsKnown
  mails: CodeMails
  writeCodeMail(data: CodeMailData): Message
  verify: VerifyCode
  random: Random
  clock: Clock
}

export function createSignIn(parts: SignInParts): SignIn {
  const { challenges, random, clock } = parts

  /** Whether the code is mailed. The page says so in every case. */
  async function isSent(
    { organisation, client }: StartSignIn,
    email: EmailAddress,
    browser: string | undefined,
  ): Promise<boolean> {
    const settings = resolveSignInSettings(organisation.signIn)
    const owner = { organisation: organisation._id, email: email.normalised }
    const mail = { organisation: owner.organisation, base: email.base }
    // All are asked every time, so that the answer takes as long for one address as for another.
    const [isWelcome, isAllowed, isLocked, hasFixedCode] = await Promise.all([
      organisation.signUp !== 'closed' || parts.isKnown({ ...owner, client: client.id }),
      parts.limits.allowsMail({ ...mail, isKnown: browser !== undefined }, settings),
      parts.budgets.isLocked(owner, settings, browser),
      parts.reviewers.has(owner),
    ])
    return isWelcome && isAllowed && !isLocked && !hasFixedCode
  }

  async function start(request: StartSignIn): Promise<StartOutcome> {
    const { organisation, challenge, pending } = request
    const email = parseEmailAddress(request.email)
    if (!email) return { outcome: 'invalid-address' }
    const settings = resolveSignInSettings(organisation.signIn)
    const owner = { organisation: organisation._id, email: email.normalised }
    const browser = parts.knownBrowsers.recognise(request.knownBrowser, owner, settings)
    const tooMany =
      browser === undefined &&
      (await parts.limits.countSource(organisation._id, request.source, settings))
    if (tooMany) return { outcome: 'too-many-requests', ...tooMany }

    const isSame = pending && parseEmailAddress(pending.email)?.normalised === email.normalised
    if (isSame && pending.resendAt > clock.now()) return { outcome: 'too-soon', ...pending }
    // A code of another address must not live on under this challenge.
    if (pending && !isSame) await challenges.forget({ organisation, challenge })

    const code = makeCode(random, settings.codeLength)
    const isMailed = await isSent(request, email, browser)
    // Where nothing is sent the page goes on all the same, with a secret that nobody can type.
    const secret = isMailed ? code : random.token(32)
    const opened = await challenges.open({ organisation, challenge, email, code: secret }, settings)
    // Written also where it is not sent: that takes the same time.
    const mail = parts.writeCodeMail({
      to: email.normalised,
      code,
      organisation,
      clientName: request.client.name,
      locale: request.locale,
      at: clock.now(),
      life: settings.codeLife,
      userAgent: request.userAgent,
      isInSubject: settings.codeInSubject === 1,
    })
    if (isMailed) parts.mails.queue(mail, opened.expiresAt)
    return { outcome: 'code-sent', ...opened }
  }

  return {
    start,
    verify: parts.verify,
    pending: (organisation, challenge) => challenges.pending({ organisation, challenge }),
    forget: (organisation, challenge) => challenges.forget({ organisation, challenge }),
    async isLocked(organisation, text) {
      const email = parseEmailAddress(text)?.normalised
      if (email === undefined) return false
      const settings = resolveSignInSettings(organisation.signIn)
      return parts.budgets.isLocked({ organisation: organisation._id, email }, settings)
    },
  }
}
