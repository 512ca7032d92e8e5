// When the engine asks somebody for a sign-in or a permission, where that differs from its own rules.

import { errors, interactionPolicy } from 'oidc-provider'
import { isOidcScope } from './resources.ts'
import { cookieOf, requestedScopes, resourcesOf } from './seam.ts'

export type PromptParts = {
  /** The one client whose tokens open the Admin API. */
  consoleClient: string
  /** Whether a browser has such a cookie from a hand-off. */
  isHandedOn(cookie: string): boolean
}

export function promptPolicy(parts: PromptParts): interactionPolicy.DefaultPolicy {
  const base = interactionPolicy.base()
  // A page for every native sign-in helps nobody who was just asked for a code.
  base.get('consent')?.checks.remove('native_client_prompt')
  base.get('login')?.checks.add(nothingIsAsked)
  base.get('login')?.checks.add(accountIsGone)
  base.get('login')?.checks.add(createOperatorIsUnproven(parts))
  return base
}

/**
 * Asks for no prompt: it refuses the request (RFC 6749, 3.3). The engine would find only after the sign-in that
 * there is nothing to grant, and say that the customer had denied it.
 */
const nothingIsAsked = new interactionPolicy.Check(
  'no_scope',
  'A scope is required',
  'invalid_scope',
  (ctx) => {
    const asked = requestedScopes(ctx)
    if (asked.size === 0)
      throw new errors.InvalidScope('scope is missing: ask for openid, or for more', '')
    const servers = Object.values(resourcesOf(ctx))
    const mayHave = (scope: string): boolean =>
      isOidcScope(scope) || servers.some(({ scopes }) => scopes.has(scope))
    if (![...asked].some(mayHave))
      throw new errors.InvalidScope(
        'the client may have none of these scopes',
        [...asked].join(' '),
      )
    return false
  },
)

/** Disabled, or removed, while its session lived or its sign-in was under way: the engine does not look. */
const accountIsGone = new interactionPolicy.Check(
  'no_account',
  'End-User authentication is required',
  'login_required',
  ({ oidc }) => oidc.session?.accountId !== undefined && oidc.account === undefined,
)

/**
 * A site's access token is worth a session in a browser, and that shall not be worth the console: whoever
 * runs a site, or steals a token there, would be the operator who signed in on it. So the code for the
 * console is typed on our pages, in that very browser, and its mail says what it opens.
 */
function createOperatorIsUnproven({ consoleClient, isHandedOn }: PromptParts) {
  return new interactionPolicy.Check(
    'handed_on',
    'End-User authentication is required',
    'login_required',
    ({ oidc }) =>
      oidc.client?.clientId === consoleClient &&
      oidc.result?.login === undefined &&
      oidc.session !== undefined &&
      isHandedOn(cookieOf(oidc.session)),
  )
}
