// Hosts of organisations, joined to the DNS: the same for the server and the command line.

import { Resolver } from 'node:dns/promises'
import type { Config } from '../config.ts'
import type { Audit } from '../services/audit/audit.ts'
import { createDomains, type Domains } from '../services/organisations/domains.ts'
import { hostProof } from '../services/organisations/host-proof.ts'
import type { Organisations } from '../services/organisations/organisations.ts'
import type { Keyring } from '../shared/secrets.ts'

/** Milliseconds for each try: whoever looks at a page waits for it. */
const PATIENCE = { timeout: 2000, tries: 2 }

export function composeDomains(parts: {
  config: Config
  keyring: Keyring
  organisations: Organisations
  audit: Audit
}): Domains {
  const { config, keyring, organisations, audit } = parts
  const resolver = new Resolver(PATIENCE)
  const { baseUrl, isProduction } = config
  return createDomains({
    proof: hostProof({
      baseUrl,
      isProduction,
      keyring,
      resolveTxt: (name) => resolver.resolveTxt(name),
    }),
    organisations,
    audit: audit.record,
  })
}
