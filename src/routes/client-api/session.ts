// DELETE /session and GET /session/events: the session that an own application's token comes from.

import { clientApi } from '@foyer/contract'
import type Router from '@koa/router'
import type { Context } from 'koa'
import { sendData } from '../../http/envelope.ts'
import { type EventStreams, streamHeaders } from '../../http/event-streams.ts'
import { parseQuery } from '../../http/input.ts'
import type { Denials } from '../../services/identity/sessions/denials.ts'
import type { Sessions } from '../../services/identity/sessions/sessions.ts'
import { SECOND } from '../../shared/clock.ts'
import type { Guard } from './guard.ts'

export type OwnSessionParts = {
  sessions: Pick<Sessions, 'signOut' | 'endAll'>
  streams: Pick<EventStreams, 'open'>
  onDenied: Denials['onDenied']
}

export function ownSessionRoutes(router: Router, guard: Guard, parts: OwnSessionParts): void {
  const { sessions, streams, onDenied } = parts

  router.delete('/session', async (ctx: Context) => {
    const caller = await guard.ownApplication(ctx)
    const { everywhere } = parseQuery(ctx, clientApi.endSessionQuery)
    const ended =
      everywhere === 'true' ? await sessions.endAll(caller) : await sessions.signOut(caller, caller)
    sendData(ctx, { ended })
  })

  router.get('/session/events', async (ctx: Context) => {
    const caller = await guard.ownApplication(ctx)
    if (ctx.method === 'HEAD') {
      ctx.status = 200
      return ctx.set(streamHeaders)
    }
    const { sid, grantId, account, expiresAt } = caller
    const stream = streams.open(ctx, {
      group: sid ?? grantId ?? account,
      owner: account,
      endsAt: expiresAt * SECOND,
    })
    // Also of what was denied since the guard looked at the token.
    stream.onClosed(onDenied(caller, () => stream.end('signed-out')))
  })
}
