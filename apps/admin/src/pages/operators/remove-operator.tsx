// Takes an operator's role away.

import { Button } from '../../kit/button.tsx'
import { Dialog } from '../../kit/dialog.tsx'
import { Fault } from '../../kit/fault.tsx'
import { notify } from '../../state/live.ts'
import { useParts } from '../../state/parts.ts'
import { useAction } from '../../state/queries.ts'
import { keepingLastOwner, type Operator, type Reach } from './operator.ts'

export function RemoveOperator(props: { operator: Operator; from: Reach; onClose: () => void }) {
  const { operator, from, onClose } = props
  const { api } = useParts()
  const path = from.api('/operators')
  const removal = useAction({
    run: (id: string) =>
      keepingLastOwner(operator, from.name, api.send<Operator>('DELETE', `${path}/${id}`)),
    changes: [path, '/me'], // they may have removed themselves
  })
  const remove = async (): Promise<void> => {
    if (!(await removal.start(operator.id))) return
    notify(`${operator.email} looks after ${from.name} no more.`)
    onClose()
  }
  return (
    <Dialog isOpen title="Remove this operator?" onClose={onClose}>
      {removal.error && <Fault error={removal.error} />}
      <p>
        <bdi>{operator.email}</bdi> can do nothing more in {from.name}, at once and also where they
        are signed in. Invite them to undo it.
      </p>
      <div class="actions">
        <Button look="danger" isBusy={removal.isRunning} onClick={remove}>
          Remove
        </Button>
        <Button look="quiet" onClick={onClose}>
          Keep
        </Button>
      </div>
    </Dialog>
  )
}
