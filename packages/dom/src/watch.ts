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
        const { status, body } = await call('/session/events', { signal })
        // An issuer that does not offer it says so once.
        if (status === 403 || status === 404) return
        const words = body ? await lastWords(body) : ''
        // Unless somebody has signed in since, the session is over: the refresh shows that.
        if (words.includes('signed-out')) await sessions.refresh()
        if (status === 200) pause = Number(/retry: (\d+)/.exec(words)?.[1] ?? PAUSE)
      } catch {
        // It broke off, as streams do.
      }
      const isUnseen = document.hidden || !navigator.onLine
      await new Promise((resolve) => {
        setTimeout(resolve, pause * (1 + Math.random()) * (isUnseen ? UNSEEN : 1))
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
