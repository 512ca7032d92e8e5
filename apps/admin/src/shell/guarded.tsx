// Catches what a page throws while it is drawn.

import { Component, type ComponentChildren } from 'preact'
import { Trouble } from './trouble.tsx'

type Props = { children: ComponentChildren }

export class Guarded extends Component<Props, { fault?: Error }> {
  static override getDerivedStateFromError(fault: unknown): { fault: Error } {
    return { fault: fault instanceof Error ? fault : new Error(String(fault)) }
  }

  override render({ children }: Props) {
    const { fault } = this.state
    // Loaded anew: after an update of the server the chunks have other names.
    return fault ? <Trouble error={fault} onRetry={() => location.reload()} /> : children
  }
}
