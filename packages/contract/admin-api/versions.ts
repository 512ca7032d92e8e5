// What brands and policies share, which are drafted, and published as versions that stay.

import { z } from 'zod'
import { instant } from '../shapes.ts'

/** Of a version: when it was published, and by whom. */
export const published = {
  published_at: instant,
  published_by: z.string().meta({ description: 'As in the audit log.' }),
}

/** Of a request that publishes: an older version in place of the draft, or the draft that was read. */
export const publication = {
  repeats: z.int().min(1).optional(),
  draft_version: z
    .int()
    .min(0)
    .optional()
    .meta({ description: 'The draft that was read: 412 when it has changed since.' }),
}
