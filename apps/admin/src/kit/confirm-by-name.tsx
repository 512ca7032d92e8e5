// Before something is gone for good: what will break, and its name to be typed.

import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import { Button } from './button.tsx'
import { Dialog } from './dialog.tsx'
import { Fault } from './fault.tsx'
import { Field } from './field.tsx'
import { idOf } from './labelled.tsx'

const FIELD = 'confirmed-name'
const WHAT_BREAKS = 'what-breaks'

export function ConfirmByName(props: {
  isOpen: boolean
  /** Such as "Delete this client?" */
  title: string
  /** What has to be typed. */
  name: string
  /** What will break, and for whom. */
  children: ComponentChildren
  /** The label of the button that does it, such as "Delete client". */
  action: string
  isBusy?: boolean
  error?: Error | undefined
  onConfirm(): void
  onClose(): void
}) {
  const { isOpen, title, name, action, isBusy = false, onConfirm, onClose } = props
  const [typed, setTyped] = useState('')
  const [problem, setProblem] = useState<string>()
  const close = (): void => {
    setTyped('')
    setProblem(undefined)
    onClose()
  }
  const confirm = (event: Event): void => {
    event.preventDefault()
    if (isBusy) return
    if (typed.trim() === name) return onConfirm()
    setProblem(`Type ${name}, exactly as it stands here.`)
    document.getElementById(idOf(FIELD))?.focus()
  }
  return (
    <Dialog isOpen={isOpen} title={title} describedBy={WHAT_BREAKS} onClose={close}>
      <form onSubmit={confirm}>
        <div id={WHAT_BREAKS}>{props.children}</div>
        {props.error && <Fault error={props.error} />}
        <Field
          name={FIELD}
          label={`Type “${name}” to confirm`}
          value={typed}
          problem={problem}
          isCode
          onChange={(value) => {
            setTyped(value)
            setProblem(undefined)
          }}
        />
        <div class="actions">
          <Button type="submit" look="danger" isBusy={isBusy}>
            {action}
          </Button>
          <Button look="quiet" onClick={close}>
            Keep it
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
