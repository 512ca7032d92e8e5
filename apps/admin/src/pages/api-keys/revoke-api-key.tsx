// Ends an API key: whatever shows it is refused from then on.

import { Button } from '../../kit/button.tsx'
import { Dialog } from '../../kit/dialog.tsx'
import { Fault } from '../../kit/fault.tsx'
import { Moment } from '../../kit/moment.tsx'
import { notify } from '../../state/live.ts'
import { useParts } from '../../state/parts.ts'
import { useAction } from '../../state/queries.ts'
import type { ApiKey } from './api-key.ts'

export function RevokeApiKey(props: { apiKey: ApiKey; path: string; onClose(): void }) {
  const { apiKey, path, onClose } = props
  const { api } = useParts()
  const revocation = useAction({
    run: (id: string) => api.send<ApiKey>('DELETE', `${path}/${id}`),
    changes: [path],
  })
  const revoke = async (): Promise<void> => {
    if (!(await revocation.start(apiKey.id))) return
    notify(`The key ${apiKey.name} is revoked.`)
    onClose()
  }
  return (
    <Dialog isOpen title="Revoke this API key?" onClose={onClose}>
      {revocation.error && <Fault error={revocation.error} />}
      <p>
        <bdi>{apiKey.name}</bdi>: whatever shows this key is refused at once, and for ever. A
        program that still needs one has to be given another.
      </p>
      <p class="small">
        It was last used: <Moment at={apiKey.last_used_at} />
        {apiKey.last_used_at !== null && ', exact to an hour'}.
      </p>
      <div class="actions">
        <Button look="danger" isBusy={revocation.isRunning} onClick={revoke}>
          Revoke it
        </Button>
        <Button look="quiet" onClick={onClose}>
          Keep it
        </Button>
      </div>
    </Dialog>
  )
}
