// Authlib: a Flask application, or a machine with requests.

import { type ClientValues, json, type Snippet, secretOf } from './client-values.ts'

export function authlib(values: ClientValues): Snippet {
  const code = values.kind === 'machine' ? machine(values) : flask(values)
  return { id: 'authlib', label: 'Authlib', language: 'python', code }
}

function machine(values: ClientValues): string {
  return `# token.py: pip install authlib requests && python token.py
from authlib.integrations.requests_client import OAuth2Session

session = OAuth2Session(${json(values.clientId)}, ${json(secretOf(values))})
print(session.fetch_token(${json(`${values.issuer}/oauth/token`)}, grant_type="client_credentials"))
`
}

function flask(values: ClientValues): string {
  const { issuer, clientId, redirectUri = '', scopes } = values
  const { pathname, port } = new URL(redirectUri)
  return `# app.py: pip install authlib flask requests && python app.py
import os

from authlib.integrations.flask_client import OAuth
from flask import Flask, session

app = Flask(__name__)
app.secret_key = os.urandom(32)

foyer = OAuth(app).register(
    "foyer",
    server_metadata_url=${json(`${issuer}/.well-known/openid-configuration`)},
    client_id=${json(clientId)},
    client_secret=${json(secretOf(values))},
    client_kwargs={"scope": ${json(scopes.join(' '))}, "code_challenge_method": "S256"},
)


@app.get("/sign-in")
def sign_in():
    return foyer.authorize_redirect(${json(redirectUri)})


@app.get(${json(pathname)})
def finish():
    foyer.authorize_access_token()
    session["user"] = foyer.userinfo()
    return session["user"]


app.run(port=${port || '80'})
`
}
