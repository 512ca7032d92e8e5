// Searches while one types; what is searched for stands in the address.

import { useEffect, useState } from 'preact/hooks'

/** A pause this long, in milliseconds, is the end of a word. */
const PAUSE = 250

export function SearchField(props: {
  label: string
  value: string
  onChange(value: string): void
  placeholder?: string
}) {
  const { label, value, onChange } = props
  const [text, setText] = useState(value)
  // As when somebody goes back; a space at the end of what is being typed stays.
  useEffect(() => setText((now) => (now.trim() === value ? now : value)), [value])
  useEffect(() => {
    if (text.trim() === value) return
    const timer = setTimeout(() => onChange(text.trim()), PAUSE)
    return () => clearTimeout(timer)
  }, [text])
  return (
    <search class="search-field">
      <label>
        <span class="unseen">{label}</span>
        <input
          type="search"
          value={text}
          placeholder={props.placeholder ?? label}
          autocomplete="off"
          spellcheck={false}
          onInput={(event) => setText(event.currentTarget.value)}
        />
      </label>
    </search>
  )
}
