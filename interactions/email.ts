// The step of the address: asks for it, and starts a challenge.

import type { StartOutcome } from '../src/services/identity/sign-in/sign-in.ts'
import { parseEmailAddress } from '../src/shared/email-address.ts'
import { showCode } from './code.ts'
import { knownBrowserOf } from './known-browser.ts'
import { type EmailPage, emailPage } from './pages/email.ts'
import { backToPage, fieldsOf, type Step, show } from './step.ts'

/** The page, with the address that the application expects already in the field. */
export function showEmail(
  step: Step,
  problem?: { email: string } & Pick<EmailPage, 'problem'>,
  status = 200,
): void {
  const hint = parseEmailAddress(step.interaction.loginHint ?? '')?.display ?? ''
  const html = emailPage({
    ...step.frame,
    clientName: step.interaction.client.name,
    email: problem?.email ?? hint,
    ...(problem?.problem && { problem: problem.problem }),
  })
  show(step, html, status)
}

/** `POST …/email` */
export async function submitEmail(step: Step): Promise<void> {
  const { email } = await fieldsOf(step, ['email'])
  const outcome = await start(step, email)
  // Asked for a moment ago: that code is on its way, and its page says so.
  if (outcome.outcome === 'code-sent' || outcome.outcome === 'too-soon') return backToPage(step)
  showRefusal(step, email, outcome)
}

/** `POST …/resend`: the same address again. */
export async function submitResend(step: Step): Promise<void> {
  await fieldsOf(step)
  const { pending } = step
  if (!pending) return backToPage(step)
  const outcome = await start(step, pending.email)
  switch (outcome.outcome) {
    case 'code-sent':
      return backToPage(step, { sent: 'again' })
    case 'too-soon':
      return showCode(step, pending, { kind: 'too-soon' })
    default:
      return showRefusal(step, pending.email, outcome)
  }
}

/** `POST …/other-address`: the challenge is forgotten. */
export async function submitOtherAddress(step: Step): Promise<void> {
  await fieldsOf(step)
  await step.parts.signIn.forget(step.organisation, step.interaction.uid)
  await step.engine.forget(step.ctx)
  backToPage(step)
}

function start(step: Step, email: string): Promise<StartOutcome> {
  const { ctx, organisation, interaction, locale } = step
  return step.parts.signIn.start({
    organisation,
    challenge: interaction.uid,
    pending: step.pending,
    email,
    client: interaction.client,
    locale,
    source: ctx.ip,
    userAgent: ctx.get('user-agent'),
    knownBrowser: knownBrowserOf(step),
  })
}

type Refusal = Extract<StartOutcome, { outcome: 'invalid-address' | 'too-many-requests' }>

function showRefusal(step: Step, email: string, refusal: Refusal): void {
  if (refusal.outcome === 'invalid-address')
    return showEmail(step, { email, problem: { kind: 'invalid' } }, 422)
  step.ctx.set('Retry-After', String(refusal.retryAfter))
  const { retryAfter } = refusal
  showEmail(step, { email, problem: { kind: 'too-many', retryAfter } }, 429)
}
