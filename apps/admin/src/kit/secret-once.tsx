// A secret, shown this once: the dialog closes only when somebody says that it is stored.

import type { ComponentChildren } from 'preact'
import { Button } from './button.tsx'
import { CodeBlock } from './code-block.tsx'
import { Dialog } from './dialog.tsx'

export function SecretOnce(props: {
  /** Undefined: closed. */
  secret: string | undefined
  title: string
  children?: ComponentChildren
  onStored(): void
}) {
  const { secret, title, onStored } = props
  return (
    <Dialog isOpen={secret !== undefined} title={title}>
      <p>
        It is shown this once. Foyer keeps a hash of it and cannot show it again: put it where your
        application reads its secrets now.
      </p>
      <CodeBlock label="secret" text={secret ?? ''} />
      {props.children}
      <div class="actions">
        <Button look="primary" onClick={onStored}>
          I have stored it
        </Button>
      </div>
    </Dialog>
  )
}
