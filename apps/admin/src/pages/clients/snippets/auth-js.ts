// Auth.js 5 in a Next.js application.

import { type ClientValues, js, type Snippet, secretOf } from './client-values.ts'

export function authJs(values: ClientValues): Snippet {
  const { issuer, clientId, scopes } = values
  const code = `// auth.ts; the redirect URI to register is https://YOUR-SITE/api/auth/callback/foyer
import NextAuth from 'next-auth'

export const { handlers, signIn, signOut, auth } = NextAuth({
  providers: [
    {
      id: 'foyer',
      name: 'Foyer',
      type: 'oidc',
      issuer: ${js(issuer)},
      clientId: ${js(clientId)},
      clientSecret: ${js(secretOf(values))},
      authorization: { params: { scope: ${js(scopes.join(' '))} } },
      checks: ['pkce', 'state', 'nonce'],
      idToken: false, // name and e-mail address are at userinfo
    },
  ],
})
`
  return { id: 'auth-js', label: 'Auth.js', language: 'ts', code }
}
