// The file of an installation, as `foyer export` writes it and `foyer apply` reads it: the Admin API's own shapes.

import { z } from 'zod'
import { roles } from './admin-api/access.ts'
import { saveBrandDraft } from './admin-api/brand.ts'
import { createClient } from './admin-api/clients.ts'
import { updateOrganisation } from './admin-api/organisations.ts'
import { updateRegistration } from './admin-api/registration.ts'

const language = z.enum(['en', 'de', 'ar'])
const texts = z.partialRecord(language, z.string())

export const clientEntry = createClient.body.extend({
  id: z.string().optional().meta({ description: 'Without one it is found by its name.' }),
  disabled: z.boolean().optional(),
})

export const organisationEntry = updateOrganisation.body.extend({
  slug: z.string(),
  settings: z
    .record(z.string(), z.number())
    .optional()
    .meta({ description: 'Those that differ from their defaults; times in seconds.' }),
  brand: saveBrandDraft.body.optional().meta({ description: 'Published at once.' }),
  policies: z
    .partialRecord(z.enum(['terms', 'privacy', 'refund']), texts)
    .optional()
    .meta({ description: 'Markdown by language. Another text is another version.' }),
  asks_acceptance: z.array(z.enum(['terms', 'privacy'])).optional(),
  registration: updateRegistration.body.optional(),
  operators: z
    .array(z.strictObject({ email: z.string(), role: z.enum(roles) }))
    .optional()
    .meta({ description: 'Who is none yet is invited.' }),
  clients: z.array(clientEntry).optional(),
})

export const configuration = z.strictObject({
  foyer: z.literal(1).meta({ description: 'The version of this format.' }),
  organisations: z.array(organisationEntry),
})

export type Configuration = z.infer<typeof configuration>
export type OrganisationEntry = z.infer<typeof organisationEntry>
export type ClientEntry = z.infer<typeof clientEntry>
