// A button that asks before it does what cannot be taken back: what will break is said first.

import type { ComponentChildren } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { notify } from '../state/live.ts'
import { useAction } from '../state/queries.ts'
import { Button } from './button.tsx'
import { Dialog } from './dialog.tsx'
import { Fault } from './fault.tsx'

export function AskedAct(props: {
  /** On the button of the page. */
  label: string
  /** What it does, where the label alone does not say it: "End" of which of them. */
  name?: string
  /** The question, such as "End this session?" */
  title: string
  /** The label of the button that does it. */
  action: string
  /** What will break, and for whom. */
  children: ComponentChildren
  run(): Promise<unknown>
  /** Addresses that are read again afterwards. */
  changes: readonly string[]
  /** Said when it is done. */
  done: string
}) {
  const { label, name, title, action, changes, done } = props
  const [isOpen, setOpen] = useState(false)
  const act = useAction({ run: (_none: undefined) => props.run(), changes })
  const isDone = useRef(false)
  useEffect(() => () => void (isDone.current && setTimeout(keepFocus)), [])
  const close = (): void => {
    act.clear()
    setOpen(false)
  }
  const confirm = async (): Promise<void> => {
    if (!(await act.start(undefined))) return
    isDone.current = true
    setOpen(false)
    notify(done)
  }
  return (
    <>
      <Button look="danger" {...(name && { label: name })} onClick={() => setOpen(true)}>
        {label}
      </Button>
      <Dialog isOpen={isOpen} title={title} onClose={close}>
        {props.children}
        {act.error && <Fault error={act.error} />}
        <div class="actions">
          <Button look="danger" isBusy={act.isRunning} onClick={confirm}>
            {action}
          </Button>
          <Button look="quiet" onClick={close}>
            Cancel
          </Button>
        </div>
      </Dialog>
    </>
  )
}

/** What was acted on may be gone, and the button with it, to which the focus had come back. */
function keepFocus(): void {
  if (document.activeElement !== document.body) return
  document.querySelector('h1')?.focus({ preventScroll: true })
}
