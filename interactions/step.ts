// What every step of sign-in shares: the interaction, the organisation, the language, and who may post.

import type { Context } from 'koa'
import { readForm } from '../src/http/body.ts'
import { sendPage } from '../src/http/security-headers.ts'
import type { Agreements, ProvenSignIn } from '../src/services/identity/sign-in/agreements.ts'
import type { PendingChallenge } from '../src/services/identity/sign-in/challenges.ts'
import type { SignIn } from '../src/services/identity/sign-in/sign-in.ts'
import type { Clock } from '../src/shared/clock.ts'
import { AppError } from '../src/shared/errors.ts'
import type { Locale } from '../src/shared/locale.ts'
import type { Organisation } from '../src/stores/organisations.ts'
import { type Addresses, addressesOf } from './addresses.ts'
import { type EndedParts, showEnded } from './ended.ts'
import type { Interaction, InteractionEngine } from './engine.ts'
import { frameOf } from './frame.ts'
import { localeOf } from './locale.ts'
import { type PageFrame, policyOf } from './pages/layout.ts'

export type InteractionParts = EndedParts & {
  signIn: SignIn
  agreements: Agreements
  /** The address of an account, for pages that say who is signed in. */
  emailOf(organisation: Organisation, accountId: string): Promise<string | undefined>
  /** The cookie of known browsers: `secure` says whether the issuer is reached by https. */
  knownBrowserCookieOf(organisation: Organisation): { name: string; path: string; secure: boolean }
  clock: Clock
}

/** One request of one step. */
export type Step = {
  ctx: Context
  parts: InteractionParts
  organisation: Organisation
  engine: InteractionEngine
  interaction: Interaction
  /** The challenge of this sign-in, when a code was asked for. */
  pending: PendingChallenge | undefined
  /** The sign-in whose code was right, while its person reads what they shall accept. */
  proven: ProvenSignIn | undefined
  locale: Locale
  /** What its pages are told. */
  frame: PageFrame & { addresses: Addresses }
}

/** Reads the interaction, then runs the step; without one the page says that this sign-in has ended. */
export function step(parts: InteractionParts, run: (step: Step) => Promise<void>) {
  return async (ctx: Context): Promise<void> => {
    const organisation = parts.organisationOf(ctx)
    const engine = await parts.engineOf(organisation)
    // Asked together: the challenge is shown to nobody who does not hold the interaction's cookie.
    const uid = String(ctx.params.uid)
    const [interaction, pending, proven] = await Promise.all([
      engine.read(ctx),
      parts.signIn.pending(organisation, uid),
      parts.agreements.held(organisation, uid),
    ])
    if (!interaction) return showEnded(parts, ctx, { organisation, engine })
    const locale = localeOf(ctx, {
      uiLocales: interaction.uiLocales,
      fallback: organisation.locale,
    })
    const issuer = parts.issuerOf(organisation)
    const frame = {
      ...frameOf({ organisation, issuer, locale }),
      addresses: addressesOf({ issuer, ...interaction }),
    }
    const found = { engine, interaction, pending, proven }
    await run({ ctx, parts, organisation, ...found, locale, frame })
  }
}

export function show(step: Step, html: string, status = 200): void {
  sendPage(step.ctx, { html, policy: policyOf(step.frame.look), status })
}

/** The page again, by GET: reloading it repeats nothing. `query` says what has just happened. */
export function backToPage(step: Step, query?: Readonly<Record<string, string>>): void {
  step.ctx.status = 303
  step.ctx.redirect(step.frame.addresses.page(query))
}

/** The posted fields, exactly those named; anything else is refused with 400. A box that is not ticked is not sent. */
export async function fieldsOf<Name extends string>(
  step: Step,
  names: readonly Name[] = [],
  boxes: readonly string[] = [],
): Promise<{ [name in Name]: string } & { [box: string]: string | undefined }> {
  refuseForeignForm(step)
  const form = await readForm(step.ctx)
  const sent = Object.keys(form).filter((name) => !boxes.includes(name))
  const isExact = sent.length === names.length && names.every((name) => name in form)
  if (!isExact)
    throw new AppError('bad_request', { message: 'The form has other fields than its page' })
  return form as { [name in Name]: string } // just checked
}

/**
 * The interaction cookie is `SameSite=Lax`, so another site's form comes without it. This is the second
 * lock: what a browser says of where the form stood. `Origin` is `null` for our own pages, because they
 * send no referrer; then only `Sec-Fetch-Site` tells. Programs that are no browsers send neither.
 */
function refuseForeignForm({ ctx, parts, organisation }: Step): void {
  const site = ctx.get('sec-fetch-site')
  const origin = ctx.get('origin')
  const isForeign =
    (site !== '' && site !== 'same-origin') ||
    (origin !== '' && origin !== 'null' && origin !== new URL(parts.issuerOf(organisation)).origin)
  if (isForeign) throw new AppError('origin_not_allowed')
}
