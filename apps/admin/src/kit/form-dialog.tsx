// A form in a dialog: what is asked, the button that sends it, and the one that does not.

import type { ComponentChildren } from 'preact'
import { Button } from './button.tsx'
import { Dialog } from './dialog.tsx'

export function FormDialog(props: {
  isOpen?: boolean
  title: string
  /** The id of what has to be heard before the field that has the focus. */
  describedBy?: string
  children: ComponentChildren
  /** The label of the button that sends it, how that looks, and what it says while it is busy. */
  action: string
  look?: 'danger' | 'primary'
  isBusy?: boolean
  busyLabel?: string
  /** The label of the button that leaves things as they are. */
  keep?: string
  onSubmit(event: Event): void
  onClose(): void
}) {
  const { isOpen = true, look = 'primary', isBusy = false, busyLabel, onClose } = props
  const { title, describedBy } = props
  return (
    <Dialog isOpen={isOpen} title={title} {...(describedBy && { describedBy })} onClose={onClose}>
      <form onSubmit={props.onSubmit} noValidate>
        {props.children}
        <div class="actions">
          <Button type="submit" look={look} isBusy={isBusy} {...(busyLabel && { busyLabel })}>
            {props.action}
          </Button>
          <Button look="quiet" onClick={onClose}>
            {props.keep ?? 'Cancel'}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
