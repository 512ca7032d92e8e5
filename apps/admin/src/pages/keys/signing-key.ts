// A signing key as the API says it, and what its state means.

import type { adminApi } from '@foyer/contract'
import type { Tone } from '../../kit/status-word.tsx'

export type SigningKey = adminApi.DataOf<typeof adminApi.keys.listKeys>['items'][number]
export type Withdrawal = adminApi.DataOf<typeof adminApi.keys.replaceKeys>

export const states: {
  readonly [State in SigningKey['state']]: { word: string; tone: Tone; meaning: string }
} = {
  next: {
    word: 'Next',
    tone: 'calm',
    meaning: 'Published, so that everyone knows it before it signs.',
  },
  current: { word: 'Current', tone: 'good', meaning: 'Signs now.' },
  former: {
    word: 'Former',
    tone: 'calm',
    meaning: 'Signs no more. Published for as long as something that it signed is good.',
  },
  retired: {
    word: 'Retired',
    tone: 'calm',
    meaning: 'Published no more. Kept to recognise old ID tokens at sign-out.',
  },
}
