// The session of the console: who it belongs to, how it ends, and the way to sign in.

import { hasUnsaved } from './unsaved.ts'

/** `/admin/session` says who is signed in. */
export type Session = { email: string }

/** `ended` where what was entered is still there, `left` where nothing was: then the browser is on its way. */
type State = 'open' | 'ended' | 'left'

let state: State = 'open'
const listeners = new Set<() => void>()

export const session = {
  state: (): State => state,
  onChange(listener: () => void): () => void {
    listeners.add(listener)
    return () => void listeners.delete(listener)
  },
}

function become(next: State): void {
  state = next
  for (const listener of listeners) listener()
}

/** Leads back to the page that asks for it. */
export function signInAddress(): string {
  const here = `${location.pathname}${location.search}`
  return `/admin/sign-in?${new URLSearchParams({ return_to: here })}`
}

/** Without one to the sign-in pages; unless something was entered that would be lost, then the page says so first. */
export function sessionSeen(isOpen: boolean): void {
  if (isOpen === (state === 'open')) return
  const over = hasUnsaved() ? 'ended' : 'left'
  become(isOpen ? 'open' : over)
  if (state === 'left') location.replace(signInAddress())
}

/** Who is signed in; the browser leaves for the sign-in pages when nobody is. */
export async function readSession(): Promise<Session> {
  const response = await fetch('/admin/session', { headers: { Accept: 'application/json' } })
  if (response.status === 401) {
    sessionSeen(false)
    return new Promise(() => {}) // the browser is on its way
  }
  if (!response.ok) throw new Error('The session could not be read.')
  return (await response.json()).data as Session // the back end's own shape
}

/** Ends the session here and at Foyer, and leaves for what says so. */
export async function signOut(): Promise<void> {
  const response = await fetch('/admin/sign-out', {
    method: 'POST',
    headers: { Accept: 'application/json', 'Content-Type': 'application/json' },
    body: '{}',
  })
  if (!response.ok && response.status !== 401) throw new Error('You could not be signed out.')
  const answer = await response.json().catch(() => undefined)
  location.assign(answer?.data?.location ?? '/admin')
}
