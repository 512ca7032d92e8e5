// What is known of something, name by name; identifiers and addresses can be copied.

import type { ComponentChildren } from 'preact'
import { CopyButton } from './copy-button.tsx'

export type Fact = {
  name: string
  value: ComponentChildren
  /** The text that its button copies. */
  copy?: string
  /** What that is in the middle of a sentence, where the name does not say it: "Copy the actor". */
  copied?: string
}

export function Facts({ facts }: { facts: readonly Fact[] }) {
  return (
    <dl class="facts">
      {facts.map(({ name, value, copy, copied }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd class={copy === undefined ? undefined : 'code'}>
            <span>{value}</span>
            {copy !== undefined && <CopyButton text={copy} label={copied ?? name.toLowerCase()} />}
          </dd>
        </div>
      ))}
    </dl>
  )
}
