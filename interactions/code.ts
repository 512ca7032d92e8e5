// The step of the code: takes it, and hands the proof to the engine.

import { resolveLifetimes } from '../src/services/identity/clients/lifetimes.ts'
import { resolveSignInSettings } from '../src/services/identity/limits/settings.ts'
import type { PendingChallenge } from '../src/services/identity/sign-in/challenges.ts'
import { SECOND } from '../src/shared/clock.ts'
import { goOn } from './agreement.ts'
import { keepKnownBrowser, knownBrowserOf } from './known-browser.ts'
import { type CodeProblem, codePage, expiredPage, spentPage } from './pages/code.ts'
import { backToPage, fieldsOf, type Step, show } from './step.ts'

/** The page of a running challenge. */
export function showCode(
  step: Step,
  pending: PendingChallenge,
  problem?: CodeProblem & { isShared?: boolean },
): void {
  const { ctx, organisation } = step
  const now = step.parts.clock.now()
  const frame = { ...step.frame, email: pending.email }
  if (pending.expiresAt <= now) return show(step, expiredPage(frame))
  const resendIn = Math.max(0, Math.ceil((pending.resendAt - now) / SECOND))
  const html = codePage({
    ...frame,
    digits: resolveSignInSettings(organisation.signIn).codeLength,
    resendIn,
    wasSentAgain: ctx.query.sent === 'again' && !problem,
    isShared: problem?.isShared === true,
    sharedLife: resolveLifetimes(organisation.lifetimes).sessionTransient,
    ...(problem && { problem }),
  })
  if (problem?.kind === 'too-soon') ctx.set('Retry-After', String(resendIn))
  if (problem?.kind === 'too-many') ctx.set('Retry-After', String(problem.retryAfter))
  show(step, html, problem ? statuses[problem.kind] : 200)
}

const statuses: { readonly [kind in CodeProblem['kind']]: number } = {
  wrong: 422,
  malformed: 422,
  'too-soon': 429,
  'too-many': 429,
}

/** `POST …/code` */
export async function submitCode(step: Step): Promise<void> {
  const { ctx, parts, organisation, interaction, locale } = step
  const { code, shared } = await fieldsOf(step, ['code'], ['shared'])
  const challenge = interaction.uid
  const isShared = shared !== undefined
  const outcome = await parts.signIn.verify({
    organisation,
    challenge,
    pending: step.pending,
    code,
    client: interaction.client.id,
    locale,
    source: ctx.ip,
    knownBrowser: knownBrowserOf(step),
  })
  switch (outcome.outcome) {
    case 'signed-in':
      if (outcome.knownBrowser && !isShared) keepKnownBrowser(step, outcome.knownBrowser)
      return goOn(step, {
        accountId: outcome.account._id,
        at: parts.clock.now(),
        remember: !isShared,
        ...(outcome.endsBy !== undefined && { endsBy: outcome.endsBy }),
      })
    case 'malformed-code':
      return showProblem(step, { kind: 'malformed', isShared })
    case 'no-code':
      return backToPage(step)
    case 'too-many-requests':
      return showProblem(step, { kind: 'too-many', retryAfter: outcome.retryAfter, isShared })
    case 'wrong-code':
      if (outcome.attemptsLeft === 0) return show(step, spentPage(step.frame), 422)
      return showProblem(step, { kind: 'wrong', attemptsLeft: outcome.attemptsLeft, isShared })
  }
}

function showProblem(step: Step, problem: CodeProblem & { isShared: boolean }): void {
  if (step.pending) showCode(step, step.pending, problem)
  else backToPage(step)
}
