// Form bodies on their way to the engine: read once in front of it, checked, and played back to its own parser.

import type { IncomingMessage } from 'node:http'

/** The engine reads up to this much; more never reaches it. */
export const MAX_BODY_BYTES = 56 * 1024

export type ReadBody =
  | { outcome: 'read'; text: string }
  | { outcome: 'too-large' }
  | { outcome: 'nul' }

/** Reads a body whole; stops reading when it grows too large. */
export async function readBody(req: IncomingMessage): Promise<ReadBody> {
  if (Number(req.headers['content-length'] ?? 0) > MAX_BODY_BYTES) return { outcome: 'too-large' }
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of req.iterator({ destroyOnReturn: false })) {
    chunks.push(chunk)
    length += chunk.length
    if (length > MAX_BODY_BYTES) return { outcome: 'too-large' }
  }
  const text = Buffer.concat(chunks, length).toString()
  // A NUL ends strings in other languages: what two parsers read differently is refused.
  return text.includes('\0') || text.includes('%00')
    ? { outcome: 'nul' }
    : { outcome: 'read', text }
}

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
