// Brands joined to their store and to what draws pictures: the same for the server and the command line.

import { createPictures } from '../../adapters/images/pictures.ts'
import { createAudit } from '../services/organisations/audit.ts'
import { type Brands, createBrands } from '../services/organisations/brands.ts'
import type { Organisations } from '../services/organisations/organisations.ts'
import type { Clock } from '../shared/clock.ts'
import type { Log } from '../shared/log.ts'
import { createAuditStore } from '../stores/audit.ts'
import { createBrandStore } from '../stores/brands.ts'
import type { Documents } from '../stores/documents.ts'

export function composeBrands(
  { documents, clock, log }: { documents: Documents; clock: Clock; log: Log },
  organisations: Organisations,
): Brands {
  return createBrands({
    store: createBrandStore(documents),
    organisations,
    makeReady: createPictures({ log }),
    audit: createAudit({ store: createAuditStore(documents), clock }).record,
    clock,
  })
}
