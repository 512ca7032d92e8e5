// The step of the agreement: the code was right, and the business asks that its policies be accepted before anything else.

import type { DuePolicy, ProvenSignIn } from '../src/services/identity/sign-in/agreements.ts'
import { policyAddress } from '../src/services/organisations/policy-addresses.ts'
import { acceptableKinds } from '../src/shared/policy-kinds.ts'
import { agreementPage } from './pages/agreement.ts'
import { backToPage, fieldsOf, type Step, show } from './step.ts'

/** The person proved who they are: they are signed in, or asked first. The page is shown by GET, so that it can be reloaded. */
export async function goOn(step: Step, proven: ProvenSignIn): Promise<void> {
  const { ctx, parts, organisation, interaction } = step
  const due = await dueOf(step, proven)
  if (due.length === 0) return step.engine.signedIn(ctx, proven)
  await parts.agreements.hold(organisation, interaction.uid, proven)
  backToPage(step)
}

/** The page; whoever has accepted all of it meanwhile, in another window, is signed in. */
export async function showAgreement(step: Step, proven: ProvenSignIn): Promise<void> {
  const due = await dueOf(step, proven)
  if (due.length === 0) return step.engine.signedIn(step.ctx, proven)
  const { organisation, parts } = step
  const issuer = parts.issuerOf(organisation)
  const html = agreementPage({
    ...step.frame,
    due: due.map(({ kind, number, hasChanged }) => ({
      kind,
      number,
      hasChanged,
      href: policyAddress(issuer, kind, number),
    })),
  })
  show(step, html)
}

/** `POST …/agreement` */
export async function submitAgreement(step: Step): Promise<void> {
  const { ctx, parts, organisation, proven, interaction, locale } = step
  const fields = await fieldsOf(step, [], acceptableKinds)
  if (!proven) return backToPage(step)
  const isAccepted = await parts.agreements.accept(
    { organisation, account: proven.accountId, client: interaction.client },
    {
      numbers: Object.fromEntries(acceptableKinds.map((kind) => [kind, numberOf(fields[kind])])),
      locale,
      source: ctx.ip,
    },
  )
  // Another version was published while they read: its page is shown.
  if (!isAccepted) return backToPage(step)
  await step.engine.signedIn(ctx, proven)
}

function dueOf(step: Step, { accountId }: ProvenSignIn): Promise<DuePolicy[]> {
  const { parts, organisation, interaction } = step
  return parts.agreements.due({ organisation, account: accountId, client: interaction.client })
}

/** The version that was shown, as the page's hidden field says; 0 for what is none. */
function numberOf(text: string | undefined): number {
  return text !== undefined && /^[1-9]\d{0,8}$/.test(text) ? Number(text) : 0
}
