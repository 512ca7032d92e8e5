// Signing in on an application's own page: what a running sign-in was begun with, and what comes of each of its steps.

import { type Clock, HOUR } from '../../../shared/clock.ts'
import type { Locale } from '../../../shared/locale.ts'
import type { AcceptableKind } from '../../../shared/policy-kinds.ts'
import { type Random, sha256 } from '../../../shared/secrets.ts'
import type { Account } from '../../../stores/accounts.ts'
import type { Ephemeral } from '../../../stores/ephemeral.ts'
import type { Organisation } from '../../../stores/organisations.ts'
import { resolveSignInSettings } from '../limits/settings.ts'
import type { Agreements, DuePolicy, ProvenSignIn } from './agreements.ts'
import type { PendingChallenge } from './challenges.ts'
import type { SignIn } from './sign-in.ts'

/** What the application asked for when it began: the authorization code is made of this, whatever it says later. */
export type AskedSignIn = {
  /** The id of the client. */
  client: string
  /** PKCE, method S256 (RFC 7636, 4.2). */
  codeChallenge: string
  scopes: readonly string[]
  resource: string
  nonce?: string
  /** The thumbprint of the key that the code is bound to (RFC 9449, 10). */
  proofKey?: string
  /** The language of its mails. */
  locale: Locale
}

/** A sign-in that has begun, and is not over. */
export type RunningSignIn = AskedSignIn & {
  /** What only the application knows it by. */
  session: string
  pending: PendingChallenge | undefined
}

/** Whose request it is. */
export type Asking = {
  organisation: Organisation
  client: { id: string; name: string }
  /** Source address, after `TRUST_PROXY`. */
  source: string
  userAgent: string
}

export type CodeOutcome =
  /**
   * The same whether the address has an account, is disabled or over a limit, and whether another code was
   * asked for too soon. Times in milliseconds from now: the clocks of devices are wrong.
   */
  | {
      outcome: 'code-sent'
      session: string
      codeLength: number
      expiresIn: number
      resendIn: number
    }
  | { outcome: 'invalid-address' }
  /** `retryAfter` in seconds. */
  | { outcome: 'too-many-requests'; retryAfter: number }
  /** Too many have guessed at the address, account or not: only a browser that knows it may go on, on our pages. */
  | { outcome: 'not-here' }

export type ProofOutcome =
  | { outcome: 'signed-in'; code: string }
  /** Right, but first these are to be accepted. */
  | { outcome: 'policies-due'; due: readonly DuePolicy[] }
  /** `attemptsLeft` is missing where nothing was counted: what was sent cannot be a code. */
  | { outcome: 'wrong-code'; attemptsLeft?: number }
  | { outcome: 'expired-code' }
  /** It is over. */
  | { outcome: 'no-tries-left' }
  | { outcome: 'too-many-requests'; retryAfter: number }
  | { outcome: 'not-here' }
  /** It was finished already, or its account or client is gone. */
  | { outcome: 'over' }

/** Every method throws `StoreUnavailable` when a store is away; then nothing was decided. */
export type FirstPartySignIns = {
  /** The running sign-in of this organisation; `undefined` when there is none, or not any more. */
  find(organisation: Organisation, session: string): Promise<RunningSignIn | undefined>
  begin(asking: Asking, asked: AskedSignIn, email: string): Promise<CodeOutcome>
  /** Another code, or one for another address. */
  sendAgain(asking: Asking, running: RunningSignIn, email: string): Promise<CodeOutcome>
  /** The code as typed. However many are right at once, one of them gets an authorization code. */
  prove(asking: Asking, running: RunningSignIn, code: string): Promise<ProofOutcome>
  /** Accepts the versions that were shown; `over` unless a right code came before. Once. */
  accept(
    asking: Asking,
    running: RunningSignIn,
    numbers: { readonly [kind in AcceptableKind]?: number },
  ): Promise<ProofOutcome>
}

export type CodeRequest = {
  organisation: Organisation
  asked: AskedSignIn
  /** Who signed in, and when, in milliseconds since 1970. */
  account: string
  at: number
  /** By when the session has to end, where it has to, in milliseconds since 1970. */
  endsBy?: number
  userAgent: string
}

/** As long as the interaction of a page: a code that was sent in its last minutes ends with it. */
const LIFE = HOUR
/** 256 bits (draft-ietf-oauth-first-party-apps-04, 5.3.1). */
const SESSION_BYTES = 32

type Parts = {
  signIn: SignIn
  agreements: Agreements
  /** Makes session, grant and authorization code; `undefined` when the account or the client is gone. */
  issueCode(request: CodeRequest): Promise<string | undefined>
  ephemeral: Ephemeral
  random: Random
  clock: Clock
}

function keyOf({ _id }: Organisation, session: string): string {
  return `first-party:${sha256(`${_id}/${session}`)}`
}

