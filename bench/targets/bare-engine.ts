// oidc-provider alone, with opaque tokens: whoever comes is signed in by themselves, and no page is shown.

import { generateKeyPairSync } from 'node:crypto'
import Provider, { type AdapterFactory, type JWK } from 'oidc-provider'
import { createMapAdapter } from '../adapters/map.ts'
import { createPlainMongoAdapter } from '../adapters/plain-mongo.ts'
import { serve } from '../target.ts'

const { BASE_URL, MONGODB_URI } = process.env
const baseUrl = String(BASE_URL)
const machine = { id: 'machine', secret: 'a-secret-of-more-than-thirty-two-characters' }

const adapter: AdapterFactory = MONGODB_URI
  ? await createPlainMongoAdapter(MONGODB_URI)
  : createMapAdapter()

function key(): JWK {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  return { ...privateKey.export({ format: 'jwk' }), alg: 'RS256', use: 'sig' } as JWK // an RSA key's own shape
}

const provider = new Provider(baseUrl, {
  adapter,
  jwks: { keys: [key()] },
  cookies: { keys: ['a-key-for-cookies-of-some-length'] },
  features: { devInteractions: { enabled: false }, clientCredentials: { enabled: true } },
  interactions: { url: (_ctx, { uid }) => `/interaction/${uid}` },
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
  claims: { openid: ['sub'], email: ['email'] },
  issueRefreshToken: async () => true,
  findAccount: async (_ctx, sub) => ({
    accountId: sub,
    claims: async () => ({ sub, email: `${sub}@example.com` }),
  }),
  async loadExistingGrant(ctx) {
    const { client, session, provider: engine } = ctx.oidc
    if (!client || !session?.accountId) return undefined
    const known = session.grantIdFor(client.clientId)
    if (known) return engine.Grant.find(known)
    const grant = new engine.Grant({ clientId: client.clientId, accountId: session.accountId })
    grant.addOIDCScope('openid email')
    await grant.save()
    return grant
  },
})

// Clients stand where everything stands.
const clients = adapter('Client')
await clients.upsert('browser', {
  client_id: 'browser',
  token_endpoint_auth_method: 'none',
  grant_types: ['authorization_code', 'refresh_token'],
  redirect_uris: ['http://127.0.0.1:9/callback'],
})
await clients.upsert(machine.id, {
  client_id: machine.id,
  client_secret: machine.secret,
  grant_types: ['client_credentials'],
  response_types: [],
  redirect_uris: [],
})

let accounts = 0
const callback = provider.callback()
await serve(
  (request, response) => {
    if (!request.url?.startsWith('/interaction/')) return callback(request, response)
    accounts += 1
    const login = { accountId: `account-${accounts}` }
    return provider.interactionFinished(request, response, { login })
  },
  { kind: 'engine', baseUrl, publicClient: 'browser', machine },
)
