// Takes an operator's role away.

import { ConfirmDialog } from '../../kit/confirm-dialog.tsx'
import { notify } from '../../state/live.ts'
import { useParts } from '../../state/parts.ts'
import { keepingLastOwner, type Operator, type Reach } from './operator.ts'

export function RemoveOperator(props: { operator: Operator; from: Reach; onClose: () => void }) {
  const { operator, from, onClose } = props
  const { api } = useParts()
  const path = from.api('/operators')
  return (
    <ConfirmDialog
      title="Remove this operator?"
      action="Remove"
      keep="Keep"
      run={() =>
        keepingLastOwner(operator, from.name, api.send('DELETE', `${path}/${operator.id}`))
      }
      changes={[path, '/me']} // they may have removed themselves
      onDone={() => notify(`${operator.email} looks after ${from.name} no more.`)}
      onClose={onClose}
    >
      <p>
        <bdi>{operator.email}</bdi> can do nothing more in {from.name}, at once and also where they
        are signed in. Invite them to undo it.
      </p>
    </ConfirmDialog>
  )
}
