// A sign-in by hand: curl, and a browser for the customer’s part of it.

import { type ClientValues, type Snippet, secretOf, sh } from './client-values.ts'

export function curl(values: ClientValues): Snippet {
  const code = values.kind === 'machine' ? machine(values) : signIn(values)
  return { id: 'curl', label: 'curl', language: 'sh', code }
}

function machine(values: ClientValues): string {
  return `curl -sS ${sh(`${values.issuer}/oauth/token`)} \\
  -u ${sh(`${encodeURIComponent(values.clientId)}:${encodeURIComponent(secretOf(values))}`)} \\
  -d grant_type=client_credentials
`
}

function signIn(values: ClientValues): string {
  const { issuer, clientId, redirectUri = '', scopes } = values
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: clientId,
    redirect_uri: redirectUri,
    scope: scopes.join(' '),
    code_challenge_method: 'S256',
  })
  const authentication =
    values.authentication === 'secret'
      ? `-u ${sh(`${encodeURIComponent(clientId)}:${encodeURIComponent(secretOf(values))}`)}`
      : `--data-urlencode ${sh(`client_id=${clientId}`)}`
  return `verifier=$(openssl rand -hex 32)
challenge=$(printf %s "$verifier" | openssl dgst -sha256 -binary | openssl base64 | tr '+/' '-_' | tr -d '=')
state=$(openssl rand -hex 16)

echo "Open this address, and sign in:"
echo ${sh(`${issuer}/oauth/authorize?${query}`)}"&state=$state&code_challenge=$challenge"
printf 'The address that you come back to has a code. Paste the code: '
read -r code

curl -sS ${sh(`${issuer}/oauth/token`)} \\
  ${authentication} \\
  --data-urlencode grant_type=authorization_code \\
  --data-urlencode ${sh(`redirect_uri=${redirectUri}`)} \\
  --data-urlencode "code_verifier=$verifier" \\
  --data-urlencode "code=$code"
`
}
