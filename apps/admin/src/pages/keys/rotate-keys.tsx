// Publishes the next signing keys.

import { Button } from '../../kit/button.tsx'
import { Dialog } from '../../kit/dialog.tsx'
import { Fault } from '../../kit/fault.tsx'
import { notify } from '../../state/live.ts'
import { useOrganisation } from '../../state/operator.ts'
import { useParts } from '../../state/parts.ts'
import { useAction } from '../../state/queries.ts'

export function RotateKeys({ onClose }: { onClose: () => void }) {
  const { api } = useParts()
  const path = useOrganisation().api('/keys')
  const rotation = useAction({
    run: (_none: undefined) => api.send('POST', `${path}/rotation`),
    changes: [path],
  })
  const rotate = async (): Promise<void> => {
    if (!(await rotation.start(undefined))) return
    notify('The next keys are published, and sign a day later.')
    onClose()
  }
  return (
    <Dialog isOpen title="Rotate the signing keys?" onClose={onClose}>
      {rotation.error && <Fault error={rotation.error} />}
      <p>
        The next keys are published now, and sign a day later. Until then applications have read
        them, and what the present ones signed stays good. Nothing breaks, and nobody has to sign in
        again.
      </p>
      <div class="actions">
        <Button look="primary" isBusy={rotation.isRunning} onClick={rotate}>
          Rotate
        </Button>
        <Button look="quiet" onClick={onClose}>
          Cancel
        </Button>
      </div>
    </Dialog>
  )
}
