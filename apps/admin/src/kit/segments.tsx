// One of two or three, side by side: how something is shown.

export function Segments<Value extends string>(props: {
  name: string
  label: string
  value: Value
  choices: readonly { value: Value; label: string }[]
  onChange(value: NoInfer<Value>): void
}) {
  const { name, label, value: chosen, choices, onChange } = props
  return (
    <fieldset class="segments">
      <legend class="unseen">{label}</legend>
      {choices.map(({ value, label: words }) => (
        <label key={value}>
          <input
            type="radio"
            name={name}
            value={value}
            checked={value === chosen}
            onChange={() => onChange(value)}
          />
          {words}
        </label>
      ))}
    </fieldset>
  )
}
