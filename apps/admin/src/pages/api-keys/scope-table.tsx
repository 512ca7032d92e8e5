// Chooses scopes: a row for each noun, reading and writing beside each other.

import { type Around, Hint, idOf, ProblemOf, tiesOf } from '../../kit/labelled.tsx'
import { isUseful, scopeRows } from './scopes.ts'

export function ScopeTable(
  props: Around & {
    value: readonly string[]
    /** What is beyond it cannot be chosen. */
    role: string
    onChange(value: readonly string[]): void
    onBlur?: () => void
  },
) {
  const { name, label, value, role, onChange, onBlur } = props
  const { 'aria-describedby': describedBy } = tiesOf(props)
  const toggle = (scope: string, isOn: boolean): void =>
    onChange(isOn ? [...value, scope] : value.filter((each) => each !== scope))
  const check = (scope: string, what: string) => (
    <label class="scope">
      <input
        type="checkbox"
        aria-label={what}
        checked={value.includes(scope) && isUseful(scope, role)}
        disabled={!isUseful(scope, role)}
        onBlur={onBlur}
        onChange={(event) => toggle(scope, event.currentTarget.checked)}
      />
    </label>
  )
  return (
    <fieldset class="field" id={idOf(name)} tabIndex={-1} aria-describedby={describedBy}>
      <legend>{label}</legend>
      <Hint {...props} />
      <table class="table plain scopes">
        <caption class="unseen">{label}</caption>
        <thead>
          <tr>
            <th scope="col">What</th>
            <th scope="col">Read</th>
            <th scope="col">Write</th>
          </tr>
        </thead>
        <tbody>
          {scopeRows.map(({ title, read, write }) => (
            <tr key={read.scope}>
              <th scope="row">{title}</th>
              <td>{check(read.scope, `${title}: read`)}</td>
              <td>{write ? check(write.scope, `${title}: write`) : null}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <ProblemOf {...props} />
    </fieldset>
  )
}
