// The client: its parts joined, and the order in which a page gets to know who is signed in.

import { createApi } from './api.ts'
import { createChallenge } from './challenge.ts'
import { FoyerError } from './errors.ts'
import { createRedirect } from './redirect.ts'
import { createServer, failureOf } from './server.ts'
import { createSessions } from './sessions.ts'
import { readOptions } from './settings.ts'
import { createTokens } from './tokens.ts'
import type { ClientOptions, FoyerClient, Session } from './types.ts'
import { createWatch } from './watch.ts'

export function createClient(options: ClientOptions): FoyerClient {
  const settings = readOptions(options)
  const { issuer, clientId, name, storage, stringify } = settings
  const keys = settings.dpop?.(name, { isStored: storage !== 'memory', stringify })
  const server = createServer(settings, keys)
  const tokens = createTokens({ settings, server, keys })
  const sessions = createSessions({ settings, server, tokens, keys, onChange: () => watch() })
  const parts = { settings, server, tokens, sessions }
  const signIn = { ...parts, redeem: tokens.request, begin: sessions.begin }
  const challenge = createChallenge(signIn)
  const redirect = createRedirect(signIn)
  const { call, at, ...api } = createApi(parts)
  const watch = createWatch({ name, sessions, api: { call, at } })
  let started: Promise<Session | null> | undefined

  async function start(): Promise<Session | null> {
    let mistake: FoyerError | undefined
    const session = await sessions.restore(async () => {
      try {
        await redirect.handleRedirectCallback()
      } catch (error) {
        if (!(error instanceof FoyerError)) throw error
        if (error.code !== 'network_error' && error.status < 500) mistake = error
      }
    })
    if (mistake) throw mistake
    return session
  }

  return {
    issuer,
    clientId,
    initialize() {
      started ??= start()
      return started
    },
    ...challenge,
    ...redirect,
    ...api,
    getSession: sessions.session,
    getUser: () => sessions.session()?.user ?? null,
    isAuthenticated: () => sessions.session() !== null,
    refresh: sessions.refresh,
    onAuthStateChange: sessions.listen,
    async getAccessToken({ minTtl = 30_000 } = {}) {
      return (await sessions.fresh(minTtl))?.access ?? null
    },
    async signOut({ everywhere = false } = {}) {
      if (!sessions.grant()) return
      try {
        const path = at(`/session${everywhere ? '?everywhere=true' : ''}`)
        const response = await call(path, { method: 'DELETE' })
        if (!response.ok && response.status !== 401)
          throw failureOf(response, await server.read(response))
      } finally {
        sessions.end()
      }
    },
  }
}
