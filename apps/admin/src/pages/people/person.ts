// People as the console shows them: customers, accounts and sessions in the contract's shapes, and in words.

import type { adminApi } from '@foyer/contract'
import type { Tone } from '../../kit/status-word.tsx'

export type Customer = adminApi.DataOf<typeof adminApi.customers.updateCustomer>
export type CustomerDetails = adminApi.DataOf<typeof adminApi.customers.showCustomer>
export type Account = adminApi.DataOf<typeof adminApi.accounts.disableAccount>
export type AccountDetails = adminApi.DataOf<typeof adminApi.accounts.showAccount>
export type Permission = AccountDetails['permissions'][number]
export type AccountSession = adminApi.DataOf<typeof adminApi.sessions.listSessions>['items'][number]

/** The address, where no name is known. */
export function nameOf(customer: Pick<Customer, 'given_name' | 'family_name' | 'email'>): string {
  const name = [customer.given_name, customer.family_name].filter(Boolean).join(' ')
  return name.replace(/\s+/g, ' ') || customer.email
}

export function stateOf(account: Pick<Account, 'disabled_at'>): { word: string; tone: Tone } {
  return account.disabled_at === null
    ? { word: 'Active', tone: 'good' }
    : { word: 'Disabled', tone: 'bad' }
}

/** "Firefox on Android", or as much of it as is known. */
export function browserOf({ browser, system }: Pick<AccountSession, 'browser' | 'system'>): string {
  if (browser && system) return `${browser} on ${system}`
  return browser ?? system ?? 'Unknown browser'
}
