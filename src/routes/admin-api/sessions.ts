// Sessions: /organisations/{slug}/sessions.

import { adminApi } from '@foyer/contract'
import { pageData } from '../../http/pages.ts'
import type { SessionAdministration } from '../../services/identity/sessions/session-administration.ts'
import { sessionData } from './people-messages.ts'
import type { Routes } from './serve.ts'

const api = adminApi.sessions

export function sessionRoutes(sessions: SessionAdministration): Routes {
  return (serve) => {
    serve(api.listSessions, async ({ organisation, query }) => {
      return pageData(await sessions.list(organisation._id, query), sessionData)
    })

    serve(api.endSession, async ({ organisation, params: { id }, by }) => {
      await sessions.end(organisation._id, id, by)
      return { id }
    })
  }
}
