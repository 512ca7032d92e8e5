// GET and DELETE /sessions, DELETE /sessions/{id}.

import { clientApi, type Session } from '@foyer/contract'
import type Router from '@koa/router'
import type { Context } from 'koa'
import { sendData } from '../../http/envelope.ts'
import { parseQuery } from '../../http/input.ts'
import { pageData } from '../../http/pages.ts'
import type { ListedSession, Sessions } from '../../services/identity/sessions/sessions.ts'
import { AppError } from '../../shared/errors.ts'
import { instantOf } from '../../shared/instants.ts'
import type { Guard } from './guard.ts'

export function sessionRoutes(router: Router, guard: Guard, sessions: Sessions): void {
  router.get('/sessions', async (ctx: Context) => {
    const caller = await guard.account(ctx, 'sessions:read')
    const query = parseQuery(ctx, clientApi.pageQuery)
    const page = await sessions.list(caller, { ...query, current: caller.sid })
    ctx.set('Cache-Control', 'private, no-store')
    sendData(ctx, pageData(page, shown))
  })

  router.delete('/sessions', async (ctx: Context) => {
    const caller = await guard.account(ctx, 'sessions:write')
    const { except } = parseQuery(ctx, clientApi.endSessionsQuery)
    const ended =
      except === 'current'
        ? await sessions.endOthers(caller, caller.sid)
        : await sessions.endAll(caller)
    sendData(ctx, { ended })
  })

  router.delete('/sessions/:id', async (ctx: Context) => {
    const caller = await guard.account(ctx, 'sessions:write')
    if (!(await sessions.end(caller, String(ctx.params.id)))) throw new AppError('not_found')
    sendData(ctx, { ended: 1 })
  })
}

function shown(session: ListedSession): Session {
  return {
    id: session.id,
    browser: session.browser ?? null,
    system: session.system ?? null,
    first_seen_at: instantOf(session.firstSeenAt),
    last_seen_at: instantOf(session.lastSeenAt),
    current: session.isCurrent,
  }
}
