// The engine alone, oidc-provider, with opaque tokens. Customers sign in on the smallest of pages, or by themselves.

import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import Provider, { type AdapterFactory, type JWK } from 'oidc-provider'
import { createMapAdapter } from '../adapters/map.ts'
import { createPlainMongoAdapter } from '../adapters/plain-mongo.ts'
import { serveQuestions } from '../target.ts'

const port = Number(process.env.PORT)
const baseUrl = `http://localhost:${port}`
const machine = { id: 'machine', secret: 'a-secret-of-more-than-thirty-two-characters' }

const adapter: AdapterFactory = process.env.BENCH_MONGODB_URI
  ? await createPlainMongoAdapter(process.env.BENCH_MONGODB_URI)
  : createMapAdapter()

function key(): JWK {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  return { ...privateKey.export({ format: 'jwk' }), alg: 'RS256', use: 'sig' } as JWK // an RSA key's own shape
}

const provider = new Provider(baseUrl, {
  adapter,
  jwks: { keys: [key()] },
  cookies: { keys: ['a-key-for-cookies-of-some-length'] },
  clients: [
    {
      client_id: 'browser',
      token_endpoint_auth_method: 'none',
      grant_types: ['authorization_code', 'refresh_token'],
      redirect_uris: ['http://127.0.0.1:9/callback'],
    },
    {
      client_id: machine.id,
      client_secret: machine.secret,
      grant_types: ['client_credentials'],
      response_types: [],
      redirect_uris: [],
    },
  ],
  features: { devInteractions: { enabled: false }, clientCredentials: { enabled: true } },
  interactions: {
    url: (ctx, { uid }) =>
      ctx.oidc.params?.state === 'automatic' ? `/automatic/${uid}` : `/interaction/${uid}`,
  },
  // The engine asks for these in its notices; the values are its own.
  ttl: {
    AccessToken: 3600,
    ClientCredentials: 600,
    Grant: 1_209_600,
    IdToken: 3600,
    Interaction: 3600,
    RefreshToken: 1_209_600,
    Session: 1_209_600,
  },
  issueRefreshToken: async () => true,
  findAccount: async (_ctx, sub) => ({ accountId: sub, claims: async () => ({ sub }) }),
  async loadExistingGrant(ctx) {
    const { client, session, provider: engine } = ctx.oidc
    if (!client || !session?.accountId) return undefined
    const known = session.grantIdFor(client.clientId)
    if (known) return engine.Grant.find(known)
    const grant = new engine.Grant({ clientId: client.clientId, accountId: session.accountId })
    grant.addOIDCScope('openid email profile')
    await grant.save()
    return grant
  },
})

let accounts = 0
const callback = provider.callback()
const http = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
  const path = request.url ?? ''
  if (request.method === 'GET' && path.startsWith('/interaction/')) {
    response.setHeader('content-type', 'text/html')
    return response.end(`<form method="post" action="${path}"><input name="login"></form>`)
  }
  if (!/^\/(interaction|automatic)\//.test(path)) return callback(request, response)
  accounts += 1
  const login = { accountId: `account-${accounts}` }
  return provider.interactionFinished(request, response, { login })
})
http.listen(port, '127.0.0.1')
await once(http, 'listening')
serveQuestions({ baseUrl, publicClient: 'browser', machine, signIn: 'page' })
