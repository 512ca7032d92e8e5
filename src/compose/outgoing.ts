// Where this installation's own requests may go, as its configuration says, and whether somebody is there.

import { createOutgoingFetch } from '../../adapters/outgoing/fetch.ts'
import type { Config } from '../config.ts'
import { type Clock, MINUTE } from '../shared/clock.ts'
import { createFreshCache } from '../shared/fresh-cache.ts'
import { isLoopbackHost, type OutgoingRules } from '../shared/outgoing.ts'

export function outgoingRules({ baseUrl, isProduction, privateHosts }: Config): OutgoingRules {
  return {
    privateHosts,
    // Applications under development run beside the server; elsewhere nothing leads back to this machine.
    allowLoopback: !isProduction && isLoopbackHost(new URL(baseUrl).hostname),
    allowPlainHttp: baseUrl.startsWith('http:'),
  }
}

/** Asked while somebody types: the same address is looked at once a minute. */
export function createReachability(config: Config, clock: Clock) {
  const outgoing = createOutgoingFetch({ rules: outgoingRules(config) })
  const known = createFreshCache<{ problem: string | undefined }>({
    clock,
    life: MINUTE,
    size: 500,
  })

  /** Why nothing answers at the address, in words for the operator; whatever answers is there. */
  return async (uri: string): Promise<string | undefined> => {
    const found = known.get(uri)
    if (found) return found.problem
    const problem = await outgoing(uri, { method: 'HEAD' }).then(
      () => undefined,
      (error: Error) => `cannot be reached just now: ${error.message}`,
    )
    known.set(uri, { problem })
    return problem
  }
}
