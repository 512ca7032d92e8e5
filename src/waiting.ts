// The server while its stores do not answer yet: alive, not ready, and every request is asked to come back.

import Koa from 'koa'
import { createHealth } from './routes/health.ts'
import { AppError } from './shared/errors.ts'

const RETRY_AFTER = 5

export function createWaitingApp(): Koa {
  const app = new Koa()
  app.silent = true // nothing below throws; what a broken connection does is no news
  app.use(
    createHealth({
      isDraining: () => false,
      checkReady: () => Promise.reject(new Error('the stores do not answer yet')),
    }),
  )
  app.use((ctx) => {
    const { code, message, status } = new AppError('unavailable')
    ctx.status = status
    ctx.set({ 'Retry-After': String(RETRY_AFTER), 'Cache-Control': 'no-store' })
    ctx.body =
      ctx.accepts('html', 'json') === 'json' ? { error: code, error_description: message } : message
  })
  return app
}
