// Telling the applications of an ended session that it is over (OpenID Connect Back-Channel Logout 1.0).

/** A session that is over, and who has to know. */
export type EndedSession = {
  organisation: string
  /** The session's own id: the `sid` of access tokens, of the session list and of the deny-list. */
  uid: string
  /** The account that was signed in: the `sub` of ID tokens. */
  account: string
  /**
   * The clients that signed in through the session. `sid` is the engine's own: it stands in ID tokens and
   * logout tokens, one for each client and session, and is never compared with `uid`.
   */
  clients: readonly { client: string; sid: string }[]
}

export type LogoutNotices = {
  /**
   * Puts down one notice for each client that registered an address for it. Resolves when the notices are
   * kept: they are delivered afterwards, by whichever process, whatever becomes of this one. Telling the
   * same session twice changes nothing. Throws `StoreUnavailable`; then the caller tells again.
   */
  tell(ended: EndedSession): Promise<void>
}
