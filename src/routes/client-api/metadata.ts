// Where to get a token for the Client API (RFC 9728).

import type { Context, Middleware } from 'koa'
import { CLIENT_API_PATH } from './routes.ts'

export const METADATA_PATH = `/.well-known/oauth-protected-resource${CLIENT_API_PATH}`

export function createResourceMetadata(parts: {
  baseUrl: string
  scopes: readonly string[]
}): Middleware {
  const { baseUrl, scopes } = parts
  const body = {
    resource: `${baseUrl}${CLIENT_API_PATH}`,
    authorization_servers: [baseUrl],
    scopes_supported: scopes,
    bearer_methods_supported: ['header'],
    resource_documentation: `${baseUrl}${CLIENT_API_PATH}`,
  }
  return (ctx: Context, next) => {
    if (ctx.path !== METADATA_PATH) return next()
    ctx.set({ 'Access-Control-Allow-Origin': '*', 'Cache-Control': 'public, max-age=300' })
    ctx.body = body
  }
}
