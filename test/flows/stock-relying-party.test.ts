// A stock relying party, with nothing of ours in it: discovery, sign-in, userinfo, refresh, sign-out.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import * as oidc from 'openid-client'
import type { ClientKind } from '../../src/stores/clients.ts'
import { createRelyingParty, signIn, untilLeft } from '../support/relying-party.ts'
import { startServer, type TestServer } from '../support/server.ts'
import { describeWithServices, mongoForTest, redisForTest } from '../support/services/shared.ts'
import { freshAddress, roomyLimits } from '../support/sign-in-pages.ts'
import { createUserAgent } from '../support/user-agent.ts'

type Application = { kind: ClientKind; registered: string; used?: string; bye: string }

const applications: Application[] = [
  {
    kind: 'web',
    registered: 'https://shop.example.com/callback',
    bye: 'https://shop.example.com/bye',
  },
  {
    kind: 'browser',
    registered: 'https://app.example.com/callback',
    bye: 'https://app.example.com/',
  },
  {
    kind: 'native',
    registered: 'http://127.0.0.1/callback',
    used: 'http://127.0.0.1:49152/callback',
    bye: 'com.example.app:/bye',
  },
  { kind: 'native', registered: 'com.example.app:/callback', bye: 'com.example.app:/bye' },
]

describe('a stock relying party, on the embedded stores', () => {
  walkEndToEnd(() => startServer())
})

describeWithServices('a stock relying party, on MongoDB and Redis', () => {
  const mongo = process.env.SKIP_SERVICES === '1' ? undefined : mongoForTest()
  afterAll(() => mongo?.drop())
  walkEndToEnd(() =>
    startServer({ env: { MONGODB_URI: mongo?.uri ?? '', REDIS_URL: redisForTest().url } }),
  )
})

function walkEndToEnd(start: () => Promise<TestServer>): void {
  let server: TestServer

  beforeAll(async () => {
    server = await start()
    await server.changeSignIn(roomyLimits)
  })
  afterAll(() => server.stop())

  const scopes = { 'an opaque token': 'openid email', 'an API token': 'openid email orders:read' }

  describe.each(applications)('of kind $kind at $registered', (application) => {
    const { kind, registered, used = registered, bye } = application

    it.each(Object.entries(scopes))('works from end to end with %s', async (_name, scope) => {
      const client = await server.register({
        kind,
        redirectUris: [registered],
        postLogoutRedirectUris: [bye],
      })
      const party = await createRelyingParty(server, client, used)
      const email = freshAddress()
      const agent = createUserAgent(server.baseUrl)

      const pending = await party.authorize({ scope })
      const callback = await signIn(server, { url: pending.url, email, agent })
      const tokens = await party.exchange(callback, pending)
      const sub = String(tokens.claims()?.sub)
      const person = await oidc.fetchUserInfo(party.config, tokens.access_token, sub)
      expect(person).toMatchObject({ email, email_verified: true })

      const fresh = await oidc.refreshTokenGrant(party.config, String(tokens.refresh_token))
      expect(fresh.claims()?.sub).toBe(sub)
      await oidc.fetchUserInfo(party.config, fresh.access_token, sub)

      const goodbye = oidc.buildEndSessionUrl(party.config, {
        id_token_hint: String(tokens.id_token),
        post_logout_redirect_uri: bye,
        state: 'bye',
      })
      const left = await untilLeft(async () => agent.submit(await agent.open(goodbye)))
      expect(left.href).toBe(`${bye}?state=bye`)
      await expect(
        oidc.refreshTokenGrant(party.config, String(fresh.refresh_token)),
      ).rejects.toMatchObject({ error: 'invalid_grant' })
    })
  })
}
