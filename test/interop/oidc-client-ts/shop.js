// A shop in the browser alone that signs its customers in.
import { UserManager } from 'oidc-client-ts'

const { issuer, api, clientId } = window.settings

const manager = new UserManager({
  authority: issuer,
  client_id: clientId,
  redirect_uri: `${location.origin}/callback`,
  post_logout_redirect_uri: `${location.origin}/`,
  scope: 'openid email profile:read',
  loadUserInfo: true,
  automaticSilentRenew: true, // by the refresh token, a minute before the access token ends
})

async function showAccount() {
  const user = await manager.getUser()
  if (!user) return show('Nobody is signed in.')
  const authorization = `Bearer ${user.access_token}`
  const answer = await fetch(`${api}/profile`, { headers: { authorization } })
  if (answer.status === 401) return forget()
  const { data } = await answer.json()
  show(JSON.stringify({ claims: user.profile, profile: data }))
}

/** The customer has signed out elsewhere: the access token is refused, the refresh token is over. */
async function forget() {
  await manager.removeUser()
  show('Nobody is signed in.')
}

function show(text) {
  document.querySelector('output').textContent = text
}

const buttons = {
  // Without a nonce of yours, none is sent.
  'sign-in': () => manager.signinRedirect({ nonce: crypto.randomUUID() }),
  renew: () => manager.signinSilent().catch(forget),
  'sign-out': () => manager.signoutRedirect(),
}
for (const [id, act] of Object.entries(buttons)) document.getElementById(id).onclick = act

manager.events.addUserLoaded(showAccount)
manager.events.addSilentRenewError(forget)

if (location.pathname === '/callback') {
  await manager.signinCallback().catch((error) => show(`That did not work: ${error.message}`))
  history.replaceState(null, '', '/')
} else {
  await showAccount()
}
