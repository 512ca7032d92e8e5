// What the console says by itself, the banner while the browser is offline, and the one when the session ended.

import type { RefObject } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { dismiss, live } from '../state/live.ts'
import { session, signInAddress } from '../state/session.ts'
import { useStore } from '../state/use-store.ts'

export function Live() {
  useStore(live.onChange)
  const said = live.said()
  // More of them would cover what they are about.
  const shown = said.findLast(({ isShown }) => isShown)
  return (
    <>
      <Banners />
      <div class="unseen" role="status">
        {said.map(({ number, text }) => (
          <p key={number}>{text}</p>
        ))}
      </div>
      <div class="notices" aria-hidden="true">
        {shown && (
          // biome-ignore lint/a11y/useKeyWithClickEvents: it leaves by itself, and holds nothing to reach
          <p key={shown.number} onClick={() => dismiss(shown.number)}>
            {shown.text}
          </p>
        )}
      </div>
    </>
  )
}

function Banners() {
  useStore(session.onChange)
  const isOffline = useOffline()
  const place = useRoom()
  return (
    <div ref={place} class="banners" role="status">
      {isOffline && <p>You are offline. What you see may be out of date; nothing can be saved.</p>}
      {session.state() === 'ended' && (
        <p>
          Your session has ended. What you entered is still here:{' '}
          <a href={signInAddress()} target="_blank" rel="noreferrer">
            sign in in a new tab
          </a>
          , come back, and save.
        </p>
      )}
    </div>
  )
}

/** What stands at the lower edge, such as the way to save, makes room for them. */
function useRoom(): RefObject<HTMLDivElement | null> {
  const place = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const { current } = place
    if (!current) return
    const seen = new ResizeObserver(() =>
      document.documentElement.style.setProperty('--banners', `${current.offsetHeight}px`),
    )
    seen.observe(current)
    return () => seen.disconnect()
  }, [])
  return place
}

function useOffline(): boolean {
  const [isOffline, setOffline] = useState(!navigator.onLine)
  useEffect(() => {
    const look = (): void => setOffline(!navigator.onLine)
    addEventListener('online', look)
    addEventListener('offline', look)
    return () => {
      removeEventListener('online', look)
      removeEventListener('offline', look)
    }
  }, [])
  return isOffline
}
