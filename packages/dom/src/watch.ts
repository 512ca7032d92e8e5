// Hearing that the session was ended elsewhere: one tab listens to the Client API for all.

import type { Api } from './api.ts'
import type { Sessions } from './sessions.ts'

/** Milliseconds between tries: doubled with each failure, and longer where nobody looks. */
const PAUSE = 1000
const LONGEST = 60_000
const UNSEEN = 5

/** Starts or stops with the session. */
export function createWatch(name: string, sessions: Sessions, { call }: Pick<Api, 'call'>) {
  let watching: AbortController | undefined

  async function watch(signal: AbortSignal): Promise<void> {
    for (let pause = PAUSE; !signal.aborted; pause = Math.min(pause * 2, LONGEST)) {
      try {
        const { ok, status, body } = await call('/session/events', { signal })
        if (ok) pause = PAUSE
        // An issuer that does not offer it says so once.
        else if (status < 500) return
        if (body && (await saysEnded(body))) return sessions.end()
      } catch {
        // It broke off, as streams do.
      }
      const isUnseen = document.hidden || !navigator.onLine
      await new Promise((resolve) => {
        setTimeout(resolve, pause * (0.5 + Math.random()) * (isUnseen ? UNSEEN : 1))
        signal.onabort = resolve
      })
    }
  }

  return async (): Promise<void> => {
    if (!globalThis.document || !sessions.session() === !watching) return
    watching?.abort()
    watching = watching ? undefined : new AbortController()
    const signal = watching?.signal
    try {
      if (signal) await sessions.lock(`${name}:watch`, () => watch(signal), signal)
    } catch {
      // It stopped waiting for its turn.
    }
  }
}

/** Reads until the event, or the end of the stream. */
async function saysEnded(stream: ReadableStream<Uint8Array>): Promise<boolean> {
  const reader = stream.getReader()
  const decoder = new TextDecoder()
  let text = ''
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return false
    // Whole lines, kept no longer than they are.
    text = text.slice(text.lastIndexOf('\n') + 1) + decoder.decode(value, { stream: true })
    if (/^event: ?signed-out\r?$/m.test(text)) return true
  }
}
