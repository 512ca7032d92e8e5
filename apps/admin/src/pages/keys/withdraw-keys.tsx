// Withdraws all signing keys at once, in an emergency: what breaks is said first.

import { ConfirmByName } from '../../kit/confirm-by-name.tsx'
import { notify } from '../../state/live.ts'
import { useOrganisation } from '../../state/operator.ts'
import { useParts } from '../../state/parts.ts'
import { useAction } from '../../state/queries.ts'
import type { Withdrawal } from './signing-key.ts'

export function WithdrawKeys({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const { api } = useParts()
  const place = useOrganisation()
  const path = place.api('/keys')
  const withdrawal = useAction({
    run: (_none: undefined) => api.send<Withdrawal>('POST', `${path}/withdrawal`),
    changes: [path],
  })
  const withdraw = async (): Promise<void> => {
    if (!(await withdrawal.start(undefined))) return
    notify('All former keys are withdrawn. New ones sign already.')
    onClose()
  }
  return (
    <ConfirmByName
      isOpen={isOpen}
      title="Withdraw all signing keys?"
      name={place.slug}
      action="Withdraw all keys"
      isBusy={withdrawal.isRunning}
      error={withdrawal.error}
      onConfirm={withdraw}
      onClose={onClose}
    >
      <p>New keys sign at once. Within 5 seconds everything that the old ones signed is refused:</p>
      <ul>
        <li>Access tokens. Applications get new ones with their refresh tokens.</li>
        <li>ID tokens that are checked late, or shown to sign out.</li>
        <li>Sign-outs on their way to applications.</li>
      </ul>
      <p>
        Nobody is signed out: sessions and refresh tokens stay. An application that keeps the key
        set without asking again refuses new tokens until it asks.
      </p>
    </ConfirmByName>
  )
}
