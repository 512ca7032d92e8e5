// The one-time hand-off: how a site or an app asks for a link, and what it gets.

import { z } from 'zod'

/** At most one of the two; without either the link leads to the portal. */
export const request = z
  .strictObject({
    section: z
      .string()
      .regex(/^[a-z][a-z0-9-]{0,40}$/, 'is the name of a section, in lower case')
      .optional(),
    return_to: z.string().optional(),
  })
  .refine(({ section, return_to }) => section === undefined || return_to === undefined, {
    message: 'either section or return_to, not both',
  })

export const answer = z.strictObject({
  /** Good once, for `expires_in` seconds. */
  url: z.url(),
  expires_in: z.int().positive(),
})
