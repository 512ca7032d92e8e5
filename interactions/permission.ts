// The step of the permission: third-party applications are allowed something, or not.

import { permissionPage } from './pages/permission.ts'
import { fieldsOf, type Step, show } from './step.ts'

/** The page; a first-party application is never asked about. */
export async function showPermission(step: Step): Promise<void> {
  const { ctx, parts, organisation, engine, interaction } = step
  if (interaction.client.firstParty) return engine.allowed(ctx)
  const email = interaction.accountId
    ? await parts.emailOf(organisation, interaction.accountId)
    : undefined
  const html = permissionPage({
    ...step.frame,
    clientName: interaction.client.name,
    links: interaction.client.links,
    email: email ?? '',
    scopes: interaction.askedScopes,
  })
  show(step, html)
}

/** `POST …/permission` */
export async function submitPermission(step: Step): Promise<void> {
  await fieldsOf(step)
  await step.engine.allowed(step.ctx)
}

/** `POST …/cancel`, from any page. */
export async function submitCancel(step: Step): Promise<void> {
  await fieldsOf(step)
  await step.engine.cancelled(step.ctx)
}
