// Who asks the Admin API: an operator with a token of the console, or a program with an API key.

import { adminApi } from '@foyer/contract'
import type { Context } from 'koa'
import type { RateLimiter } from '../../http/rate-limit.ts'
import { auditSourceOf } from '../../http/request-id.ts'
import type { By } from '../../services/audit/audit.ts'
import type { ApiKeyRights } from '../../services/operators/api-keys.ts'
import { may, type Role } from '../../services/operators/roles.ts'
import { AppError } from '../../shared/errors.ts'
import { limits } from './limits.ts'

/** What somebody is in a place, and the id under which the audit log knows them there. */
export type Standing = { id: string; role: Role }

export type Caller = {
  kind: 'operator' | 'api-key'
  /** Names the caller everywhere: the address, or the key's id. */
  name: string
  /** Of an operator, proven. */
  email?: string
  /** Of an API key: all that it may do. */
  rights?: ApiKeyRights
  /** Of an API key; whoever has none is not limited by any. */
  scopes?: ReadonlySet<string>
  /** In an organisation, by its id, or in `PLATFORM`; read anew each time, so that a removal counts at once. */
  standingIn(place: string): Promise<Standing | undefined>
}

export type GuardParts = {
  /** The caller behind a bearer token; `undefined` for whatever is not good here and now. */
  callerOf(token: string): Promise<Caller | undefined>
  rateLimiter: RateLimiter
}

type Operation = Pick<adminApi.Operation, 'needs' | 'path'>

export type Allowed = { caller: Caller; standing: Standing; by: By }

export type Guard = {
  /** Throws 401, or 429. */
  caller(ctx: Context): Promise<Caller>
  /**
   * What the operation needs, in this place. Whoever has no role at all in an organisation is told that there
   * is none; others 403.
   */
  allow(
    ctx: Context,
    request: { caller: Caller; place: string; operation: Operation },
  ): Promise<Allowed>
}

export function createGuard({ callerOf, rateLimiter }: GuardParts): Guard {
  return {
    async caller(ctx) {
      const token = bearerTokenOf(ctx)
      const caller = token && (await callerOf(token))
      if (!caller) {
        // No error code for a request that did not try (RFC 6750, 3.1).
        ctx.set('WWW-Authenticate', token ? 'Bearer error="invalid_token"' : 'Bearer')
        throw new AppError('invalid_token')
      }
      const isRead = ctx.method === 'GET' || ctx.method === 'HEAD'
      await rateLimiter.count(ctx, isRead ? limits.read : limits.write, caller.name)
      return caller
    },

    async allow(ctx, { caller, place, operation }) {
      const standing = await caller.standingIn(place)
      const isOfOrganisation = operation.path.startsWith('/organisations/{slug}')
      if (!standing) throw new AppError(isOfOrganisation ? 'not_found' : 'insufficient_role')
      const scope = adminApi.scopeOf(operation)
      if (scope && caller.scopes && !caller.scopes.has(scope)) {
        ctx.set('WWW-Authenticate', `Bearer error="insufficient_scope", scope="${scope}"`)
        throw new AppError('insufficient_scope', { message: `The key lacks the scope ${scope}` })
      }
      const { needs } = operation
      if (needs !== 'operator' && !may(standing.role, ...needs))
        throw new AppError('insufficient_role')
      return { caller, standing, by: { actor: standing.id, ...auditSourceOf(ctx) } }
    },
  }
}

/** From the header and from nowhere else: addresses and bodies end up in logs (RFC 9700, 2.2). */
function bearerTokenOf(ctx: Context): string | undefined {
  return /^bearer ([\w.~+/-]+=*)$/i.exec(ctx.get('authorization'))?.[1]
}
