// Nothing there yet: one sentence, one action, and the same by command line.

import type { ComponentChildren } from 'preact'
import { CodeBlock } from './code-block.tsx'

export function EmptyState(props: {
  /** One sentence. */
  children: ComponentChildren
  action?: ComponentChildren
  /** What does the same in a terminal. */
  command?: string
}) {
  return (
    <div class="empty">
      <p class="lead">{props.children}</p>
      {props.action}
      {props.command && (
        <div class="command">
          <p class="small">Or in a terminal:</p>
          <CodeBlock text={props.command} label="command" />
        </div>
      )}
    </div>
  )
}
