// Shapes that messages share: instants, lists in pages, and refusals.

import { z } from 'zod'

export const instant = z.iso
  .datetime()
  .meta({ description: 'An instant in UTC, ISO 8601.', examples: ['2026-11-21T09:30:00.000Z'] })

export const pageOf = <Item extends z.ZodType>(item: Item) =>
  z.object({
    items: z.array(item),
    next_cursor: z
      .string()
      .nullable()
      .meta({ description: 'Pass it as `cursor` for the next page; null on the last one.' }),
  })

const PAGE_LIMIT = { default: 20, max: 100 }

/** The query of a list, as strings from the address; anything unknown is refused. */
export const pageQuery = z.strictObject({
  limit: z
    .string()
    .regex(/^\d{1,3}$/)
    .transform(Number)
    .pipe(z.int().min(1).max(PAGE_LIMIT.max))
    .default(PAGE_LIMIT.default)
    .meta({
      // What the text has to be, which is more than that it is text.
      override: ({ jsonSchema }) => {
        delete jsonSchema.pattern
        const { max: maximum, default: usual } = PAGE_LIMIT
        Object.assign(jsonSchema, { type: 'integer', minimum: 1, maximum, default: usual })
      },
    }),
  cursor: z
    .string()
    .max(1000)
    .optional()
    .meta({ description: '`next_cursor` of the page before.' }),
})

export const failure = z
  .object({
    success: z.literal(false),
    error: z.string().meta({ description: 'A sentence for people.' }),
    code: z.string().optional().meta({ description: 'Stable, for programs. Left out of a 401.' }),
    details: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  })
  .meta({ id: 'Failure' })
