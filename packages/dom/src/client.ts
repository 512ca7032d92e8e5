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

/**
 * A page's client of its issuer. Throws a `TypeError` for options that cannot be meant; asks nobody anything
 * before it is told to.
 *
 * @example
 * const foyer = createClient({ issuer: 'https://id.example.com', clientId: 'shop' })
 * const session = await foyer.initialize()
 * if (!session) await foyer.sendCode('ana@example.com')
 */
export function createClient(options: ClientOptions): FoyerClient {
  const settings = readOptions(options)
  const { issuer, clientId } = settings
  const server = createServer(settings)
  const sessions = createSessions(server, () => void watch())
  const redirect = createRedirect(server, sessions)
  const { call, ...api } = createApi(server, sessions)
  const watch = createWatch(sessions, call)
  let started: Promise<Session | null> | undefined

  async function start(): Promise<Session | null> {
    try {
      await sessions.restore(redirect.handleRedirectCallback)
    } catch (error) {
      // Without an answer, nobody has signed in.
      if ((error as FoyerError).code !== 'network_error') throw error
    }
    return sessions.session()
  }

  function initialize(): Promise<Session | null> {
    started ??= start()
    return started
  }

  return {
    issuer,
    clientId,
    initialize,
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
        // Also what was kept by another page; and whatever became of a redirect, it is over.
        await initialize().catch(() => {})
        await api.fetch(path, { method: 'DELETE' })
      } catch (error) {
        // Over already, or never begun.
        if ((error as FoyerError).code !== 'session_expired') throw error
      } finally {
        sessions.end()
      }
    },
  }
}
