// People as the command line shows them to people.

import type { SeenCustomer } from '../services/commerce/customer-administration.ts'

export const BY = { actor: 'command-line' }

export function customerLine({ profile, account }: SeenCustomer): string {
  const name = [profile.given_name, profile.family_name].filter(Boolean).join(' ')
  return [profile.id, profile.email, name || '-', account?.id ?? 'no account'].join('  ')
}

/** A line for each field. */
export function fieldLines(fields: object): string[] {
  return Object.entries(fields).map(
    ([name, value]) =>
      `${name.padEnd(18)}${typeof value === 'object' && value ? JSON.stringify(value) : (value ?? '-')}`,
  )
}
