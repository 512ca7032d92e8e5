// A text that is the same for whoever asks: compressed once, and sent so to who takes that.

import { gzipSync } from 'node:zlib'
import type { Context } from 'koa'

/** Answers with the text, which may be kept for five minutes; the type is its caller's to set. */
export function sameForAll(text: string): (ctx: Context) => void {
  let small: Buffer | undefined
  return (ctx) => {
    ctx.set('Cache-Control', 'public, max-age=300')
    ctx.vary('Accept-Encoding')
    ctx.body = text
    if (ctx.acceptsEncodings('gzip', 'identity') !== 'gzip') return
    small ??= gzipSync(text)
    ctx.set('Content-Encoding', 'gzip')
    ctx.body = small
  }
}
