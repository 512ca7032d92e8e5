// A client as the console shows it: its kinds in words, its state, its values for the snippets.

import type { adminApi } from '@foyer/contract'
import type { Tone } from '../../kit/status-word.tsx'
import type { ClientValues, LibraryFile } from './snippets/client-values.ts'

type Api = typeof adminApi.clients

export type Client = adminApi.DataOf<Api['updateClient']>
export type ClientDetails = adminApi.DataOf<Api['showClient']>
export type ClientSecret = ClientDetails['secrets'][number]
export type CreatedClient = adminApi.DataOf<Api['createClient']>
export type Kind = Client['kind']

type Words = {
  title: string
  detail: string
  /** Where an example of its redirect URIs would be. */
  example: string
}

export const kinds: { readonly [Kind in Client['kind']]: Words } = {
  web: {
    title: 'Web application',
    detail: 'Runs on a server of yours, which keeps a secret: Next.js, Spring, Django, Laravel.',
    example: 'https://shop.example.com/callback',
  },
  browser: {
    title: 'Single-page application',
    detail: 'Runs in the browser alone, and so keeps no secret: React, Vue, Svelte.',
    example: 'https://app.example.com/callback',
  },
  native: {
    title: 'Mobile or desktop app',
    detail: 'Installed on a device. People sign in in the browser, and come back to the app.',
    example: 'com.example.app:/callback',
  },
  machine: {
    title: 'Machine',
    detail: 'A program without people: it signs nobody in, and gets a token for itself.',
    example: '',
  },
  preview: {
    title: 'Preview deployments',
    detail: 'A single-page application under ever new host names, for 90 days at the most.',
    example: 'https://*.preview.example.com/callback',
  },
}

export function stateOf(client: Client): { word: string; tone: Tone } {
  const isOver = client.expires_at !== null && Date.parse(client.expires_at) <= Date.now()
  if (client.disabled_at !== null) return { word: 'Disabled', tone: 'bad' }
  if (isOver) return { word: 'Ended', tone: 'bad' }
  if (client.expires_soon) return { word: 'Ends soon', tone: 'warn' }
  return { word: 'Active', tone: 'good' }
}

/** What the snippets are filled with. */
export function valuesOf(
  client: Client,
  { secret, library }: { secret: string | null; library: readonly LibraryFile[] },
): ClientValues {
  const authentication =
    client.authentication === 'private_key_jwt' ? 'keys' : client.authentication
  const [redirectUri] = client.redirect_uris
  return {
    issuer: client.issuer,
    clientId: client.id,
    kind: client.kind,
    authentication,
    ...(secret !== null && { secret }),
    ...(redirectUri !== undefined && { redirectUri }),
    scopes: ['openid', 'profile', 'email'],
    firstParty: client.first_party,
    library,
  }
}

/** One address in each line; spaces and empty lines do not count. */
export function linesOf(text: string): string[] {
  return text.split(/\s+/).filter(Boolean)
}
