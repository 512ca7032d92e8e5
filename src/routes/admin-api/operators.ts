// Operators and invitations, of an organisation and of the platform.

import { adminApi } from '@foyer/contract'
import { pageData } from '../../http/pages.ts'
import type { By } from '../../services/audit/audit.ts'
import type { Invitations } from '../../services/operators/invitations.ts'
import type { OperatorOutcome, Operators } from '../../services/operators/operators.ts'
import { roleAt } from '../../services/operators/roles.ts'
import { AppError } from '../../shared/errors.ts'
import { instantOf } from '../../shared/instants.ts'
import type { Invitation } from '../../stores/invitations.ts'
import type { Operator } from '../../stores/operators.ts'
import type { Routes } from './serve.ts'

const api = adminApi.operators

type Parts = {
  operators: Operators
  invitations: Invitations
  /** The place of platform owners. */
  platform: string
}

/** Of an organisation. */
export function operatorRoutes({ operators, invitations }: Parts): Routes {
  return (serve) => {
    serve(api.listOperators, async ({ organisation, query }) =>
      pageData(await operators.list(organisation._id, query), operatorShown),
    )

    serve(api.changeOperator, async ({ organisation, params, body, by }) => {
      const { email } = await found(operators, organisation._id, params.id)
      const who = { email, role: body.role }
      return operatorShown(settled(await operators.changeRole(organisation._id, who, by)))
    })

    serve(api.removeOperator, async ({ organisation, params, by }) =>
      operatorShown(await remove(operators, { place: organisation._id, id: params.id }, by)),
    )

    serve(api.listInvitations, async ({ organisation, query }) =>
      pageData(await invitations.list(organisation._id, query), invitationShown),
    )

    serve(api.createInvitation, async ({ organisation, body, by }) => {
      const { email, role, locale } = body
      const who = { email, role, ...(locale !== undefined && { locale }) }
      return invitationShown((await invitations.invite(organisation._id, who, by)).invitation)
    })

    serve(api.withdrawInvitation, async ({ organisation, params, by }) =>
      invitationShown(there(await invitations.withdraw(organisation._id, params, by))),
    )
  }
}

/** Of the platform, where everybody is an owner. */
export function platformOperatorRoutes({ operators, invitations, platform }: Parts): Routes {
  return (serve) => {
    serve(api.listPlatformOperators, async ({ query }) =>
      pageData(await operators.list(platform, query), operatorShown),
    )

    serve(api.removePlatformOperator, async ({ params, by }) =>
      operatorShown(await remove(operators, { place: platform, id: params.id }, by)),
    )

    serve(api.listPlatformInvitations, async ({ query }) =>
      pageData(await invitations.list(platform, query), invitationShown),
    )

    serve(api.createPlatformInvitation, async ({ body, by }) => {
      const { email, locale } = body
      const who = { email, role: 'owner', ...(locale !== undefined && { locale }) }
      return invitationShown((await invitations.invite(platform, who, by)).invitation)
    })

    serve(api.withdrawPlatformInvitation, async ({ params, by }) =>
      invitationShown(there(await invitations.withdraw(platform, params, by))),
    )
  }
}

async function found(operators: Operators, place: string, id: string): Promise<Operator> {
  return there(await operators.findById(place, id))
}

async function remove(
  operators: Operators,
  { place, id }: { place: string; id: string },
  by: By,
): Promise<Operator> {
  const { email } = await found(operators, place, id)
  return settled(await operators.remove(place, email, by))
}

function settled(done: OperatorOutcome): Operator {
  if (done.outcome === 'done') return done.operator
  throw new AppError(done.outcome === 'unknown' ? 'not_found' : 'last_owner')
}

function there<Found>(value: Found | undefined): Found {
  if (value === undefined) throw new AppError('not_found')
  return value
}

function operatorShown(each: Operator | Invitation) {
  return {
    id: each._id,
    email: each.email,
    role: roleAt(each),
    created_at: instantOf(each.createdAt),
  }
}

function invitationShown(each: Invitation) {
  return {
    ...operatorShown(each),
    invited_by: each.invitedBy,
    expires_at: instantOf(each.expiresAt),
  }
}
