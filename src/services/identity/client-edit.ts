// Changing a registered client: what an operator may name, and what becomes of the record.

import type { Client, ClientChange } from '../../stores/clients.ts'
import type { NewClient } from './client-registration.ts'
import { originsOf } from './redirect-uris.ts'

/** What may be changed; `null` takes an address away. Kind, keys and whose it is stay as registered. */
export type ClientEdit = Partial<
  Pick<
    NewClient,
    'name' | 'redirectUris' | 'postLogoutRedirectUris' | 'origins' | 'apiScopes' | 'pkce'
  >
> & {
  homeUri?: string | null
  initiateLoginUri?: string | null
  backChannelLogoutUri?: string | null
}

/** The edit as what is written: only what was named, and origins that follow their redirect URIs. */
export function changeOf(client: Client, edit: ClientEdit): ClientChange {
  const { redirectUris, postLogoutRedirectUris, origins, apiScopes } = edit
  const follows = redirectUris && !origins && areOriginsOf(client)
  return {
    ...(edit.name !== undefined && { name: edit.name.trim() }),
    ...(edit.pkce && { pkce: edit.pkce }),
    ...(redirectUris && { redirectUris: [...redirectUris] }),
    ...(postLogoutRedirectUris && { postLogoutRedirectUris: [...postLogoutRedirectUris] }),
    ...(origins && { origins: [...origins] }),
    ...(follows && { origins: originsOf(redirectUris.filter((uri) => URL.canParse(uri))) }),
    ...(apiScopes && { apiScopes: [...apiScopes] }),
    ...address('homeUri', edit.homeUri),
    ...address('initiateLoginUri', edit.initiateLoginUri),
    ...address('backChannelLogoutUri', edit.backChannelLogoutUri),
  }
}

function address(field: string, value: string | null | undefined): object {
  return value === undefined ? {} : { [field]: value ?? undefined }
}

function areOriginsOf({ redirectUris, origins }: Client): boolean {
  const own = originsOf(redirectUris)
  return own.length === origins.length && own.every((origin) => origins.includes(origin))
}

/** The client as it would be registered with the change. */
export function registrationOf(client: Client, change: ClientChange): NewClient {
  const { homeUri, initiateLoginUri, backChannelLogoutUri, ...changed } = { ...client, ...change }
  return {
    ...changed,
    ...(homeUri && { homeUri }),
    ...(initiateLoginUri && { initiateLoginUri }),
    ...(backChannelLogoutUri && { backChannelLogoutUri }),
  }
}
