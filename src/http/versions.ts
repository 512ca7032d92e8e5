// Versions in headers: `ETag` says which one an answer shows, `If-Match` which one a change is meant for.

import type { Context } from 'koa'
import { AppError } from '../shared/errors.ts'

/**
 * Says the version of what is answered. Where one address shows everybody their own, with its `owner`: else a
 * browser would ask whether the last one's is still good, hear yes, and show it to the next.
 */
export function sendVersion(ctx: Context, version: number, owner?: string): void {
  ctx.res.setHeader('ETag', tagOf(version, owner)).setHeader('Cache-Control', 'private, no-cache')
}

/** Whether the caller has this answer already. Koa compares copies of all headers: it is asked where there is a condition. */
export function isKnown(ctx: Context): boolean {
  return ctx.get('if-none-match') !== '' && ctx.fresh
}

/** RFC 9110, 13.1.1. `*` asks only that it is there; what is no tag of ours matches nothing. */
export function expectedVersion(ctx: Context, owner?: string): number | undefined {
  const header = ctx.get('if-match').trim()
  if (header === '' || header === '*') return undefined
  const [, version] = /^"v(\d{1,15})/.exec(header) ?? []
  if (version === undefined || header !== tagOf(Number(version), owner))
    throw new AppError('precondition_failed')
  return Number(version)
}

function tagOf(version: number, owner?: string): string {
  return owner === undefined ? `"v${version}"` : `"v${version}-${owner}"`
}
