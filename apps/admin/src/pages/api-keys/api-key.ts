// An API key as the API says it: its state in a word, and where it works.

import type { adminApi } from '@foyer/contract'
import type { Tone } from '../../kit/status-word.tsx'
import type { Place } from '../../state/operator.ts'

type Api = typeof adminApi.apiKeys

export type ApiKey = adminApi.DataOf<Api['listApiKeys']>['items'][number]
export type CreatedApiKey = adminApi.DataOf<Api['createApiKey']>

/** In one organisation, or in all of them. */
export type Reach = 'organisation' | 'platform'

export function pathOf(reach: Reach, place: Place): string {
  return reach === 'platform' ? '/api-keys' : place.api('/api-keys')
}

/** Time to make another one, in milliseconds. */
const SOON = 14 * 24 * 60 * 60 * 1000

export function stateOf({ live, expires_at }: ApiKey): { word: string; tone: Tone } {
  if (!live) return { word: 'Expired', tone: 'bad' }
  const isSoon = Date.parse(expires_at) - Date.now() < SOON
  return isSoon ? { word: 'Expires soon', tone: 'warn' } : { word: 'Active', tone: 'good' }
}
