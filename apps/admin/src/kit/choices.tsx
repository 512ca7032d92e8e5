// One of a few, or some of them, each with a sentence that says what it means.

import type { ComponentChildren } from 'preact'
import { type Around, Hint, idOf, ProblemOf, tiesOf } from './labelled.tsx'

export type Choice = {
  value: string
  label: string
  detail?: ComponentChildren
  isDisabled?: boolean
}

type Shared = Around & { choices: readonly Choice[]; onBlur?: () => void }

/** One of them: cards, where the arrow keys choose. */
export function Choices(props: Shared & { value: string; onChange(value: string): void }) {
  return (
    <Group
      {...props}
      type="radio"
      isChosen={(value) => value === props.value}
      onChoose={props.onChange}
    />
  )
}

/** Any of them. */
export function Checks(
  props: Shared & { value: readonly string[]; onChange(value: readonly string[]): void },
) {
  const { value: chosen, onChange } = props
  const toggle = (value: string, isOn: boolean): void =>
    onChange(isOn ? [...chosen, value] : chosen.filter((each) => each !== value))
  return (
    <Group
      {...props}
      type="checkbox"
      isChosen={(each) => chosen.includes(each)}
      onChoose={toggle}
    />
  )
}

function Group(
  props: Shared & {
    type: 'radio' | 'checkbox'
    isChosen(value: string): boolean
    onChoose(value: string, isOn: boolean): void
  },
) {
  const { name, label, choices, type, isChosen, onChoose, onBlur } = props
  const { 'aria-describedby': describedBy } = tiesOf(props)
  return (
    <fieldset class="field" id={idOf(name)} tabIndex={-1} aria-describedby={describedBy}>
      <legend>{label}</legend>
      <Hint {...props} />
      <div class={type === 'radio' ? 'cards' : 'checks'}>
        {choices.map(({ value, label: title, detail, isDisabled }) => (
          <label key={value} class="choice">
            <input
              type={type}
              name={name}
              value={value}
              checked={isChosen(value)}
              disabled={isDisabled}
              onBlur={onBlur}
              onChange={(event) => onChoose(value, event.currentTarget.checked)}
            />
            <span>
              <span class="title">{title}</span>
              {detail && <span class="detail">{detail}</span>}
            </span>
          </label>
        ))}
      </div>
      <ProblemOf {...props} />
    </fieldset>
  )
}
