// A client as the command line shows it, and as its options say it.

import type { ClientBy } from '../services/identity/clients/client-acts.ts'
import type { ClientEdit } from '../services/identity/clients/client-edit.ts'
import { expiryOf } from '../services/identity/clients/client-view.ts'
import { clientLifetimeSettings } from '../services/identity/clients/lifetimes.ts'
import { readSetting, type Setting, settingText } from '../services/organisations/settings.ts'
import { instantOf } from '../shared/instants.ts'
import { type Client, type ClientLifetimes, versionOf } from '../stores/clients.ts'
import type { Installation } from './installation.ts'

/** Whoever runs it has the machine, and so owns the platform. */
export const COMMAND_LINE: ClientBy = { actor: 'command-line', role: 'platform-owner' }

/** What the Admin API needs to know, to show a client of the installation's organisation. */
export function seenNow({ issuers, organisation, clock }: Installation) {
  return { issuer: issuers.issuerOf(organisation), now: clock.now() }
}

/** For people; programs read what the Admin API answers. Without digests. */
export function shownClient(client: Client, now: number) {
  const { expiresAt, secretExpiresAt, expiresSoon } = expiryOf(client, now)
  return {
    client_id: client._id,
    kind: client.kind,
    name: client.name,
    redirect_uris: client.redirectUris,
    post_logout_redirect_uris: client.postLogoutRedirectUris,
    origins: client.origins,
    ...(client.homeUri && { home_uri: client.homeUri }),
    ...(client.initiateLoginUri && { initiate_login_uri: client.initiateLoginUri }),
    ...(client.policyUri && { policy_uri: client.policyUri }),
    ...(client.termsUri && { terms_uri: client.termsUri }),
    ...(client.logoUri && { logo_uri: client.logoUri }),
    ...(client.lifetimes && { lifetimes: shownLifetimes(client.lifetimes) }),
    ...(client.backChannelLogoutUri && { back_channel_logout_uri: client.backChannelLogoutUri }),
    ...(client.keysUri && { jwks_uri: client.keysUri }),
    ...(client.registeredBy && { registered_by: client.registeredBy }),
    ...(client.keys && { key_ids: client.keys.map(({ kid }) => kid ?? null) }),
    pkce: client.pkce,
    api_scopes: client.apiScopes,
    first_party: client.firstParty,
    version: versionOf(client),
    created_at: instantOf(client.createdAt),
    expires_at: instantOf(expiresAt),
    secret_expires_at: instantOf(secretExpiresAt),
    expires_soon: expiresSoon,
    ...(client.disabledAt !== undefined && { disabled_at: instantOf(client.disabledAt) }),
  }
}

/** As the option reads them. */
function shownLifetimes(lifetimes: ClientLifetimes): { [name: string]: string } {
  return Object.fromEntries(
    Object.entries(clientLifetimeSettings).flatMap(([name, setting]) => {
      const value = lifetimes[name as keyof ClientLifetimes] // the table's keys are those
      return value === undefined ? [] : [[name, settingText(setting, value)]]
    }),
  )
}

/** `name=value` for some of them; `name=` goes back to the organisation's. */
export function readLifetimes(options: readonly string[]): NonNullable<ClientEdit['lifetimes']> {
  const table = new Map<string, Setting>(Object.entries(clientLifetimeSettings))
  return Object.fromEntries(
    options.map((option) => {
      const [name = '', text = ''] = option.split(/=(.*)/s)
      const setting = table.get(name)
      if (!setting) throw new Error(`${name} is none of ${[...table.keys()].join(', ')}.`)
      return [name, text === '' ? null : readSetting(name, setting, text)]
    }),
  )
}

/** For options that are given again for more. */
export function collect(value: string, before: string[] | undefined): string[] {
  return [...(before ?? []), value]
}
