// One of several, in the browser's own list.

import { type Around, idOf, Labelled, tiesOf } from './labelled.tsx'

export type Option = { value: string; label: string }

export function Select(
  props: Around & {
    value: string
    onChange(value: string): void
    onBlur?: () => void
    options: readonly Option[]
  },
) {
  const { name, value, onChange, onBlur, options } = props
  return (
    <Labelled {...props}>
      <select
        id={idOf(name)}
        name={name}
        value={value}
        onBlur={onBlur}
        onChange={(event) => onChange(event.currentTarget.value)}
        {...tiesOf(props)}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </Labelled>
  )
}
