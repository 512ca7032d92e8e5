// A client as the command line shows it, and as its options say it.

import { type Client, versionOf } from '../stores/clients.ts'

/** Without digests. */
export function shownClient(client: Client) {
  return {
    client_id: client._id,
    kind: client.kind,
    name: client.name,
    redirect_uris: client.redirectUris,
    post_logout_redirect_uris: client.postLogoutRedirectUris,
    origins: client.origins,
    ...(client.homeUri && { home_uri: client.homeUri }),
    ...(client.initiateLoginUri && { initiate_login_uri: client.initiateLoginUri }),
    ...(client.backChannelLogoutUri && { back_channel_logout_uri: client.backChannelLogoutUri }),
    ...(client.keys && { key_ids: client.keys.map(({ kid }) => kid ?? null) }),
    pkce: client.pkce,
    api_scopes: client.apiScopes,
    first_party: client.firstParty,
    version: versionOf(client),
    created_at: iso(client.createdAt),
    ...(client.disabledAt !== undefined && { disabled_at: iso(client.disabledAt) }),
  }
}

/** An instant as people and programs read it. */
export function iso(at: number): string {
  return new Date(at).toISOString()
}

/** For options that are given again for more. */
export function collect(value: string, before: string[] | undefined): string[] {
  return [...(before ?? []), value]
}
