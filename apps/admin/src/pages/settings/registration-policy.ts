// The policy of dynamic registration as a form has it, and what of it is sent.

import type { adminApi } from '@foyer/contract'
import type { Choice } from '../../kit/choices.tsx'
import { kinds } from '../clients/client.ts'
import type { FieldNames } from './refusal.ts'

export type Policy = adminApi.DataOf<typeof adminApi.registration.showRegistration>
type Change = adminApi.BodyOf<typeof adminApi.registration.updateRegistration>

export const kindChoices: readonly Choice[] = (
  ['web', 'browser', 'native', 'machine'] as const
).map((value) => ({ value, label: kinds[value].title, detail: kinds[value].detail }))

export const authChoices: readonly Choice[] = [
  { value: 'client_secret_basic', label: 'A secret, in a header' },
  { value: 'client_secret_post', label: 'A secret, in the body' },
  { value: 'private_key_jwt', label: 'Signatures of its own' },
  { value: 'none', label: 'None: PKCE alone' },
].map((choice) => ({ ...choice, detail: choice.value }))

export type PolicyValues = ReturnType<typeof valuesOf>

export function valuesOf(policy: Policy) {
  return {
    enabled: policy.enabled,
    kinds: policy.kinds as readonly string[],
    auth_methods: policy.auth_methods as readonly string[],
    api_scopes: policy.api_scopes as readonly string[],
    redirect_hosts: (policy.redirect_hosts ?? []).join('\n'),
    pkce: policy.pkce === 'required',
  }
}

/** What differs from what is kept; of what is chosen from a list the order says nothing. */
export function changeOf(policy: Policy, values: PolicyValues): Change {
  const hosts = values.redirect_hosts.split(/\s+/).filter(Boolean)
  const wanted = {
    enabled: values.enabled,
    kinds: values.kinds,
    auth_methods: values.auth_methods,
    api_scopes: values.api_scopes,
    redirect_hosts: hosts.length > 0 ? hosts : null,
    pkce: values.pkce ? 'required' : 'optional',
  }
  const kept = new Map<string, unknown>(Object.entries(policy))
  const changed = Object.entries(wanted).filter(
    ([name, value]) => identityOf(value) !== identityOf(kept.get(name)),
  )
  return Object.fromEntries(changed) as Change // the choices offer what the contract lists
}

function identityOf(value: unknown): string {
  return JSON.stringify(Array.isArray(value) ? value.toSorted() : value)
}

const named = (name: keyof PolicyValues, label: string) => ({ name, label })

export const fieldNames: FieldNames = {
  kinds: named('kinds', 'What may register'),
  auth_methods: named('auth_methods', 'How it shows who it is'),
  api_scopes: named('api_scopes', 'The scopes'),
  redirect_hosts: named('redirect_hosts', 'One of the hosts'),
  pkce: named('pkce', 'PKCE'),
}
