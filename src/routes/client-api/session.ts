// DELETE /session: what an application of the business does with the session that its token comes from.

import { clientApi } from '@foyer/contract'
import type Router from '@koa/router'
import type { Context } from 'koa'
import { sendData } from '../../http/envelope.ts'
import { parseQuery } from '../../http/input.ts'
import type { Sessions } from '../../services/identity/sessions.ts'
import type { Guard } from './guard.ts'

export function ownSessionRoutes(
  router: Router,
  guard: Guard,
  sessions: Pick<Sessions, 'signOut' | 'endAll'>,
): void {
  router.delete('/session', async (ctx: Context) => {
    const caller = await guard.ownApplication(ctx)
    const { everywhere } = parseQuery(ctx, clientApi.endSessionQuery)
    const ended =
      everywhere === 'true' ? await sessions.endAll(caller) : await sessions.signOut(caller, caller)
    sendData(ctx, { ended })
  })
}
