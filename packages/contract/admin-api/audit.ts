// The audit log in the Admin API: who did what, to what, from where and when, and whether the log is whole.

import { z } from 'zod'
import { auditActions } from '../audit-actions.ts'
import { instant, pageOf, pageQuery } from '../shapes.ts'
import { operation } from './operation.ts'

const TAG = 'Audit'
const PATH = '/organisations/{slug}/audit'

const fields = z.record(z.string(), z.unknown())

export const auditRow = z
  .object({
    id: z.string(),
    at: instant,
    action: z.string().meta({ examples: [...auditActions] }),
    actor: z.string().meta({
      description: 'Who did it: an operator, API key or account by id, `command-line`, `system`.',
    }),
    actor_name: z.string().nullable().meta({
      description:
        'The address of the operator, or the name of the key, for those who may read them; null once they are gone.',
    }),
    target: z.string().nullable(),
    source: z.string().nullable().meta({ description: 'The address that the request came from.' }),
    request: z.string().nullable(),
    before: fields.nullable().meta({ description: 'What changed, as it was.' }),
    after: fields.nullable().meta({ description: 'What changed, as it is.' }),
    sequence: z.int().nullable().meta({ description: 'Its place in the chain; null for seconds.' }),
    hash: z.string().nullable(),
  })
  .meta({ id: 'AuditRow' })

const text = z.string().min(1).max(200).optional()
const when = z.iso.datetime({ offset: true }).optional()

const filter = {
  action: text.meta({ description: 'Exactly this one; `AuditRow` has them all.' }),
  actor: text.meta({ description: 'The id of who did it.' }),
  target: text.meta({ description: 'The id of what it was done to.' }),
  from: when.meta({ description: 'From this instant on.' }),
  to: when.meta({ description: 'Before this instant.' }),
}

export const listAudit = operation({
  id: 'listAudit',
  method: 'GET',
  path: PATH,
  tag: TAG,
  summary: 'Read the audit log',
  description: 'The newest rows first.',
  needs: ['read', 'audit'],
  query: pageQuery.extend(filter),
  answer: pageOf(auditRow),
})

export const exportAudit = operation({
  id: 'exportAudit',
  method: 'GET',
  path: '/organisations/{slug}/audit.csv',
  tag: TAG,
  summary: 'Take the audit log elsewhere',
  description:
    "The oldest rows first. What a spreadsheet would take for a formula begins with `'`.",
  needs: ['read', 'audit'],
  query: z.strictObject(filter),
  answer: z.string(),
  produces: 'text/csv',
})

export const verifyAudit = operation({
  id: 'verifyAudit',
  method: 'GET',
  path: `${PATH}/verification`,
  tag: TAG,
  summary: 'Verify the audit log',
  description: 'Reads the whole chain: whether a row was altered, removed or put in.',
  needs: ['read', 'audit'],
  query: z.strictObject({
    head: z
      .string()
      .regex(/^\d{1,15}:[\w-]{43}$/)
      .optional()
      .meta({ description: 'A head that was kept, as `sequence:hash`: it must be in the chain.' }),
  }),
  answer: z
    .object({
      outcome: z.enum(['whole', 'broken']),
      rows: z.int().meta({ description: 'How many hold together, from the first.' }),
      head: z.object({ sequence: z.int(), hash: z.string() }).nullable(),
      broken: z
        .object({
          sequence: z.int(),
          what: z.enum(['altered', 'removed', 'inserted', 'end altered', 'not the kept one']),
        })
        .nullable(),
      unsealed: z.int().meta({ description: 'Rows of the last seconds.' }),
      older: z.int().meta({ description: 'Rows from before there was a chain.' }),
    })
    .meta({ id: 'AuditVerification' }),
})
