// The reviewer account: one exact address with a fixed code, for the people who review an organisation's apps.

import type { Clock } from '../../../shared/clock.ts'
import { DAY, SECOND } from '../../../shared/clock.ts'
import { parseEmailAddress } from '../../../shared/email-address.ts'
import { AppError } from '../../../shared/errors.ts'
import { createFreshCache } from '../../../shared/fresh-cache.ts'
import { isSameDigest, type Keyring, type Random } from '../../../shared/secrets.ts'
import type { Reviewer, ReviewerStore } from '../../../stores/reviewers.ts'
import type { BudgetOwner } from '../limits/guess-budget.ts'
import type { SignInSettings } from '../limits/settings.ts'
import { makeCode } from './one-time-code.ts'

export type Reviewers = {
  /**
   * Sets the organisation's reviewer, in place of the one there was, and returns the code: it is not kept.
   * Throws `invalid_fields` for what is no address, and for a time that is over or more than a year away.
   */
  set(
    reviewer: { organisation: string; email: string; expiresAt: number },
    settings: SignInSettings,
  ): Promise<{ reviewer: Reviewer; code: string }>
  /** `undefined` when there is none, or not any more. */
  find(organisation: string): Promise<Reviewer | undefined>
  /** `false` when there was none. */
  remove(organisation: string): Promise<boolean>
  /** Whether no codes are mailed to this address, because it has a fixed one. As it was at most 2 seconds ago. */
  has(owner: BudgetOwner): Promise<boolean>
  /**
   * Checks a code. Counted before it is looked at. When it is right, `expiresAt` is the end of what it opens,
   * in milliseconds since 1970; `isLast` when no more will be looked at.
   */
  attempt(
    guess: BudgetOwner & { code: string },
    settings: SignInSettings,
  ): Promise<{ isRight: true; expiresAt: number } | { isRight: false; isLast: boolean }>
}

const LONGEST = 366 * DAY
const FRESH = 2 * SECOND
const CACHE_SIZE = 10_000

export function createReviewers(parts: {
  store: ReviewerStore
  keyring: Keyring
  random: Random
  clock: Clock
}): Reviewers {
  const { store, keyring, random, clock } = parts
  /** Organisations, nearly all of which have none. */
  const cache = createFreshCache<{ reviewer: Reviewer | undefined }>({
    clock,
    life: FRESH,
    size: CACHE_SIZE,
  })

  async function look(organisation: string) {
    const seen = { reviewer: await store.find(organisation) }
    cache.set(organisation, seen)
    return seen
  }

  async function find(organisation: string): Promise<Reviewer | undefined> {
    const reviewer = await store.find(organisation)
    return reviewer && reviewer.expiresAt > clock.now() ? reviewer : undefined
  }

  return {
    async set({ organisation, email, expiresAt }, settings) {
      const address = parseEmailAddress(email)
      const now = clock.now()
      const fields = [
        ...(address ? [] : [{ path: 'email', message: 'is not one plain address' }]),
        ...(expiresAt > now && expiresAt <= now + LONGEST
          ? []
          : [{ path: 'expires', message: 'must lie in the future, at most a year away' }]),
      ]
      if (!address || fields.length > 0) throw new AppError('invalid_fields', { fields })
      const code = makeCode(random, settings.codeLength)
      const reviewer: Reviewer = {
        _id: organisation,
        organisation,
        email: address.normalised,
        digest: keyring.digest('reviewer-code', organisation, address.normalised, code),
        guesses: 0,
        createdAt: now,
        expiresAt,
      }
      await store.put(reviewer)
      cache.delete(organisation)
      return { reviewer, code }
    },

    find,

    async remove(organisation) {
      cache.delete(organisation)
      return store.remove(organisation)
    },

    async has({ organisation, email }) {
      const { reviewer } = cache.get(organisation) ?? (await look(organisation))
      return reviewer?.email === email && reviewer.expiresAt > clock.now()
    },

    async attempt({ organisation, email, code }, settings) {
      const limit = settings.reviewerGuesses
      const reviewer = await store.take({ organisation, email, now: clock.now(), limit })
      if (!reviewer) return { isRight: false, isLast: false }
      const digests = keyring.digests('reviewer-code', organisation, email, code)
      const isRight = digests.some((digest) => isSameDigest(digest, reviewer.digest))
      if (!isRight) return { isRight, isLast: reviewer.guesses >= limit }
      await store.giveBack(reviewer)
      return { isRight, expiresAt: reviewer.expiresAt }
    },
  }
}
