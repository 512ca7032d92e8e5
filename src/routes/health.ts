// For whoever watches the process: alive, and ready to be sent requests.

import type { Context, Middleware } from 'koa'

export type HealthParts = {
  /** Throws while something that requests need is away. */
  checkReady(): Promise<void>
  /** Whether the process is about to end: no new requests, please. */
  isDraining(): boolean
}

/** `/healthz` and `/readyz`, answered before the host is looked at. */
export function createHealth(parts: HealthParts): Middleware {
  async function isReady(): Promise<boolean> {
    if (parts.isDraining()) return false
    return parts.checkReady().then(
      () => true,
      () => false,
    )
  }

  return (ctx, next) => {
    const { path } = ctx
    if (path === '/healthz') return answer(ctx, true)
    if (path === '/readyz') return isReady().then((isGood) => answer(ctx, isGood))
    return next()
  }
}

function answer(ctx: Context, isGood: boolean): void {
  ctx.status = isGood ? 200 : 503
  ctx.set('Cache-Control', 'no-store')
  ctx.body = { status: isGood ? 'ok' : 'unavailable' }
}
