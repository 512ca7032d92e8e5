// Reading a request's body whole, within bounds.

import type { IncomingMessage } from 'node:http'

/** More is refused, everywhere. */
export const MAX_BODY_BYTES = 56 * 1024

export type ReadBody =
  | { outcome: 'read'; text: string }
  | { outcome: 'too-large' }
  | { outcome: 'nul' }

/** Stops reading when the body grows too large. */
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
  return hasNul(text) ? { outcome: 'nul' } : { outcome: 'read', text }
}

/** A NUL, plain or as forms and JSON write it, ends strings in other languages: two parsers would read two things. */
export function hasNul(text: string): boolean {
  return text.includes('\0') || text.includes('%00') || text.includes('\\u0000')
}
