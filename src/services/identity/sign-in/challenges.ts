// Challenges: running attempts to prove an address, each with its live codes and what its page shows.

import { type Clock, HOUR } from '../../../shared/clock.ts'
import type { EmailAddress } from '../../../shared/email-address.ts'
import { type Keyring, sha256 } from '../../../shared/secrets.ts'
import type { Attempt, Ephemeral } from '../../../stores/ephemeral.ts'
import type { Organisation } from '../../../stores/organisations.ts'
import type { SignInSettings } from '../limits/settings.ts'
import { digestCode } from './one-time-code.ts'

/** What a page shows about a challenge: its code may have expired meanwhile. The address stands as it was typed. */
export type PendingChallenge = { email: string; resendAt: number; expiresAt: number }

/** Which one: an interaction's uid, in an organisation. */
export type ChallengeId = { organisation: Organisation; challenge: string }

type WithCode = ChallengeId & { email: EmailAddress; code: string }

export type Challenges = {
  /** Makes the code good and remembers what the page shows. The code before stays good until its own end. */
  open(request: WithCode, settings: SignInSettings): Promise<PendingChallenge>
  /** Checks a code: counted, and taken when right, in one atomic step. */
  attempt(request: WithCode): Promise<Attempt>
  /** Ends the challenge; `true` for exactly one of those who end it. */
  take(id: ChallengeId): Promise<boolean>
  pending(id: ChallengeId): Promise<PendingChallenge | undefined>
  /** Its codes die with it. */
  forget(id: ChallengeId): Promise<void>
}

/** As long as the interaction that it belongs to. */
const LIFE = HOUR

export function createChallenges(parts: {
  ephemeral: Ephemeral
  keyring: Keyring
  clock: Clock
}): Challenges {
  const { ephemeral, keyring, clock } = parts
  const keyOf = ({ organisation, challenge }: ChallengeId): string =>
    `challenge:${sha256(`${organisation._id}/${challenge}`)}`

  const digestOf = ({ organisation, challenge, email, code }: WithCode): string =>
    digestCode(keyring, {
      organisation: organisation._id,
      challenge,
      email: email.normalised,
      code,
    })

  return {
    async open(request, settings) {
      const key = keyOf(request)
      const { display } = request.email
      const expiresAt = clock.now() + settings.codeLife
      const record: PendingChallenge = {
        email: display,
        resendAt: clock.now() + settings.resendAfter,
        expiresAt,
      }
      await Promise.all([
        ephemeral.guard(key, {
          digest: digestOf(request),
          digestExpiresAt: expiresAt,
          value: display,
          tries: settings.triesPerChallenge,
          ttl: settings.codeLife,
        }),
        // Longer than the code: "it has expired, send a new one" needs to know where to.
        ephemeral.set(key, JSON.stringify(record), LIFE),
      ])
      return record
    },

    attempt: (request) => ephemeral.attempt(keyOf(request), digestOf(request)),

    async take(id) {
      const key = keyOf(id)
      if ((await ephemeral.take(key)) === undefined) return false
      await ephemeral.delete(key) // the guard too
      return true
    },

    async pending(id) {
      const stored = await ephemeral.get(keyOf(id))
      if (stored === undefined) return undefined
      return JSON.parse(stored) as PendingChallenge // we wrote it, see `open`
    },

    forget: (id) => ephemeral.delete(keyOf(id)),
  }
}
