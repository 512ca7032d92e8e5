// Somebody else changed what is being edited: theirs, or one's own.

import { useLayoutEffect, useRef } from 'preact/hooks'
import { Button } from './button.tsx'

/** In a form, above its fields. */
export function Behind({
  edit: { form, isBehind, wasRefused, keepMine },
  what = 'this',
}: {
  edit: { form: { reset(): void }; isBehind: boolean; wasRefused: boolean; keepMine(): void }
  what?: string
}) {
  const place = useRef<HTMLDivElement>(null)
  // Who has just pressed "Save" is told here why nothing was saved, wherever that button stands.
  useLayoutEffect(() => {
    if (isBehind && wasRefused) place.current?.focus()
  }, [isBehind, wasRefused])
  if (!isBehind) return null
  return (
    <div ref={place} class="note warn" role="status" tabIndex={-1}>
      <p>
        <strong>Somebody else has changed {what} while you were at it.</strong> Discard your changes
        to see theirs, or keep yours: saving then replaces what they wrote.
      </p>
      <div class="actions">
        <Button onClick={keepMine}>Keep mine</Button>
        <Button look="quiet" onClick={form.reset}>
          Show theirs
        </Button>
      </div>
    </div>
  )
}
