// All that a row of the audit log says: the ids, from where, what changed, and its place in the chain.

import { type Fact, Facts } from '../../kit/facts.tsx'
import { useOrganisation } from '../../state/operator.ts'
import { type AuditRow, actorWords, changesOf, targetPage } from './audit-row.ts'

export function AuditDetail({ row }: { row: AuditRow }) {
  const place = useOrganisation()
  const page = targetPage(row)
  const only = (filter: 'actor' | 'target' | 'action', value: string): string =>
    place.href(`/audit?${new URLSearchParams({ [filter]: value })}`)
  return (
    <div class="audit-detail">
      <Changes row={row} />
      <Facts facts={factsOf(row)} />
      <p class="small links">
        {page !== undefined && <a href={place.href(page)}>Go to what it was done to</a>}
        {row.target !== null && (
          <a href={only('target', row.target)}>Everything that was done to it</a>
        )}
        <a href={only('actor', row.actor)}>Everything by {actorWords(row)}</a>
        <a href={only('action', row.action)}>Everything of this kind</a>
      </p>
    </div>
  )
}

function factsOf(row: AuditRow): Fact[] {
  const { source, request, target, sequence, hash } = row
  return [
    { name: 'Action', value: row.action, copy: row.action },
    { name: 'Exactly at', value: row.at, copy: row.at, copied: 'time' },
    { name: 'Who', value: row.actor, copy: row.actor, copied: 'id of who did it' },
    ...(target === null
      ? []
      : [{ name: 'To what', value: target, copy: target, copied: 'id of what it was done to' }]),
    ...(source === null ? [] : [{ name: 'From address', value: source, copy: source }]),
    ...(request === null ? [] : [{ name: 'Request id', value: request, copy: request }]),
    {
      name: 'In the chain',
      value: sequence === null ? 'Not yet, or from before there was one' : `Row ${sequence}`,
    },
    ...(hash === null ? [] : [{ name: 'Hash', value: hash, copy: hash }]),
  ]
}

function Changes({ row }: { row: AuditRow }) {
  const changes = changesOf(row)
  if (changes.length === 0) return null
  return (
    <table class="table plain changes">
      <caption class="unseen">What changed</caption>
      <thead>
        <tr>
          <th scope="col">Field</th>
          <th scope="col">Before</th>
          <th scope="col">After</th>
        </tr>
      </thead>
      <tbody>
        {changes.map(({ field, before, after }) => (
          <tr key={field}>
            <th scope="row">
              <code>{field}</code>
            </th>
            <td data-title="Before">
              <Value text={before} />
            </td>
            <td data-title="After">
              <Value text={after} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Value({ text }: { text: string | undefined }) {
  return text === undefined ? <span class="soft">—</span> : <code>{text}</code>
}
