// Before something is gone for good: what will break, and its name to be typed.

import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import { Fault } from './fault.tsx'
import { Field } from './field.tsx'
import { FormDialog } from './form-dialog.tsx'
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
    <FormDialog
      isOpen={isOpen}
      title={title}
      describedBy={WHAT_BREAKS}
      action={action}
      look="danger"
      isBusy={isBusy}
      keep="Keep it"
      onSubmit={confirm}
      onClose={close}
    >
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
    </FormDialog>
  )
}
