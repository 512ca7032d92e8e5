// The focus, when the row that had it is gone: to the heading of the page, not to nowhere.

import type { RefObject } from 'preact'
import { useEffect, useRef } from 'preact/hooks'

/** For what rows can vanish from, as what was deleted does from its list. */
export function useKeptFocus<Place extends HTMLElement>(): RefObject<Place | null> {
  const place = useRef<Place>(null)
  const last = useRef<EventTarget | null>(null)
  useEffect(() => {
    const element = place.current
    const remember = (event: FocusEvent): void => {
      last.current = event.target
    }
    element?.addEventListener('focusin', remember)
    return () => element?.removeEventListener('focusin', remember)
  })
  useEffect(() => {
    const isGone = last.current instanceof Element && !last.current.isConnected
    if (!isGone) return
    last.current = null
    if (document.activeElement === document.body)
      document.querySelector('h1')?.focus({ preventScroll: true })
  })
  return place
}
