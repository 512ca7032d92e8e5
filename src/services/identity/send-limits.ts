// How many codes are sent: per address, per source and per organisation.

import { type Clock, DAY, HOUR, MINUTE, SECOND } from '../../shared/clock.ts'
import type { Log } from '../../shared/log.ts'
import { type Keyring, sha256 } from '../../shared/secrets.ts'
import type { Ephemeral } from '../../stores/ephemeral.ts'
import type { SignInSettings } from './settings.ts'

export type SendLimits = {
  /** Counts a request of a source address; says for how many seconds it must wait when it asked too often. */
  countSource(
    organisation: string,
    source: string,
    settings: SignInSettings,
  ): Promise<{ retryAfter: number } | undefined>
  /** Counts a mail to the address, tags dropped; `false` when it is one too many and must not be sent. */
  allowsMail(organisation: string, baseAddress: string, settings: SignInSettings): Promise<boolean>
}

export function createSendLimits(parts: {
  ephemeral: Ephemeral
  keyring: Keyring
  clock: Clock
  log: Log
}): SendLimits {
  const { ephemeral, keyring, clock, log } = parts

  return {
    async countSource(organisation, source, settings) {
      const key = `sends:source:${organisation}:${sha256(source)}`
      const counter = await ephemeral.increment(key, 10 * MINUTE)
      if (counter.count <= settings.sendsPerSource) return undefined
      return { retryAfter: Math.max(1, Math.ceil((counter.resetsAt - clock.now()) / SECOND)) }
    },

    async allowsMail(organisation, baseAddress, settings) {
      const address = keyring.digest('address', organisation, baseAddress)
      const limits: readonly [key: string, window: number, limit: number][] = [
        [`sends:10m:${address}`, 10 * MINUTE, settings.sendsPer10Minutes],
        [`sends:hour:${address}`, HOUR, settings.sendsPerHour],
        [`sends:day:${address}`, DAY, settings.sendsPerDay],
        [`sends:organisation:${organisation}`, HOUR, settings.sendsPerOrganisation],
      ]
      const counts = await Promise.all(
        limits.map(([key, window]) => ephemeral.increment(key, window)),
      )
      const spent = limits.filter(([, , limit], index) => (counts[index]?.count ?? 0) > limit)
      const organisationLimit = settings.sendsPerOrganisation
      if (counts.at(-1)?.count === organisationLimit + 1)
        log.error(
          { organisation, limit: organisationLimit },
          'the hourly ceiling of mails is reached',
        )
      return spent.length === 0
    },
  }
}
