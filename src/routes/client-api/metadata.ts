// Where to get a token for the Client API (RFC 9728).

import type { Context, Middleware } from 'koa'
import { openCors } from '../../http/cors.ts'
import { AppError } from '../../shared/errors.ts'
import { CLIENT_API_PATH } from './routes.ts'

export const METADATA_PATH = `/.well-known/oauth-protected-resource${CLIENT_API_PATH}`

export function createResourceMetadata(parts: {
  baseUrl: string
  scopes: readonly string[]
  /** What proofs of possession may be signed with. */
  proofAlgorithms: readonly string[]
}): Middleware {
  const { baseUrl, scopes } = parts
  const body = {
    resource: `${baseUrl}${CLIENT_API_PATH}`,
    authorization_servers: [baseUrl],
    scopes_supported: scopes,
    bearer_methods_supported: ['header'],
    dpop_signing_alg_values_supported: parts.proofAlgorithms,
    resource_documentation: `${baseUrl}${CLIENT_API_PATH}`,
  }
  const cors = openCors()
  return (ctx: Context, next) => {
    if (ctx.path !== METADATA_PATH) return next()
    return cors(ctx, async () => {
      if (ctx.method !== 'GET' && ctx.method !== 'HEAD') {
        ctx.set('Allow', 'GET, HEAD, OPTIONS')
        throw new AppError('method_not_allowed')
      }
      ctx.set('Cache-Control', 'public, max-age=300')
      ctx.body = body
    })
  }
}
