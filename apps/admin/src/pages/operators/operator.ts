// An operator as the API says it, and what the roles are called.

import type { adminApi } from '@foyer/contract'
import { ApiError } from '../../api.ts'
import type { Choice } from '../../kit/choices.tsx'

export type Operator = adminApi.DataOf<typeof adminApi.operators.listOperators>['items'][number]
export type Invitation = adminApi.DataOf<typeof adminApi.operators.listInvitations>['items'][number]

/** What operators look after: one organisation, or the platform, where there is one role. */
export type Reach = { name: string; api(path: string): string; hasRoles: boolean }

export const platform: Reach = { name: 'the platform', api: (path) => path, hasRoles: false }

export const roleChoices: readonly Choice[] = [
  { value: 'viewer', label: 'Viewer', detail: 'Reads everything but the audit log.' },
  {
    value: 'editor',
    label: 'Editor',
    detail: 'Also looks after clients, customers and accounts, and ends sessions.',
  },
  {
    value: 'owner',
    label: 'Owner',
    detail: 'Also changes settings, keys and operators, and reads the audit log.',
  },
]

export function roleWord(role: string): string {
  return roleChoices.find(({ value }) => value === role)?.label ?? 'Platform owner'
}

/** Says of the last owner who that is, and what to do first. */
export async function keepingLastOwner<Data>(
  operator: Operator,
  place: string,
  call: Promise<Data>,
): Promise<Data> {
  return call.catch((error: unknown) => {
    if (!(error instanceof ApiError) || error.code !== 'last_owner') throw error
    const { code, status, requestId = null } = error
    throw new ApiError(
      `${operator.email} is the last owner of ${place}: make somebody else an owner first.`,
      { code, status, requestId },
    )
  })
}
