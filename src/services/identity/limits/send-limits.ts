// How many codes are sent: per address, per source and per organisation.

import { type Clock, DAY, HOUR, MINUTE, SECOND } from '../../../shared/clock.ts'
import type { Log } from '../../../shared/log.ts'
import { type Keyring, sha256 } from '../../../shared/secrets.ts'
import { sourceOf } from '../../../shared/source.ts'
import type { Ephemeral } from '../../../stores/ephemeral.ts'
import type { SignInSettings } from './settings.ts'

export type SendLimits = {
  /** Counts a request of a source address; says for how many seconds it must wait when it asked too often. */
  countSource(
    organisation: string,
    source: string,
    settings: SignInSettings,
  ): Promise<{ retryAfter: number } | undefined>
  /** Counts a mail, unless it is one too many: then `false`, and it must not be sent. */
  allowsMail(mail: MailRequest, settings: SignInSettings): Promise<boolean>
}

export type MailRequest = {
  organisation: string
  /** The address without its tag. */
  base: string
  /** Asked for by a browser that has proven the address. */
  isKnown: boolean
}

export function createSendLimits(parts: {
  ephemeral: Ephemeral
  keyring: Keyring
  clock: Clock
  log: Log
  /** The organisation's ceiling is reached: told once an hour. */
  onCeiling(organisation: string): Promise<void>
}): SendLimits {
  const { ephemeral, keyring, clock, log } = parts

  /** The windows in one trip. What one of them refuses is not sent, and uses up none of them. */
  async function isWithin(
    limits: readonly [key: string, window: number, limit: number][],
  ): Promise<boolean> {
    const counted = await Promise.all(
      limits.map(async ([key, window, limit]) => {
        const { count, resetsAt } = await ephemeral.increment(key, window)
        return { key, resetsAt, isSpent: count > limit }
      }),
    )
    if (!counted.some(({ isSpent }) => isSpent)) return true
    await Promise.all(counted.map(({ key, resetsAt }) => ephemeral.takeBack(key, resetsAt)))
    return false
  }

  async function allowsAddress(
    { organisation, base, isKnown }: MailRequest,
    settings: SignInSettings,
  ): Promise<boolean> {
    const address = keyring.digest('address', organisation, base)
    const limits: readonly [key: string, window: number, limit: number][] = [
      [`sends:10m:${address}`, 10 * MINUTE, settings.sendsPer10Minutes],
      [`sends:hour:${address}`, HOUR, settings.sendsPerHour],
      [`sends:day:${address}`, DAY, settings.sendsPerDay],
    ]
    if (await isWithin(limits)) return true
    if (!isKnown) return false
    // Strangers cannot keep the owner from codes by asking for all that an address gets.
    const { count } = await ephemeral.increment(`sends:known:${address}`, DAY)
    return count <= settings.sendsToKnownBrowsers
  }

  return {
    async countSource(organisation, source, settings) {
      const key = `sends:source:${organisation}:${sha256(sourceOf(source))}`
      const counter = await ephemeral.increment(key, 10 * MINUTE)
      if (counter.count <= settings.sendsPerSource) return undefined
      return { retryAfter: Math.max(1, Math.ceil((counter.resetsAt - clock.now()) / SECOND)) }
    },

    async allowsMail(mail, settings) {
      const { organisation } = mail
      if (!(await allowsAddress(mail, settings))) return false
      // What is not sent anyway does not use up what others may need.
      const { count } = await ephemeral.increment(`sends:organisation:${organisation}`, HOUR)
      const limit = settings.sendsPerOrganisation
      if (count === limit + 1) {
        log.error({ organisation, limit }, 'the hourly ceiling of mails is reached')
        await parts.onCeiling(organisation)
      }
      return count <= limit
    },
  }
}
