// Denials from the command line: beside a running server, on its documents alone.

import { createDenials, type Denials } from '../services/identity/sessions/denials.ts'
import type { Clock } from '../shared/clock.ts'
import type { Log } from '../shared/log.ts'
import { createDenialStore } from '../stores/denials.ts'
import type { Documents } from '../stores/documents.ts'

/** Servers look at the documents within two seconds: nobody has to be told. */
const nobody = async (): Promise<void> => {}

export function composeDenials(ground: { documents: Documents; clock: Clock; log: Log }): Denials {
  const { documents, clock, log } = ground
  const store = createDenialStore(documents)
  return createDenials({ store, announce: nobody, listen: nobody, clock, log })
}
