// A field for text, with its label, a hint, and what is wrong with what was entered.

import { type Around, idOf, Labelled, tiesOf } from './labelled.tsx'

export function Field(
  props: Around & {
    value: string
    onChange(value: string): void
    onBlur?: () => void
    type?: 'text' | 'email' | 'url' | 'number' | 'date' | 'datetime-local'
    /** More than one line. */
    lines?: number
    placeholder?: string
    autocomplete?: string
    /** Identifiers and addresses: typed as they are, and shown in the typeface of code. */
    isCode?: boolean
    isReadOnly?: boolean
    maxLength?: number
  },
) {
  const { name, value, onChange, onBlur, type = 'text', lines, isCode = false } = props
  const shared = {
    id: idOf(name),
    name,
    value,
    class: isCode ? 'code' : undefined,
    placeholder: props.placeholder,
    autocomplete: props.autocomplete ?? 'off',
    spellcheck: !isCode,
    autocapitalize: isCode ? ('none' as const) : undefined,
    readOnly: props.isReadOnly,
    maxLength: props.maxLength,
    onBlur,
    ...tiesOf(props),
  }
  return (
    <Labelled {...props}>
      {lines === undefined ? (
        <input
          {...shared}
          type={type as 'text'} // all of them take and give text, which the library's types cannot say at once
          onInput={(event) => onChange(event.currentTarget.value)}
        />
      ) : (
        <textarea
          {...shared}
          rows={lines}
          onInput={(event) => onChange(event.currentTarget.value)}
        />
      )}
    </Labelled>
  )
}
