// Form bodies that were read in front of the engine, played back to its own parser.

import type { IncomingMessage } from 'node:http'

/** Lets the engine's parser read `text` as the body, although the real one was read already. */
export function replayBody(req: IncomingMessage, text: string): void {
  const body = Buffer.from(text)
  req.headers['content-length'] = String(body.length)
  delete req.headers['transfer-encoding']
  Object.defineProperties(req, {
    readable: { value: true, configurable: true },
    iterator: {
      configurable: true,
      value: async function* replay() {
        yield body
      },
    },
  })
}
