// Buttons, and links that look like them.

import type { ComponentChildren } from 'preact'

type Look = 'primary' | 'second' | 'quiet' | 'danger'

/** While it is busy it keeps the focus, says so, and does nothing more. */
export function Button(props: {
  children: ComponentChildren
  look?: Look
  type?: 'button' | 'submit'
  isBusy?: boolean
  isDisabled?: boolean
  /** What is said in place of the label while it is busy. */
  busyLabel?: string
  /** What it does, where the label alone does not say it: "Delete" of which of them. */
  label?: string
  onClick?: (event: MouseEvent) => void
}) {
  const { look = 'second', isBusy = false, isDisabled = false, onClick } = props
  const stop = (event: MouseEvent): void => (isBusy ? event.preventDefault() : onClick?.(event))
  return (
    <button
      type={props.type === 'submit' ? 'submit' : 'button'}
      class={`button ${look}`}
      aria-disabled={isBusy || undefined}
      disabled={isDisabled}
      aria-label={props.label}
      onClick={stop}
    >
      {isBusy ? (props.busyLabel ?? 'One moment …') : props.children}
    </button>
  )
}

export function ButtonLink(props: { href: string; children: ComponentChildren; look?: Look }) {
  return (
    <a class={`button ${props.look ?? 'second'}`} href={props.href}>
      {props.children}
    </a>
  )
}
