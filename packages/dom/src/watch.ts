// Hearing that the session was ended elsewhere: one tab listens to the Client API for all.

import type { Api } from './api.ts'
import { own } from './own.ts'
import type { Sessions } from './sessions.ts'

/** Milliseconds between tries: doubled with each failure. */
const PAUSE = 1000
const LONGEST = 60_000

/** Gives what is called when another session begins, or none is left. */
export function createWatch(sessions: Sessions, call: Api['call']) {
  let watching: AbortController | undefined
  /** Ends the pause between two tries. */
  let hurry: ((event: unknown) => void) | undefined

  async function watch(signal: AbortSignal): Promise<void> {
    for (let pause = PAUSE; ; pause = Math.min(pause * 2, LONGEST)) {
      try {
        const { status, body, headers } = await call('/session/events', { signal })
        // It is for first-party clients. All else may be of the moment, as while a proxy knows no server.
        if (status === 403) return
        const words = body ? await lastWords(body) : ''
        if (words.includes('signed-out')) return sessions.end()
        if (status === 200) pause = Number(/retry: (\d+)/.exec(words)?.[1] ?? PAUSE)
        else pause = Number(headers.get('Retry-After')) * PAUSE || pause
      } catch {
        // It broke off, as streams do.
        if (signal.aborted) return
      }
      await new Promise((resolve) => {
        setTimeout(resolve, pause * (1 + Math.random()))
        signal.onabort = resolve
        hurry = resolve
      })
    }
  }

  return async (): Promise<void> => {
    watching?.abort()
    if (!globalThis.document || !sessions.session()) return
    watching = new AbortController()
    const { signal } = watching
    // Who was away may have missed it: when the network is back, nothing is waited for.
    addEventListener('online', (event) => hurry?.(event), own({ signal }))
    try {
      await sessions.lock(':watch', () => watch(signal), signal)
    } catch {
      // It stopped waiting for its turn.
    }
  }
}

/** The last that was said before the stream ended: what it ended with stands there. */
async function lastWords(stream: ReadableStream<Uint8Array>): Promise<string> {
  const reader = stream.getReader()
  const decoder = new TextDecoder()
  for (let text = ''; ; ) {
    const { done, value } = await reader.read()
    if (done) return text
    text = (text + decoder.decode(value)).slice(-99)
  }
}
