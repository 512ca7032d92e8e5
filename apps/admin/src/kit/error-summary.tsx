// Everything that is wrong with a form, at its top, with links to the fields; it takes the focus when it comes.

import { useLayoutEffect, useRef } from 'preact/hooks'
import { ApiError } from '../api.ts'
import type { Problem } from '../state/form.ts'
import { sentenceOf } from './fault.tsx'
import { idOf } from './labelled.tsx'

/** At its field "This is taken." is clear; from afar it has to say what. */
function fromAfar({ name, message }: Problem): string {
  const label = document.querySelector(`label[for="${idOf(name)}"]`)?.firstChild?.textContent
  return label ? message.replace(/^This(?= (is|are|must|needs|has|may|can) )/, label) : message
}

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
          {problems.map((problem) => (
            <li key={problem.name}>
              <a
                class="to-field"
                href={`#${idOf(problem.name)}`}
                onClick={(event) => goTo(event, problem.name)}
              >
                {fromAfar(problem)}
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
