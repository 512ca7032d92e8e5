// Versions in headers: `ETag` says which one an answer shows, `If-Match` which one a change is meant for.

import type { Context } from 'koa'
import { AppError } from '../shared/errors.ts'

/** Says the version of what is answered. */
export function sendVersion(ctx: Context, version: number): void {
  ctx.set({ ETag: `"v${version}"`, 'Cache-Control': 'private, no-cache' })
}

/** RFC 9110, 13.1.1. `*` asks only that it is there; what is no tag of ours matches nothing. */
export function expectedVersion(ctx: Context): number | undefined {
  const header = ctx.get('if-match').trim()
  if (header === '' || header === '*') return undefined
  const [, version] = /^"v(\d{1,15})"$/.exec(header) ?? []
  if (version === undefined) throw new AppError('precondition_failed')
  return Number(version)
}
