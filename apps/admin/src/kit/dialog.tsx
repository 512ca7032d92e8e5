// The browser's own dialog: it keeps the focus inside, and gives it back when it closes.

import type { ComponentChildren, RefObject } from 'preact'
import { useId, useLayoutEffect, useRef } from 'preact/hooks'

/** Opens the dialog that it is given to; when it closes, the focus goes back to where it was. */
export function useModal(isOpen: boolean): RefObject<HTMLDialogElement | null> {
  const dialog = useRef<HTMLDialogElement>(null)
  useLayoutEffect(() => {
    if (!isOpen) return
    const opener = document.activeElement
    const element = dialog.current
    element?.showModal()
    if (!element?.querySelector(':is(input, select, textarea):focus')) focusTitle(element)
    return () => {
      element?.close()
      // What opened it may be gone, as the row of what was deleted.
      const isThere = opener instanceof HTMLElement && opener.isConnected
      const next = isThere ? opener : document.querySelector('h1')
      next?.focus({ preventScroll: true })
    }
  }, [isOpen])
  return dialog
}

/** A question is read from its beginning, and a key too many does not answer it. */
function focusTitle(dialog: HTMLDialogElement | null): void {
  const title = dialog?.querySelector('h2')
  title?.setAttribute('tabindex', '-1')
  title?.focus()
}

export function Dialog(props: {
  isOpen: boolean
  title: string
  /** The id of what has to be heard before the field that has the focus. */
  describedBy?: string
  /** Escape, or a click beside it; left out where only a button inside may close it. */
  onClose?: () => void
  children: ComponentChildren
  class?: string
}) {
  const { isOpen, title, onClose } = props
  const dialog = useModal(isOpen)
  const id = useId()
  if (!isOpen) return null
  const close = (event: Event): void => {
    event.preventDefault() // it is open for as long as the page says so
    onClose?.()
  }
  return (
    <dialog
      ref={dialog}
      class={`dialog ${props.class ?? ''}`}
      aria-labelledby={id}
      aria-describedby={props.describedBy}
      onCancel={close}
      // A browser closes it at the second Escape without asking; not so when the key goes no further.
      onKeyDown={(event) => event.key === 'Escape' && close(event)}
      onClick={(event) => event.target === dialog.current && onClose?.()}
    >
      <div class="inside">
        <h2 id={id}>{title}</h2>
        {props.children}
      </div>
    </dialog>
  )
}
