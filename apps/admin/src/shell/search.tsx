// Ctrl-K: one field that finds sections, organisations, and what the sections look for.

import { useEffect, useId, useState } from 'preact/hooks'
import { useLocation } from 'preact-iso/router'
import { useModal } from '../kit/dialog.tsx'
import type { Found } from '../section.ts'
import { useFindings } from './findings.ts'

export function Search() {
  const [isOpen, setOpen] = useState(false)
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey)) return
      event.preventDefault()
      setOpen(true)
    }
    addEventListener('keydown', onKeyDown)
    return () => removeEventListener('keydown', onKeyDown)
  }, [])
  const keys = /Mac|iPhone|iPad/.test(navigator.platform) ? '⌘ K' : 'Ctrl K'
  return (
    <>
      <button
        type="button"
        class="bare search-button"
        aria-keyshortcuts="Control+K Meta+K"
        onClick={() => setOpen(true)}
      >
        <span class="glass" aria-hidden="true" />
        <span class="words">Search</span>
        <span class="keys" aria-hidden="true">
          {keys}
        </span>
      </button>
      {isOpen && <SearchDialog onClose={() => setOpen(false)} />}
    </>
  )
}

function SearchDialog({ onClose }: { onClose: () => void }) {
  const dialog = useModal(true)
  const [text, setText] = useState('')
  const [at, setAt] = useState(0)
  const { route } = useLocation()
  const { found, isSearching } = useFindings(text)
  const id = useId()

  const close = (event: Event): void => {
    event.preventDefault() // it is open for as long as the page says so
    onClose()
  }
  const go = (target: Found | undefined): void => {
    if (!target) return
    onClose()
    route(target.href)
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step !== undefined && found.length > 0) {
      event.preventDefault()
      setAt((at + step + found.length) % found.length)
    } else if (event.key === 'Enter') {
      event.preventDefault()
      go(found[at])
    }
  }
  return (
    <dialog
      ref={dialog}
      class="dialog search-dialog"
      aria-label="Search"
      onCancel={close}
      onClick={(event) => event.target === dialog.current && onClose()}
      onKeyDown={(event) => event.key === 'Escape' && close(event)}
    >
      <div class="inside">
        <input
          type="text"
          role="combobox"
          aria-label="Search"
          aria-expanded={found.length > 0}
          aria-controls={`${id}-list`}
          aria-autocomplete="list"
          aria-activedescendant={found[at] ? `${id}-${at}` : undefined}
          placeholder="Sections, clients, customers, organisations …"
          autocomplete="off"
          spellcheck={false}
          value={text}
          onInput={(event) => {
            setText(event.currentTarget.value)
            setAt(0)
          }}
          onKeyDown={onKeyDown}
        />
        <Results id={id} found={found} at={at} onChoose={go} />
        <p class="small" role="status">
          {wordsFor({ text, count: found.length, isSearching })}
        </p>
      </div>
    </dialog>
  )
}

function wordsFor(state: { text: string; count: number; isSearching: boolean }): string {
  if (state.isSearching) return 'Searching …'
  if (state.count > 0) return `${state.count} found`
  return state.text === '' ? '' : 'Nothing fits.'
}

function Results(props: {
  id: string
  found: readonly Found[]
  at: number
  onChoose(found: Found): void
}) {
  const { id, found, at, onChoose } = props
  useEffect(() => {
    document.getElementById(`${id}-${at}`)?.scrollIntoView({ block: 'nearest' })
  }, [id, at])
  return (
    <div role="listbox" id={`${id}-list`} aria-label="Found" class="results">
      {found.map((each, index) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the field above has the keys
        // biome-ignore lint/a11y/useFocusableInteractive: the field keeps the focus, `aria-activedescendant` says which
        <div
          key={each.href}
          id={`${id}-${index}`}
          role="option"
          aria-selected={index === at}
          onClick={() => onChoose(each)}
        >
          <bdi>{each.title}</bdi>
          {each.detail && <span class="small">{each.detail}</span>}
        </div>
      ))}
    </div>
  )
}
