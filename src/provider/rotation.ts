// Refreshing that signs no honest client out: an answer that was lost is given again, a token that was stolen ends its grant.

import { errors, type KoaContextWithOIDC } from 'oidc-provider'
import { type Clock, SECOND } from '../shared/clock.ts'
import type { Keyring } from '../shared/secrets.ts'
import { lifetimes } from './lifetimes.ts'
import { recordOf } from './seam.ts'

/** What a refresh token was replaced by; the storage declares the same shape as its own. */
export type Replacement = { at: number; answer?: string }

export type Presented = {
  account: string | undefined
  replacement?: Replacement
}

/** The order of writes that strands nobody, kept by the storage. */
export type RefreshTokenRotation = {
  hold<T>(token: string, work: (presented: Presented) => Promise<T>): Promise<T>
  commit(answer: string): Promise<'written' | 'nothing' | 'lost'>
  replacementOf(token: string): Promise<Replacement | undefined>
}

export type RotationParts = {
  rotation: RefreshTokenRotation
  keyring: Pick<Keyring, 'seal' | 'open'>
  clock: Clock
  /**
   * How long a lost answer is given again, in milliseconds, and longer by what the clock of another process may
   * differ; 0 switches it off.
   */
  window: number
  /** A session was used by a refresh. */
  onSessionUsed(uid: string): Promise<void>
  /** A token that was replaced came back: its grant has just ended, and its owner should hear of it. */
  onReuse(reuse: { account: string; client: { id: string; name: string } }): Promise<void>
}

/** The token endpoint's answer (RFC 6749, 5.1), and when it was made, in seconds since 1970. */
type Answer = { madeAt: number; body: { expires_in?: number; refresh_token: string } }

/** Puts the rotation around the engine's handler of `grant_type=refresh_token`; the client has authenticated by then. */
export function createRefreshHandler<Ctx extends KoaContextWithOIDC>(
  handler: (ctx: Ctx) => void | Promise<void>,
  parts: RotationParts,
): (ctx: Ctx) => Promise<void> {
  const { rotation, clock } = parts

  /** Gives the answer again that replaced the token: to the same client, asking for the same. */
  async function repeat(
    ctx: KoaContextWithOIDC,
    replacement: Replacement | undefined,
  ): Promise<boolean> {
    const isRecent = replacement && isInTime(replacement.at, parts)
    const answer = isRecent && replacement.answer && open(parts, ctx, replacement.answer)
    if (!answer) return false
    // Used already, or ended with its session: then it is the engine that refuses.
    const successor = await ctx.oidc.provider.RefreshToken.find(answer.body.refresh_token)
    if (!successor || successor.consumed) return false
    const age = Math.max(0, Math.floor(clock.now() / SECOND) - answer.madeAt)
    const lifetime = answer.body.expires_in
    ctx.body = { ...answer.body, ...(lifetime && { expires_in: Math.max(1, lifetime - age) }) }
    return true
  }

  return async (ctx) => {
    const token = tokenOf(ctx)
    if (!token) return await handler(ctx)
    await rotation.hold(token, async (presented) => {
      if (await repeat(ctx, presented.replacement)) return
      try {
        await handler(ctx)
      } catch (error) {
        // The engine takes the token away when it ends the grant, and for no other reason.
        const hasEnded = presented.replacement && !(await rotation.replacementOf(token))
        if (hasEnded) await tellOfReuse(ctx, presented, parts)
        throw error
      }
      const [outcome] = await Promise.all([rotation.commit(seal(parts, ctx)), noteUse(ctx, parts)])
      if (outcome !== 'lost' || (await repeat(ctx, await rotation.replacementOf(token)))) return
      throw new errors.InvalidGrant('refresh token was used already')
    })
  }
}

/**
 * Another process may have replaced it, by its own clock: who repeats in time is no thief because of that. From
 * a clock that is behind, what was just done lies in the future.
 */
function isInTime(at: number, { clock, window }: RotationParts): boolean {
  return window > 0 && clock.now() - at <= window + lifetimes.clockLeeway * SECOND
}

/** At the same time as the writes of the rotation, so that it takes none of its own. */
async function noteUse(ctx: KoaContextWithOIDC, { onSessionUsed }: RotationParts): Promise<void> {
  const uid = ctx.oidc.entities.RefreshToken?.sessionUid
  if (uid) await onSessionUsed(uid)
}

async function tellOfReuse(
  ctx: KoaContextWithOIDC,
  presented: Presented,
  { onReuse }: RotationParts,
): Promise<void> {
  const { client } = ctx.oidc
  if (!client || !presented.account) return
  const { name } = recordOf(client)
  await onReuse({ account: presented.account, client: { id: client.clientId, name } })
}

function tokenOf(ctx: KoaContextWithOIDC): string | undefined {
  const token = ctx.oidc.params?.refresh_token
  return typeof token === 'string' && token !== '' ? token : undefined
}

/** Whoever opens the answer shows the same token, as the same client, and asks for the same. */
function contextOf(ctx: KoaContextWithOIDC) {
  const { client, params } = ctx.oidc
  const asked = [client?.clientId, params?.scope, params?.resource]
  return { context: JSON.stringify(asked), bearer: tokenOf(ctx) ?? '' }
}

function seal({ keyring, clock }: RotationParts, ctx: KoaContextWithOIDC): string {
  const answer: Answer = {
    madeAt: Math.floor(clock.now() / SECOND),
    body: ctx.body as Answer['body'], // the engine has just made it
  }
  return keyring.seal('seal:refresh', contextOf(ctx), JSON.stringify(answer))
}

function open({ keyring }: RotationParts, ctx: KoaContextWithOIDC, sealed: string) {
  const clear = keyring.open('seal:refresh', contextOf(ctx), sealed)
  return clear === undefined ? undefined : (JSON.parse(clear) as Answer) // authenticated: we wrote it
}
