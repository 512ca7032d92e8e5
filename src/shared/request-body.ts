// Reading a request's body whole, within bounds.

import { isUtf8 } from 'node:buffer'
import type { IncomingMessage } from 'node:http'

/** More is refused, everywhere. */
const MAX_BODY_BYTES = 56 * 1024

export type ReadBody =
  | { outcome: 'read'; text: string }
  | { outcome: 'too-large' }
  | { outcome: 'nul' }
  /** Bytes that are no UTF-8, the only encoding that JSON and forms are sent in. */
  | { outcome: 'not-text' }

/** The bytes of a body of at most `max` bytes; `undefined` as soon as there are more. */
export async function readBytes(req: IncomingMessage, max: number): Promise<Buffer | undefined> {
  if (Number(req.headers['content-length'] ?? 0) > max) return undefined
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of req.iterator({ destroyOnReturn: false })) {
    chunks.push(chunk)
    length += chunk.length
    if (length > max) return undefined
  }
  return Buffer.concat(chunks, length)
}

/** Text; stops reading when the body grows too large. */
export async function readBody(req: IncomingMessage): Promise<ReadBody> {
  const body = await readBytes(req, MAX_BODY_BYTES)
  if (!body) return { outcome: 'too-large' }
  if (!isUtf8(body)) return { outcome: 'not-text' }
  const text = body.toString()
  return hasNul(text) ? { outcome: 'nul' } : { outcome: 'read', text }
}

/** A NUL, plain or as forms and JSON write it, ends strings in other languages: two parsers would read two things. */
function hasNul(text: string): boolean {
  return text.includes('\0') || text.includes('%00') || text.includes('\\u0000')
}
