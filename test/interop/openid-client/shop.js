// A shop in Node.js that signs its customers in.
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import * as oidc from 'openid-client'

const { FOYER_ISSUER, FOYER_API, CLIENT_ID, CLIENT_SECRET, CLIENT_KEY, ORIGIN } = process.env
const RENEW_EARLY = Number(process.env.RENEW_EARLY ?? 60) * 1000 // before the token ends

const config = await oidc.discovery(new URL(FOYER_ISSUER), CLIENT_ID, {}, await authentication(), {
  execute: [
    oidc.enableNonRepudiationChecks, // looks at the ID token's signature, which TLS vouches for too
    oidc.allowInsecureRequests, // only because the issuer is on plain http: take it out elsewhere
  ],
})

/** By its secret, by its private key (a file with a JWK), or not at all. */
async function authentication() {
  if (CLIENT_SECRET) return oidc.ClientSecretBasic(CLIENT_SECRET)
  if (!CLIENT_KEY) return oidc.None()
  const jwk = JSON.parse(readFileSync(CLIENT_KEY, 'utf8'))
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256' }
  const key = await crypto.subtle.importKey('jwk', jwk, algorithm, false, ['sign'])
  return oidc.PrivateKeyJwt({ key, kid: jwk.kid })
}

/** What a browser has begun, and who is signed in there. With several processes: in a database. */
const sessions = new Map()

const pages = {
  'GET /': async ({ response }) => response.end('The shop'),

  async 'GET /sign-in'({ response }) {
    const begun = {
      pkceCodeVerifier: oidc.randomPKCECodeVerifier(),
      expectedState: oidc.randomState(),
      expectedNonce: oidc.randomNonce(),
    }
    keep(response, { begun })
    const to = oidc.buildAuthorizationUrl(config, {
      redirect_uri: `${ORIGIN}/callback`,
      scope: 'openid email profile:read',
      code_challenge: await oidc.calculatePKCECodeChallenge(begun.pkceCodeVerifier),
      code_challenge_method: 'S256',
      state: begun.expectedState,
      nonce: begun.expectedNonce,
    })
    redirect(response, to)
  },

  async 'GET /callback'({ url, response, session, id }) {
    sessions.delete(id)
    if (!session?.begun) return redirect(response, '/sign-in')
    // Checks state, iss, nonce, and all else that the answer and the ID token have to be.
    const tokens = await oidc.authorizationCodeGrant(config, url, session.begun)
    keep(response, signedIn(tokens))
    redirect(response, '/account')
  },

  async 'GET /account'({ response, session, id }) {
    if (!session?.tokens) return redirect(response, '/sign-in')
    try {
      const { tokens } = await renewed(session, id)
      const claims = tokens.claims()
      const api = new URL(`${FOYER_API}/profile`)
      const profile = await oidc.fetchProtectedResource(config, tokens.access_token, api, 'GET')
      const userinfo = await oidc.fetchUserInfo(config, tokens.access_token, claims.sub)
      const { data } = await profile.json()
      response.setHeader('content-type', 'application/json')
      response.end(JSON.stringify({ claims, userinfo, profile: data }))
    } catch (error) {
      const isOver = error.error === 'invalid_grant' || error.status === 401
      if (!isOver) throw error
      sessions.delete(id) // signed out elsewhere
      redirect(response, '/sign-in')
    }
  },

  async 'POST /sign-out'({ response, session, id }) {
    sessions.delete(id)
    const to = oidc.buildEndSessionUrl(config, {
      post_logout_redirect_uri: `${ORIGIN}/`,
      ...(session?.tokens && { id_token_hint: session.tokens.id_token }),
    })
    redirect(response, to)
  },
}

function signedIn(tokens, refreshToken = tokens.refresh_token) {
  return { tokens, refreshToken, endsAt: Date.now() + tokens.expiresIn() * 1000 }
}

async function renewed(session, id) {
  if (Date.now() < session.endsAt - RENEW_EARLY) return session
  const tokens = await oidc.refreshTokenGrant(config, session.refreshToken)
  if (tokens.claims().sub !== session.tokens.claims().sub) throw new Error('it is of somebody else')
  const next = signedIn(tokens, tokens.refresh_token ?? session.refreshToken)
  sessions.set(id, next)
  return next
}

function keep(response, session) {
  const id = randomUUID()
  sessions.set(id, session)
  // And Secure on https.
  response.setHeader('set-cookie', `shop=${id}; Path=/; HttpOnly; SameSite=Lax`)
}

function redirect(response, to) {
  response.writeHead(303, { location: String(to) }).end()
}

createServer((request, response) => {
  const url = new URL(request.url, ORIGIN)
  const id = /(?:^|; )shop=([^;]+)/.exec(request.headers.cookie)?.[1]
  const page = pages[`${request.method} ${url.pathname}`]
  if (!page) return response.writeHead(404).end()
  page({ url, response, id, session: sessions.get(id) }).catch((error) =>
    response.writeHead(400).end(`That did not work: ${error.message}`),
  )
}).listen(new URL(ORIGIN).port, new URL(ORIGIN).hostname)
