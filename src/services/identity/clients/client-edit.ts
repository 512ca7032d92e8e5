// Changing a registered client: what an operator may name, and what becomes of the record.

import { searchable } from '../../../shared/search-text.ts'
import type { Client, ClientChange, ClientLifetimes } from '../../../stores/clients.ts'
import type { NewClient } from './client-registration.ts'
import { originsOf } from './redirect-uris.ts'

/** What may be changed; `null` takes an address away. Kind, keys and whose it is stay as registered. */
export type ClientEdit = Partial<
  Pick<
    NewClient,
    | 'name'
    | 'redirectUris'
    | 'postLogoutRedirectUris'
    | 'origins'
    | 'apiScopes'
    | 'pkce'
    | 'firstParty'
    | 'expiresAt'
  >
> & {
  homeUri?: string | null
  initiateLoginUri?: string | null
  backChannelLogoutUri?: string | null
  policyUri?: string | null
  termsUri?: string | null
  logoUri?: string | null
  /** Those named; `null` goes back to the organisation's. */
  lifetimes?: { [Name in keyof ClientLifetimes]?: number | null }
}

/** The edit as what is written: only what was named, and origins that follow their redirect URIs. */
export function changeOf(client: Client, edit: ClientEdit): ClientChange {
  const { redirectUris, postLogoutRedirectUris, origins, apiScopes } = edit
  const follows = redirectUris && !origins && areOriginsOf(client)
  return {
    ...(edit.name !== undefined && { name: edit.name.trim(), search: searchable(edit.name) }),
    ...(edit.firstParty !== undefined && { firstParty: edit.firstParty }),
    ...(edit.expiresAt !== undefined && { expiresAt: edit.expiresAt }),
    ...(edit.lifetimes && { lifetimes: merged(client.lifetimes, edit.lifetimes) }),
    ...(edit.pkce && { pkce: edit.pkce }),
    ...(redirectUris && { redirectUris: [...redirectUris] }),
    ...(postLogoutRedirectUris && { postLogoutRedirectUris: [...postLogoutRedirectUris] }),
    ...(origins && { origins: [...origins] }),
    ...(follows && { origins: originsOf(redirectUris.filter((uri) => URL.canParse(uri))) }),
    ...(apiScopes && { apiScopes: [...apiScopes] }),
    ...address('homeUri', edit.homeUri),
    ...address('initiateLoginUri', edit.initiateLoginUri),
    ...address('backChannelLogoutUri', edit.backChannelLogoutUri),
    ...address('policyUri', edit.policyUri),
    ...address('termsUri', edit.termsUri),
    ...address('logoUri', edit.logoUri),
  }
}

function merged(
  before: ClientLifetimes | undefined,
  edit: NonNullable<ClientEdit['lifetimes']>,
): ClientLifetimes | undefined {
  const all = Object.entries({ ...before, ...edit }).filter(([, value]) => value !== null)
  return all.length > 0 ? Object.fromEntries(all) : undefined
}

function address(field: string, value: string | null | undefined): object {
  return value === undefined ? {} : { [field]: value ?? undefined }
}

function areOriginsOf({ redirectUris, origins }: Client): boolean {
  const own = originsOf(redirectUris)
  return own.length === origins.length && own.every((origin) => origins.includes(origin))
}

/** The client as it would be registered with the change. What a preview was given when it was made is not judged again. */
export function registrationOf(client: Client, change: ClientChange): NewClient {
  const { expiresAt: _former, ...before } = client
  const fields = Object.entries({ ...before, ...change })
  return Object.fromEntries(fields.filter(([, value]) => value !== undefined)) as NewClient // a change takes away only what may be missing
}
