// Everything that is wrong with a form, at its top, with links to the fields; it takes the focus when it comes.

import { useLayoutEffect, useRef } from 'preact/hooks'
import { ApiError } from '../api.ts'
import type { Problem } from '../state/form.ts'
import { sentenceOf } from './fault.tsx'
import { idOf } from './labelled.tsx'

export function ErrorSummary({
  form,
}: {
  form: {
    problems: readonly Problem[]
    error: Error | undefined
    refusals: number
    isSaving: boolean
  }
}) {
  const { problems, error, refusals, isSaving } = form
  const place = useRef<HTMLDivElement>(null)
  // At once: a moment later it would take the focus from a field that somebody has gone to.
  useLayoutEffect(() => {
    if (refusals > 0) place.current?.focus()
  }, [refusals])
  if (refusals === 0 || isSaving || (problems.length === 0 && !error)) return null
  const goTo = (event: Event, name: string): void => {
    event.preventDefault()
    const control = document.getElementById(idOf(name))
    control?.focus()
    control?.scrollIntoView({ block: 'center' })
  }
  const requestId = error instanceof ApiError ? error.requestId : undefined
  return (
    <div ref={place} class="fault summary" role="alert" tabIndex={-1}>
      <p>{error ? sentenceOf(error) : 'Please look at this again:'}</p>
      {problems.length > 0 && (
        <ul>
          {problems.map(({ name, message }) => (
            <li key={name}>
              <a class="to-field" href={`#${idOf(name)}`} onClick={(event) => goTo(event, name)}>
                {message}
              </a>
            </li>
          ))}
        </ul>
      )}
      {error && requestId && (
        <p class="small">
          Request id: <code>{requestId}</code>
        </p>
      )}
    </div>
  )
}
