// Tabs: the arrow keys go from one to the next, and what belongs to it is shown at once.

import type { ComponentChildren } from 'preact'
import { useId, useRef, useState } from 'preact/hooks'

export type Tab = { id: string; title: string; content: ComponentChildren }

export function Tabs({ tabs, label }: { tabs: readonly Tab[]; label: string }) {
  const [wanted, setChosen] = useState(tabs[0]?.id)
  const chosen = tabs.some(({ id }) => id === wanted) ? wanted : tabs[0]?.id
  const base = useId()
  const list = useRef<HTMLDivElement>(null)

  function onKeyDown(event: KeyboardEvent): void {
    const at = tabs.findIndex(({ id }) => id === chosen)
    const isBackwards = getComputedStyle(event.currentTarget as HTMLElement).direction === 'rtl' // the list itself
    const onwards = isBackwards ? -1 : 1
    const moves: { [key: string]: number } = {
      ArrowRight: at + onwards,
      ArrowLeft: at - onwards,
      Home: 0,
      End: tabs.length - 1,
    }
    const to = moves[event.key]
    if (to === undefined) return
    event.preventDefault()
    const next = (to + tabs.length) % tabs.length
    setChosen(tabs[next]?.id)
    list.current?.querySelectorAll<HTMLElement>('[role=tab]')[next]?.focus()
  }

  return (
    <div class="tabs">
      <div ref={list} role="tablist" aria-label={label} onKeyDown={onKeyDown}>
        {tabs.map(({ id, title }) => (
          <button
            key={id}
            type="button"
            role="tab"
            id={`${base}-${id}`}
            aria-selected={id === chosen}
            aria-controls={`${base}-panel`}
            tabIndex={id === chosen ? 0 : -1}
            onClick={() => setChosen(id)}
          >
            {title}
          </button>
        ))}
      </div>
      <div role="tabpanel" id={`${base}-panel`} aria-labelledby={`${base}-${chosen}`}>
        {tabs.find(({ id }) => id === chosen)?.content}
      </div>
    </div>
  )
}
