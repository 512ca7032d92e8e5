// The client: its parts joined, and the order in which a page gets to know who is signed in.

import { createApi } from './api.ts'
import { createChallenge } from './challenge.ts'
import type { FoyerError } from './errors.ts'
import { createRedirect } from './redirect.ts'
import { createServer } from './server.ts'
import { createSessions } from './sessions.ts'
import { readOptions } from './settings.ts'
import type { ClientOptions, FoyerClient, Session } from './types.ts'
import { createWatch } from './watch.ts'

export function createClient(options: ClientOptions): FoyerClient {
  const settings = readOptions(options)
  const { issuer, clientId, name } = settings
  const server = createServer(settings)
  const sessions = createSessions(server, () => void watch())
  const redirect = createRedirect(server, sessions)
  const { call, ...api } = createApi(server, sessions)
  const watch = createWatch(name, sessions, { call })
  let started: Promise<Session | null> | undefined

  async function start(): Promise<Session | null> {
    try {
      await sessions.restore(redirect.handleRedirectCallback)
    } catch (error) {
      // Without an answer, nobody has signed in.
      if (codeOf(error) !== 'network_error') throw error
    }
    return sessions.session()
  }

  return {
    issuer,
    clientId,
    initialize() {
      started ??= start()
      return started
    },
    ...createChallenge(server, sessions),
    ...redirect,
    ...api,
    getSession: sessions.session,
    getUser: () => sessions.session()?.user ?? null,
    isAuthenticated: () => !!sessions.session(),
    refresh: sessions.refresh,
    onAuthStateChange: sessions.listen,
    getAccessToken: async (asked) => (await sessions.fresh(asked?.minTtl))?.access ?? null,
    async signOut(asked) {
      const path = `/session${asked?.everywhere ? '?everywhere=true' : ''}`
      try {
        await api.fetch(path, { method: 'DELETE' })
      } catch (error) {
        // Over already, or never begun.
        if (codeOf(error) !== 'session_expired') throw error
      } finally {
        sessions.end()
      }
    },
  }
}

/** Nothing but the library's own errors is thrown below, and mistakes, which have none. */
function codeOf(error: unknown): unknown {
  return (error as FoyerError).code
}
