// A question before something is done: what follows from it is said first, then one button does it.

import type { ComponentChildren } from 'preact'
import { useAction } from '../state/queries.ts'
import { Button } from './button.tsx'
import { Dialog } from './dialog.tsx'
import { Fault } from './fault.tsx'

/** Open for as long as it is there. */
export function ConfirmDialog<Output>(props: {
  /** The question, such as "Revoke this secret?" */
  title: string
  /** What will break, and for whom. */
  children: ComponentChildren
  /** The label of the button that does it, and how that looks. */
  action: string
  look?: 'danger' | 'primary'
  /** The label of the button that leaves things as they are. */
  keep: string
  run(intent: string): Promise<Output>
  /** What is sent, where that changes while the question stands: each is an intent of its own. */
  input?: object
  /** Addresses that are read again afterwards. */
  changes: readonly string[]
  /** It was done; the dialog is closed next. */
  onDone(output: Output): void
  onClose(): void
  /** What is said of an error in place of the error itself. */
  refusal?(error: Error): ComponentChildren
}) {
  const { title, action, look = 'danger', keep, changes, onClose } = props
  const act = useAction({
    run: (_input: object | undefined, intent) => props.run(intent),
    changes,
  })
  const confirm = async (): Promise<void> => {
    const done = await act.start(props.input)
    if (!done) return
    props.onDone(done.data)
    onClose()
  }
  return (
    <Dialog isOpen title={title} onClose={onClose}>
      {props.children}
      {act.error && (props.refusal?.(act.error) ?? <Fault error={act.error} />)}
      <div class="actions">
        <Button look={look} isBusy={act.isRunning} onClick={confirm}>
          {action}
        </Button>
        <Button look="quiet" onClick={onClose}>
          {keep}
        </Button>
      </div>
    </Dialog>
  )
}
