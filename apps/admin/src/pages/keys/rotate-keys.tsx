// Publishes the next signing keys.

import { ConfirmDialog } from '../../kit/confirm-dialog.tsx'
import { notify } from '../../state/live.ts'
import { useOrganisation } from '../../state/operator.ts'
import { useParts } from '../../state/parts.ts'

export function RotateKeys({ onClose }: { onClose: () => void }) {
  const { api } = useParts()
  const path = useOrganisation().api('/keys')
  return (
    <ConfirmDialog
      title="Rotate the signing keys?"
      action="Rotate"
      look="primary"
      keep="Cancel"
      run={() => api.send('POST', `${path}/rotation`)}
      changes={[path]}
      onDone={() => notify('The next keys are published, and sign a day later.')}
      onClose={onClose}
    >
      <p>
        The next keys are published now, and sign a day later. Until then applications have read
        them, and what the present ones signed stays good. Nothing breaks, and nobody has to sign in
        again.
      </p>
    </ConfirmDialog>
  )
}
