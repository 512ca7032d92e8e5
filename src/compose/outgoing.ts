// Where this installation's own requests may go, as its configuration says.

import type { Config } from '../config.ts'
import { isLoopbackHost, type OutgoingRules } from '../shared/outgoing.ts'

export function outgoingRules({ baseUrl, isProduction, privateHosts }: Config): OutgoingRules {
  return {
    privateHosts,
    // Applications under development run beside the server; elsewhere nothing leads back to this machine.
    allowLoopback: !isProduction && isLoopbackHost(new URL(baseUrl).hostname),
    allowPlainHttp: baseUrl.startsWith('http:'),
  }
}
