// Hearing that the session was ended elsewhere: one tab listens to the Client API for all.

import type { Api } from './api.ts'
import type { Sessions } from './sessions.ts'

type Parts = { name: string; sessions: Sessions; api: Pick<Api, 'call' | 'at'> }

/** Milliseconds between tries: doubled with each failure, and longer where nobody looks. */
const PAUSE = 1000
const LONGEST = 60_000
const UNSEEN = 5

/** Starts or stops with the session. */
export function createWatch({ name, sessions, api }: Parts): () => void {
  let watching: AbortController | undefined

  async function watch({ signal }: AbortController): Promise<void> {
    let pause = PAUSE
    while (!signal.aborted) {
      try {
        const response = await api.call(api.at('/session/events'), { signal })
        // An issuer that does not offer it says so once.
        if (response.status < 500 && !response.ok) return
        if (response.ok) pause = PAUSE
        if (response.body && (await saysEnded(response.body))) return sessions.end()
      } catch {
        // It broke off, as streams do.
      }
      const isSeen = document.visibilityState === 'visible' && navigator.onLine
      await sleep(pause * (0.5 + Math.random()) * (isSeen ? 1 : UNSEEN), signal)
      pause = Math.min(pause * 2, LONGEST)
    }
  }

  return () => {
    if (!globalThis.document || !sessions.session() === !watching) return
    if (watching) {
      watching.abort()
      watching = undefined
      return
    }
    const controller = new AbortController()
    watching = controller
    void (async () => {
      try {
        await sessions.tabs.lock(`${name}:watch`, () => watch(controller), controller.signal)
      } catch {
        // It stopped waiting for its turn.
      }
    })()
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

function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds)
    signal.addEventListener('abort', () => resolve())
  })
}
