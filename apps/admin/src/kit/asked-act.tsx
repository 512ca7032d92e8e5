// A button that asks before it does what cannot be taken back: what will break is said first.

import type { ComponentChildren } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { notify } from '../state/live.ts'
import { Button } from './button.tsx'
import { ConfirmDialog } from './confirm-dialog.tsx'

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
  const isDone = useRef(false)
  useEffect(() => () => void (isDone.current && setTimeout(keepFocus)), [])
  return (
    <>
      <Button look="danger" {...(name && { label: name })} onClick={() => setOpen(true)}>
        {label}
      </Button>
      {isOpen && (
        <ConfirmDialog
          title={title}
          action={action}
          keep="Cancel"
          run={props.run}
          changes={changes}
          onDone={() => {
            isDone.current = true
            notify(done)
          }}
          onClose={() => setOpen(false)}
        >
          {props.children}
        </ConfirmDialog>
      )}
    </>
  )
}

/** What was acted on may be gone, and the button with it, to which the focus had come back. */
function keepFocus(): void {
  if (document.activeElement !== document.body) return
  document.querySelector('h1')?.focus({ preventScroll: true })
}
