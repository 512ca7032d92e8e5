// How often one source may ask the registration endpoint of an issuer for anything.

import type { Context } from 'koa'
import type { RateLimiter } from '../http/rate-limit.ts'
import { MINUTE } from '../shared/clock.ts'
import { sha256 } from '../shared/secrets.ts'
import { sourceOf } from '../shared/source.ts'

/** A platform that sets up its tenants registers some at once; whoever guesses tokens needs 2^255 tries. */
const limit = { name: 'register', limit: 120, window: MINUTE } as const

/** The engine folds case. */
export function isRegistrationPath(path: string): boolean {
  return /^\/oauth\/register(?:\/|$)/i.test(path)
}

/** Throws `rate_limited`; counts nothing else than requests of registration. */
export async function limitRegistration(
  ctx: Context,
  { rateLimiter, organisation }: { rateLimiter: RateLimiter; organisation: string },
): Promise<void> {
  if (!isRegistrationPath(ctx.path)) return
  await rateLimiter.count(ctx, limit, `${organisation}:${sha256(sourceOf(ctx.ip))}`)
}
