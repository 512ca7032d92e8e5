// A colour: picked in the browser's own way or written in digits, and whether what has it can be read.

import { Button } from '../../kit/button.tsx'
import { type Around, idOf, Labelled, tiesOf } from '../../kit/labelled.tsx'
import { type Check, hexOf } from './brand.ts'

export function ColourField(
  props: Around & {
    value: string
    onChange(value: string): void
    onBlur(): void
    /** What it is when it is left empty. */
    followed: string
    check: Check | undefined
  },
) {
  const { name, label, value, onChange, onBlur, followed, check } = props
  const isEmpty = value.trim() === ''
  const ties = tiesOf(props)
  const verdict = `${idOf(name)}-verdict`
  if (check) ties['aria-describedby'] = `${ties['aria-describedby'] ?? ''} ${verdict}`.trim()
  return (
    <Labelled {...props}>
      <div class="colour">
        <input
          type="color"
          aria-label={`${label}: pick a colour`}
          value={hexOf(value) || followed}
          onInput={(event) => onChange(event.currentTarget.value)}
        />
        <input
          id={idOf(name)}
          name={name}
          class="code"
          value={value}
          placeholder={isEmpty ? followed : undefined}
          maxLength={9}
          autocomplete="off"
          spellcheck={false}
          onInput={(event) => onChange(event.currentTarget.value)}
          onBlur={onBlur}
          {...ties}
        />
      </div>
      {check && <Verdict id={verdict} label={label} check={check} onTake={onChange} />}
    </Labelled>
  )
}

const surfaces = { background: 'the background', accent: 'the button' }

function Verdict(props: { id: string; label: string; check: Check; onTake(colour: string): void }) {
  const { id, label, check, onTake } = props
  const { passes, ratio, on, suggestion } = check
  return (
    <div class="verdict" aria-live="polite">
      {passes ? (
        <p class="good" id={id}>
          {ratio}:1 on {surfaces[on]}: reads well
        </p>
      ) : (
        <>
          <p class="bad" id={id}>
            {ratio}:1 on {surfaces[on]}: too faint, 4.5:1 is needed
          </p>
          <Button label={`${label}: use ${suggestion}`} onClick={() => onTake(suggestion)}>
            <Chip colour={suggestion} /> Use {suggestion}
          </Button>
        </>
      )}
    </div>
  )
}

/** A dot of a colour. */
export function Chip({ colour }: { colour: string }) {
  return (
    <svg class="chip" viewBox="0 0 16 16" aria-hidden="true">
      <circle cx="8" cy="8" r="7.5" fill={colour} />
    </svg>
  )
}
