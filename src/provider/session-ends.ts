// Sessions that end on a certain day, whatever else was chosen: those that a fixed code opened end with the code.

import Provider, { type KoaContextWithOIDC } from 'oidc-provider'

/** A session as it is kept; the engine's typings do not know what we keep with it. */
type Ending = {
  /** It is over then, in seconds since 1970, with all that it gave; absent where only lifetimes bound it. */
  endsBy?: number | undefined
}

/** When the session has to be over, in seconds since 1970; `undefined` where only lifetimes bound it. */
export function endOf(session: object | undefined): number | undefined {
  return (session as Ending | undefined)?.endsBy // `keepEnds` puts it there
}

/**
 * Keeps with each session by when it has to end, as the sign-in that opened it said; another sign-in says
 * anew. Undocumented surface of the engine: `IN_PAYLOAD` names what is stored, and `loginAccount` is called
 * for every sign-in. Pinned by a test.
 */
export function keepEnds({ Session }: Provider): void {
  const { IN_PAYLOAD: known } = Session as unknown as { IN_PAYLOAD: string[] } // missing from its typings
  Object.defineProperty(Session, 'IN_PAYLOAD', { value: [...known, 'endsBy'] })
  const { loginAccount } = Session.prototype
  Session.prototype.loginAccount = function (this: Ending & InstanceType<typeof Session>, login) {
    const { endsBy } = { ...answered(Provider.ctx), ...(login as Ending) }
    loginAccount.call(this, login)
    if (endsBy === undefined) delete this.endsBy
    else this.endsBy = endsBy
  }
}

/** What the pages said of the sign-in with which the engine goes on now: of it the engine takes what it knows. */
function answered(ctx: KoaContextWithOIDC | undefined): Ending | undefined {
  return ctx?.oidc?.entities.Interaction?.result?.login as Ending | undefined // `signedIn` put it there
}

/** By when the session has to end from which the engine gives tokens now. */
export async function endOfTokens({ oidc }: KoaContextWithOIDC): Promise<number | undefined> {
  const { AuthorizationCode: code, RefreshToken: refresh } = oidc.entities
  const { sessionUid, expiresWithSession } = code ?? refresh ?? {}
  if (!sessionUid || !expiresWithSession) return undefined
  return endOf(await oidc.provider.Session.findByUid(sessionUid)) // the engine has just asked for it
}
