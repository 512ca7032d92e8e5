// What stands around every control: its label, a hint, and what is wrong with it.

import type { ComponentChildren } from 'preact'

export type Around = {
  name: string
  label: string
  hint?: ComponentChildren
  problem?: string | undefined
  /** Said beside the label, since most fields have to be filled in. */
  isOptional?: boolean
}

export function idOf(name: string): string {
  return `field-${name}`
}

/** The attributes that tie a control to its hint and its problem. */
export function tiesOf({ name, hint, problem }: Around) {
  const ties = [hint && `${idOf(name)}-hint`, problem && `${idOf(name)}-problem`].filter(Boolean)
  return {
    'aria-describedby': ties.length > 0 ? ties.join(' ') : undefined,
    'aria-invalid': problem === undefined ? undefined : ('true' as const),
  }
}

export function Labelled(props: Around & { children: ComponentChildren }) {
  const { name, label, isOptional } = props
  return (
    <div class="field">
      <label for={idOf(name)}>
        {label}
        {isOptional && <span class="optional"> (optional)</span>}
      </label>
      <Hint {...props} />
      {props.children}
      <ProblemOf {...props} />
    </div>
  )
}

export function Hint({ name, hint }: Around) {
  if (!hint) return null
  return (
    <p class="hint" id={`${idOf(name)}-hint`}>
      {hint}
    </p>
  )
}

/** The place is there before there is a problem: only then is it read out when it comes. */
export function ProblemOf({ name, problem }: Around) {
  return (
    <div aria-live="polite">
      {problem !== undefined && (
        <p class="problem" id={`${idOf(name)}-problem`}>
          {problem}
        </p>
      )}
    </div>
  )
}
