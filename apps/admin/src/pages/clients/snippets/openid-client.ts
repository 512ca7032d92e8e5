// openid-client 6: a server with its sign-in, a page with its sign-in, or a machine, each whole in one file.

import { type ClientValues, isPlain, js, type Snippet, secretOf } from './client-values.ts'

export function openidClient(values: ClientValues): Snippet {
  const isInBrowser = values.kind === 'browser' || values.kind === 'preview'
  const code =
    values.kind === 'machine' ? machine(values) : isInBrowser ? page(values) : server(values)
  return { id: 'openid-client', label: 'openid-client', language: 'js', code }
}

function discovery(values: ClientValues): string {
  const authentication =
    values.authentication === 'secret'
      ? `client.ClientSecretBasic(${js(secretOf(values))})`
      : 'client.None()'
  const insecure = isPlain(values)
    ? `,
  // Only because the issuer is on plain http: take it out elsewhere.
  { execute: [client.allowInsecureRequests] },
`
    : ',\n'
  return `const config = await client.discovery(
  new URL(${js(values.issuer)}),
  ${js(values.clientId)},
  undefined,
  ${authentication}${insecure})`
}

function machine(values: ClientValues): string {
  return `// token.mjs: npm install openid-client && node token.mjs
import * as client from 'openid-client'

${discovery(values)}

const tokens = await client.clientCredentialsGrant(config)
console.log(tokens)
`
}

function server(values: ClientValues): string {
  const { redirectUri = '', scopes } = values
  return `// sign-in.mjs: npm install openid-client && node sign-in.mjs
import { createServer } from 'node:http'
import * as client from 'openid-client'

${discovery(values)}

const redirectUri = new URL(${js(redirectUri)})
// One sign-in at a time is enough to try it out; a real server keeps this in the visitor's session.
let pending

async function begin(response) {
  pending = {
    pkceCodeVerifier: client.randomPKCECodeVerifier(),
    expectedState: client.randomState(),
    expectedNonce: client.randomNonce(),
  }
  const address = client.buildAuthorizationUrl(config, {
    redirect_uri: redirectUri.href,
    scope: ${js(scopes.join(' '))},
    code_challenge: await client.calculatePKCECodeChallenge(pending.pkceCodeVerifier),
    code_challenge_method: 'S256',
    state: pending.expectedState,
    nonce: pending.expectedNonce,
  })
  response.writeHead(302, { location: address.href }).end()
}

async function finish(url, response) {
  const tokens = await client.authorizationCodeGrant(config, url, pending)
  const claims = tokens.claims()
  const user = await client.fetchUserInfo(config, tokens.access_token, claims.sub)
  response.writeHead(200, { 'content-type': 'application/json' })
  response.end(JSON.stringify({ claims, user }, null, 2))
}

createServer((request, response) => {
  const url = new URL(request.url, redirectUri)
  const done = url.pathname === redirectUri.pathname ? finish(url, response) : begin(response)
  done.catch((error) => response.writeHead(500).end(String(error)))
}).listen(redirectUri.port || 80, redirectUri.hostname, () => {
  console.log(\`Open \${new URL('/sign-in', redirectUri)}\`)
})
`
}

function page(values: ClientValues): string {
  const { redirectUri = '', scopes } = values
  return `// sign-in.js, for your bundler: npm install openid-client
import * as client from 'openid-client'

${discovery(values)}

const redirectUri = ${js(redirectUri)}

/** Call it when somebody clicks "Sign in". */
export async function signIn() {
  const pending = {
    pkceCodeVerifier: client.randomPKCECodeVerifier(),
    expectedState: client.randomState(),
    expectedNonce: client.randomNonce(),
  }
  sessionStorage.setItem('sign-in', JSON.stringify(pending))
  location.assign(
    client.buildAuthorizationUrl(config, {
      redirect_uri: redirectUri,
      scope: ${js(scopes.join(' '))},
      code_challenge: await client.calculatePKCECodeChallenge(pending.pkceCodeVerifier),
      code_challenge_method: 'S256',
      state: pending.expectedState,
      nonce: pending.expectedNonce,
    }),
  )
}

/** Call it on the page that people come back to. */
export async function finishSignIn() {
  const pending = JSON.parse(sessionStorage.getItem('sign-in') ?? 'null')
  if (!pending) return undefined
  sessionStorage.removeItem('sign-in')
  const tokens = await client.authorizationCodeGrant(config, new URL(location.href), pending)
  history.replaceState(null, '', location.pathname)
  const claims = tokens.claims()
  const user = await client.fetchUserInfo(config, tokens.access_token, claims.sub)
  return { tokens, claims, user }
}
`
}
