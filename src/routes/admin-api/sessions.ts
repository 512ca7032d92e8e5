// Sessions: /organisations/{slug}/sessions.

import { adminApi } from '@foyer/contract'
import { pageData } from '../../http/pages.ts'
import type {
  SeenSession,
  SessionAdministration,
} from '../../services/identity/sessions/session-administration.ts'
import { instantOf } from '../../shared/instants.ts'
import type { Routes } from './serve.ts'

const api = adminApi.sessions

export function sessionRoutes(sessions: SessionAdministration): Routes {
  return (serve) => {
    serve(api.listSessions, async ({ organisation, query }) => {
      return pageData(await sessions.list(organisation._id, query), shown)
    })

    serve(api.endSession, async ({ organisation, params: { id }, by }) => {
      await sessions.end(organisation._id, id, by)
      return { id }
    })
  }
}

function shown(session: SeenSession) {
  return {
    id: session.id,
    account_id: session.account,
    email: session.email ?? null,
    browser: session.browser ?? null,
    system: session.system ?? null,
    first_seen_at: instantOf(session.firstSeenAt),
    last_seen_at: instantOf(session.lastSeenAt),
    expires_at: instantOf(session.expiresAt),
    client_ids: session.clients,
  }
}