export function createFirstPartySignIns(parts: Parts): FirstPartySignIns {
  const { signIn, agreements, ephemeral, clock } = parts
  const { end, finish, refuse, proven } = createEnds(parts)

  async function send(
    { organisation, client, source, userAgent }: Asking,
    { session, pending, locale }: Pick<RunningSignIn, 'session' | 'pending' | 'locale'>,
    email: string,
  ): Promise<CodeOutcome> {
    // Both always: how long it takes tells nothing of the address.
    const [started, isLocked] = await Promise.all([
      signIn.start({
        organisation,
        challenge: session,
        pending,
        email,
        client,
        locale,
        source,
        userAgent,
      }),
      signIn.isLocked(organisation, email),
    ])
    if (started.outcome === 'invalid-address' || started.outcome === 'too-many-requests')
      return started
    if (isLocked) return { outcome: 'not-here' }
    const now = clock.now()
    return {
      outcome: 'code-sent',
      session,
      codeLength: resolveSignInSettings(organisation.signIn).codeLength,
      expiresIn: Math.max(0, started.expiresAt - now),
      resendIn: Math.max(0, started.resendAt - now),
    }
  }

  return {
    async find(organisation, session) {
      const [stored, pending] = await Promise.all([
        ephemeral.get(keyOf(organisation, session)),
        signIn.pending(organisation, session),
      ])
      if (stored === undefined) return undefined
      return { ...(JSON.parse(stored) as AskedSignIn), session, pending } // we wrote it, see `begin`
    },

    async begin(asking, asked, email) {
      const session = parts.random.token(SESSION_BYTES)
      const outcome = await send(asking, { ...asked, session, pending: undefined }, email)
      if (outcome.outcome === 'code-sent')
        await ephemeral.set(keyOf(asking.organisation, session), JSON.stringify(asked), LIFE)
      return outcome
    },

    sendAgain: send,

    async prove(asking, running, code) {
      const { organisation, client, source } = asking
      const { session, pending, locale } = running
      const outcome = await signIn.verify({
        organisation,
        challenge: session,
        pending,
        code,
        client: client.id,
        locale,
        source,
      })
      switch (outcome.outcome) {
        case 'signed-in':
          return proven(asking, running, outcome)
        case 'malformed-code':
          return { outcome: 'wrong-code' }
        case 'wrong-code':
          return outcome.attemptsLeft > 0 ? outcome : refuse(organisation, running)
        case 'too-many-requests':
          return outcome
        case 'no-code': {
          // What a right code has taken leaves nothing; an expired one can be sent again.
          const isLeft = await signIn.pending(organisation, session)
          return { outcome: isLeft ? 'expired-code' : 'over' }
        }
      }
    },

    async accept(asking, running, numbers) {
      const { organisation, client, source } = asking
      const { session, locale } = running
      const held = await agreements.held(organisation, session)
      if (!held) return { outcome: 'over' }
      const person = { organisation, account: held.accountId, client }
      if (!(await agreements.accept(person, { numbers, locale, source })))
        return { outcome: 'policies-due', due: await agreements.due(person) }
      // Of many at once one goes on.
      if ((await end(organisation, session)) === undefined) return { outcome: 'over' }
      return finish(asking, running, held)
    },
  }
}

/** What becomes of a sign-in whose code was looked at. */
function createEnds({ signIn, agreements, issueCode, ephemeral, clock }: Parts) {
  /** Nobody gets here twice: the code was taken, or what was held. */
  async function finish(
    { organisation, userAgent }: Asking,
    { session: _session, pending: _pending, ...asked }: RunningSignIn,
    { accountId, at, endsBy }: ProvenSignIn,
  ): Promise<ProofOutcome> {
    const until = endsBy === undefined ? {} : { endsBy }
    const request = { organisation, asked, account: accountId, at, ...until, userAgent }
    const code = await issueCode(request)
    return code === undefined ? { outcome: 'over' } : { outcome: 'signed-in', code }
  }

  function end(organisation: Organisation, session: string): Promise<string | undefined> {
    return ephemeral.take(keyOf(organisation, session))
  }

  /** The last try is spent: a code that is sent now would open nothing. */
  async function refuse(organisation: Organisation, running: RunningSignIn): Promise<ProofOutcome> {
    const email = running.pending?.email ?? ''
    if (await signIn.isLocked(organisation, email)) return { outcome: 'not-here' }
    await Promise.all([
      end(organisation, running.session),
      signIn.forget(organisation, running.session),
    ])
    return { outcome: 'no-tries-left' }
  }

  async function proven(
    asking: Asking,
    running: RunningSignIn,
    outcome: { account: Account; endsBy?: number },
  ) {
    const { organisation, client } = asking
    const account = outcome.account._id
    const until = outcome.endsBy === undefined ? {} : { endsBy: outcome.endsBy }
    const signedIn = { accountId: account, at: clock.now(), remember: true, ...until }
    const due = await agreements.due({ organisation, account, client })
    if (due.length > 0) {
      await agreements.hold(organisation, running.session, signedIn)
      return { outcome: 'policies-due', due } as const
    }
    await end(organisation, running.session)
    return finish(asking, running, signedIn)
  }

  return { end, finish, refuse, proven }
}
