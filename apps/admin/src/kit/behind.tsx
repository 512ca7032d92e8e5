// Somebody else changed what is being edited: theirs, or one's own.

import { Button } from './button.tsx'

/** In a form, above its fields. */
export function Behind({
  edit: { form, isBehind, keepMine },
  what = 'this',
}: {
  edit: { form: { reset(): void }; isBehind: boolean; keepMine(): void }
  what?: string
}) {
  if (!isBehind) return null
  return (
    <div class="note warn" role="status">
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
