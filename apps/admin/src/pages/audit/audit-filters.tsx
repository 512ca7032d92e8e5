// Which rows of the audit log: what was done, by whom, to what, and in which days.

import { auditActions } from '@foyer/contract/audit-actions'
import type { Listed } from '../../api.ts'
import { Field } from '../../kit/field.tsx'
import { SearchField } from '../../kit/search-field.tsx'
import { type Option, Select } from '../../kit/select.tsx'
import { others } from '../../state/actors.ts'
import type { List } from '../../state/list.ts'
import { useOrganisation } from '../../state/operator.ts'
import { useRead } from '../../state/queries.ts'
import type { ApiKey } from '../api-keys/api-key.ts'
import type { Operator } from '../operators/operator.ts'
import { actionWords } from './actions.ts'
import type { AuditRow } from './audit-row.ts'
import { dayAfter, dayOf, startOf } from './days.ts'

export function AuditFilters({ list }: { list: List<AuditRow> }) {
  const { filters, filter } = list
  const { action = '', actor = '', target = '', from = '', to = '' } = filters
  const actors = useActors(actor, list.data?.items ?? [])
  return (
    <div class="tools audit-filters">
      <Select
        name="action"
        label="What"
        value={action}
        options={withChosen(actionOptions, action)}
        onChange={(value) => filter('action', value)}
      />
      <Select
        name="actor"
        label="Who"
        value={actor}
        options={actors}
        onChange={(value) => filter('actor', value)}
      />
      <Field
        name="from"
        label="From"
        type="date"
        value={from && dayOf(from)}
        onChange={(day) => filter('from', day && startOf(day))}
      />
      <Field
        name="to"
        label="To"
        type="date"
        value={to && dayOf(to, -1)}
        onChange={(day) => filter('to', day && startOf(dayAfter(day)))}
      />
      <SearchField
        label="To what"
        placeholder="To what: its id"
        value={target}
        onChange={(value) => filter('target', value)}
      />
    </div>
  )
}

const actionOptions: readonly Option[] = [
  { value: '', label: 'Everything' },
  ...auditActions.map((value) => ({ value, label: actionWords(value) })),
]

/** Operators and keys by their names; who stands in the address is there, too. */
function useActors(chosen: string, rows: readonly AuditRow[]): readonly Option[] {
  const place = useOrganisation()
  const operators = useRead<Listed<Operator>>(place.api('/operators'), { limit: 100 })
  const keys = useRead<Listed<ApiKey>>(place.api('/api-keys'))
  const name = rows.find(({ actor }) => actor === chosen)?.actor_name ?? undefined
  const options = [
    { value: '', label: 'Everybody' },
    ...(operators.data?.items ?? []).map(({ id, email }) => ({ value: id, label: email })),
    ...(keys.data?.items ?? []).map((key) => ({ value: key.id, label: `API key ${key.name}` })),
    ...Object.entries(others).map(([value, label]) => ({ value, label })),
  ]
  return withChosen(options, chosen, name)
}

function withChosen(options: readonly Option[], chosen: string, label = chosen): readonly Option[] {
  const isThere = options.some(({ value }) => value === chosen)
  return isThere ? options : [...options, { value: chosen, label }]
}
