// On or off.

import { type Around, Hint, idOf, ProblemOf, tiesOf } from './labelled.tsx'

export function Switch(
  props: Around & {
    value: boolean
    onChange(value: boolean): void
    onBlur?: () => void
    isDisabled?: boolean
  },
) {
  const { name, label, value, onChange, isDisabled = false } = props
  return (
    <div class="switch">
      <div>
        <label for={idOf(name)}>{label}</label>
        <Hint {...props} />
        <ProblemOf {...props} />
      </div>
      <input
        type="checkbox"
        role="switch"
        id={idOf(name)}
        name={name}
        checked={value}
        aria-checked={value}
        disabled={isDisabled}
        onChange={(event) => onChange(event.currentTarget.checked)}
        {...tiesOf(props)}
      />
    </div>
  )
}
