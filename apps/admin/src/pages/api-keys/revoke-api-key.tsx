// Ends an API key: whatever shows it is refused from then on.

import { ConfirmDialog } from '../../kit/confirm-dialog.tsx'
import { Moment } from '../../kit/moment.tsx'
import { notify } from '../../state/live.ts'
import { useParts } from '../../state/parts.ts'
import type { ApiKey } from './api-key.ts'

export function RevokeApiKey(props: { apiKey: ApiKey; path: string; onClose(): void }) {
  const { apiKey, path, onClose } = props
  const { api } = useParts()
  return (
    <ConfirmDialog
      title="Revoke this API key?"
      action="Revoke it"
      keep="Keep it"
      run={() => api.send('DELETE', `${path}/${apiKey.id}`)}
      changes={[path]}
      onDone={() => notify(`The key ${apiKey.name} is revoked.`)}
      onClose={onClose}
    >
      <p>
        <bdi>{apiKey.name}</bdi>: whatever shows this key is refused at once, and for ever. A
        program that still needs one has to be given another.
      </p>
      <p class="small">
        It was last used: <Moment at={apiKey.last_used_at} />
        {apiKey.last_used_at !== null && ', exact to an hour'}.
      </p>
    </ConfirmDialog>
  )
}
