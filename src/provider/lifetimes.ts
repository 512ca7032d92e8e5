// How long what the engine issues lives, in seconds, and why.

const DAY = 24 * 60 * 60

export const lifetimes = {
  /** The Client API's tokens are checked without a store: an hour bounds what a stolen one is worth. */
  accessToken: 3600,
  clientCredentials: 3600,
  idToken: 3600,
  /** RFC 6749, 4.1.2 allows ten minutes; a redirect takes a second. */
  authorizationCode: 60,
  /** RFC 9126, 2.2: long enough for one redirect. */
  pushedAuthorizationRequest: 60,
  /** From the authorization request to the proof: people look for mails. */
  interaction: 3600,
  sessionIdle: 14 * DAY,
  /** From the sign-in on, for who does not want to stay signed in: a shared computer is left within a day. */
  sessionTransient: 12 * 60 * 60,
  /** From the sign-in on, however often the session is used. */
  sessionAbsolute: 90 * DAY,
  /** How long the cookie that a session had before still leads to it: longer than a request of another tab takes. */
  formerCookie: 30,
  refreshIdle: 30 * DAY,
  refreshAbsolute: 90 * DAY,
  /** How long the answer to a refresh is given again when it was lost on its way. */
  refreshWindow: 30,
  /** A grant's end takes its refresh tokens with it, so it must outlive the oldest of them. */
  grant: 97 * DAY,
} as const
