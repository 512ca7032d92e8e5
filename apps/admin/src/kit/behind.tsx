// Somebody else changed what is being edited: theirs, or one's own.

import type { Seen } from '../state/seen.ts'
import { Button } from './button.tsx'

/** In a form, above its fields; "discard" shows what the other one wrote. */
export function Behind({ seen, form }: { seen: Seen; form: { reset(): void } }) {
  if (!seen.isBehind) return null
  return (
    <div class="note warn" role="status">
      <p>
        <strong>Somebody else has changed this draft while you were at it.</strong> Discard your
        changes to see theirs, or keep yours: saving then replaces what they wrote.
      </p>
      <div class="actions">
        <Button onClick={() => seen.keepMine()}>Keep mine</Button>
        <Button look="quiet" onClick={form.reset}>
          Show theirs
        </Button>
      </div>
    </div>
  )
}
