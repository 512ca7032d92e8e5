// Something was changed and is not saved yet: save it, or discard it. Leaving asks first.

import { useEffect, useRef } from 'preact/hooks'
import { useUnsaved } from '../state/unsaved.ts'
import { Button } from './button.tsx'

/** Inside of the form that it saves. */
export function UnsavedBar({
  form,
}: {
  form: { isChanged: boolean; isSaving: boolean; reset(): void }
}) {
  const { isChanged, isSaving, reset } = form
  useUnsaved(isChanged)
  const wasShown = useRef(false)
  useEffect(() => {
    // Its buttons are gone, and with them the focus that one of them had.
    if (wasShown.current && !isChanged && document.activeElement === document.body)
      document.querySelector('h1')?.focus({ preventScroll: true })
    wasShown.current = isChanged
  }, [isChanged])
  return (
    <div class="unsaved-place" aria-live="polite">
      {(isChanged || isSaving) && (
        <div class="unsaved-bar">
          <p>{isSaving ? 'Saving your changes …' : 'You have changes that are not saved.'}</p>
          <div class="actions">
            <Button look="quiet" isDisabled={isSaving} onClick={reset}>
              Discard
            </Button>
            <Button look="primary" type="submit" isBusy={isSaving} busyLabel="Saving …">
              Save
            </Button>
          </div>
        </div>
      )}
    </div>
  )
}
