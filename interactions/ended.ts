// A sign-in that is over, for whatever reason: what its page says, and how one goes on from there.

import type { Context } from 'koa'
import { requestIdOf } from '../src/http/request-id.ts'
import { sendPage } from '../src/http/security-headers.ts'
import type { Log } from '../src/shared/log.ts'
import type { Organisation } from '../src/stores/organisations.ts'
import { addressesOf, restartTokenOf } from './addresses.ts'
import type { Ended, InteractionEngine } from './engine.ts'
import { frameOf } from './frame.ts'
import { localeOf } from './locale.ts'
import { errorPage } from './pages/error.ts'
import { policyOf } from './pages/layout.ts'
import { wayFromEnd } from './way-on.ts'

export type EndedParts = {
  engineOf(organisation: Organisation): Promise<InteractionEngine>
  organisationOf(ctx: Context): Organisation
  issuerOf(organisation: Organisation): string
  log: Log
}

type Page = { organisation: Organisation; engine: InteractionEngine }

/** The page in place of any page or form whose interaction is gone, or is another browser's. */
export async function showEnded(
  parts: EndedParts,
  ctx: Context,
  { organisation, engine }: Page,
): Promise<void> {
  const ended = await engine.ended(ctx)
  const issuer = parts.issuerOf(organisation)
  const uid = String(ctx.params.uid)
  const token = restartTokenOf(ctx)
  const supportCode = requestIdOf(ctx.req)
  parts.log.info(
    {
      request: supportCode,
      organisation: organisation._id,
      client: ended?.client?.name,
      reason: reasonOf(token, ended),
    },
    'a sign-in could not go on',
  )
  const locale = localeOf(ctx, {
    uiLocales: ended?.uiLocales ?? [],
    fallback: organisation.locale,
  })
  const frame = frameOf({ organisation, issuer, locale })
  const html = errorPage({
    ...frame,
    addresses: addressesOf({ issuer, uid, restart: ended && token }),
    kind: ended?.isOpen ? 'interrupted' : 'ended',
    wayOn: wayFromEnd(issuer, { uid, token }, ended),
    ...(supportCode && { supportCode }),
  })
  sendPage(ctx, { html, policy: policyOf(frame.look), status: 410 })
}

function reasonOf(token: string | undefined, ended: Ended | undefined): string {
  if (!ended) return token ? 'its restart token is not valid here' : 'it has no restart token'
  return ended.isOpen ? 'it can be started again' : 'it is over, or began in another browser'
}

/** `GET …/again`: the way forward of a sign-in that was interrupted asks for the same once more. */
export async function startAgain(parts: EndedParts, ctx: Context): Promise<void> {
  const organisation = parts.organisationOf(ctx)
  const engine = await parts.engineOf(organisation)
  const interaction = await engine.read(ctx)
  if (interaction) {
    const issuer = parts.issuerOf(organisation)
    ctx.status = 303
    return ctx.redirect(addressesOf({ issuer, ...interaction }).page())
  }
  if (await engine.startAgain(ctx)) return
  await showEnded(parts, ctx, { organisation, engine })
}
