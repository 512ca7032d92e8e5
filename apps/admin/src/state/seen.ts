// Which version of a draft the changes in a form are meant for: what its author has seen, and not what came since.

import { useRef, useState } from 'preact/hooks'
import { ApiError } from '../api.ts'

export type Seen = {
  /** Send it as `If-Match`. */
  version(): string | undefined
  /** Somebody else changed it under what is being entered. */
  isBehind: boolean
  /** What was entered shall stand, whatever came since. */
  keepMine(): void
  /** While drawing, once it is known whether something was entered. */
  follow(isChanged: boolean): void
  /** Saves `text`: afterwards that is what was seen. A refusal has what came since read. */
  save<T>(text: string, send: () => Promise<T>): Promise<T>
}

/** `current` is what is kept, as text, and its version. */
export function useSeen(
  current: { text: string; version: string | undefined },
  readAgain: () => void,
): Seen {
  const seen = useRef(current)
  const saved = useRef<string>(undefined)
  const [, draw] = useState({})
  const isKnown = current.text === seen.current.text || current.text === saved.current
  if (isKnown) seen.current = current
  return {
    version: () => seen.current.version,
    get isBehind() {
      return seen.current.version !== current.version
    },
    keepMine() {
      seen.current = current
      draw({})
    },
    follow(isChanged) {
      if (!isChanged) seen.current = current
    },
    async save(text, send) {
      try {
        const done = await send()
        saved.current = text
        return done
      } catch (error) {
        if (error instanceof ApiError && error.code === 'precondition_failed') readAgain()
        throw error
      }
    },
  }
}
