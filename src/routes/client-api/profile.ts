// GET and PATCH /profile.

import { clientApi } from '@foyer/contract'
import type Router from '@koa/router'
import type { Context } from 'koa'
import { readJson } from '../../http/body.ts'
import { sendData } from '../../http/envelope.ts'
import { parseInput } from '../../http/input.ts'
import { expectedVersion, isKnown, sendVersion } from '../../http/versions.ts'
import type { Customers, ProfileOutcome } from '../../services/commerce/customers.ts'
import { AppError, invalidField } from '../../shared/errors.ts'
import type { Guard } from './guard.ts'

const PATCH_TYPES = ['application/merge-patch+json', 'application/json']

export function profileRoutes(router: Router, guard: Guard, customers: Customers): void {
  router.get('/profile', async (ctx: Context) => {
    const ref = await guard.customer(ctx, 'profile:read')
    const outcome = await customers.profile(ref)
    answer(ctx, outcome, ref.customer)
    if (isKnown(ctx)) ctx.status = 304
  })

  router.patch('/profile', async (ctx: Context) => {
    const ref = await guard.customer(ctx, 'profile:write')
    const body = await readJson(ctx, PATCH_TYPES)
    refuseEmail(body)
    const patch = parseInput(clientApi.profilePatch, body, 'invalid_fields')
    const expected = expectedVersion(ctx, ref.customer)
    answer(ctx, await customers.updateProfile(ref, patch, expected), ref.customer)
  })
}

function answer(ctx: Context, outcome: ProfileOutcome, customer: string): void {
  if (outcome.outcome === 'missing') throw new AppError('no_customer')
  if (outcome.outcome === 'incomplete-address') throw incompleteAddress(outcome.missing)
  sendVersion(ctx, outcome.version, customer)
  ctx.status = 200 // before `fresh` is asked, which looks at it
  sendData(ctx, outcome.profile)
}

function incompleteAddress(missing: readonly string[]): AppError {
  const fields = missing.map((part) => ({
    path: `address.${part}`,
    message: 'an address needs this part',
  }))
  return new AppError('invalid_fields', { fields })
}

/** A new address must be proven first: it is no field like the others, and the caller should hear why. */
function refuseEmail(body: unknown): void {
  const isThere = typeof body === 'object' && body !== null && Object.hasOwn(body, 'email')
  if (!isThere) return
  const message = 'the e-mail address cannot be changed here: it is proven by a code'
  throw invalidField('email', message)
}
