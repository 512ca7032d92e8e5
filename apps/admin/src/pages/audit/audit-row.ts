// A row of the audit log as the API says it: who did it in words, what changed, and where its target has a page.

import type { adminApi } from '@foyer/contract'
import { others } from '../../state/actors.ts'

export type AuditRow = adminApi.DataOf<typeof adminApi.audit.listAudit>['items'][number]
export type Verification = adminApi.DataOf<typeof adminApi.audit.verifyAudit>

export function actorWords({ actor, actor_name: name }: AuditRow): string {
  return name ?? others[actor] ?? actor
}

export type Change = { field: string; before: string | undefined; after: string | undefined }

export function changesOf({ before, after }: AuditRow): Change[] {
  const fields = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])].sort()
  return fields.map((field) => ({
    field,
    before: text(before?.[field]),
    after: text(after?.[field]),
  }))
}

/** A line for each of several; what has parts of its own as JSON. */
function text(value: unknown): string | undefined {
  if (value === undefined) return undefined
  if (typeof value === 'string') return value
  if (Array.isArray(value)) return value.map(text).join('\n')
  return JSON.stringify(value)
}

/** By the noun of the action; pages of one thing end with a slash. */
const pages: { readonly [noun in string]?: string } = {
  client: '/clients/',
  grant: '/clients/',
  customer: '/customers/',
  account: '/accounts/',
  brand: '/branding',
  policy: '/policies',
  organisation: '/settings',
  registration: '/settings/registration',
  'registration-token': '/settings/registration',
  operator: '/operators',
  'api-key': '/api-keys',
  key: '/keys',
}

/** What is gone has no page. */
const endings = ['removed', 'erased']

/** Below the organisation's address. */
export function targetPage({ action, target }: AuditRow): string | undefined {
  const [noun = '', done = ''] = action.split('.')
  const page = pages[noun]
  if (target === null || page === undefined || endings.includes(done)) return undefined
  return page.endsWith('/') ? `${page}${encodeURIComponent(target)}` : page
}
