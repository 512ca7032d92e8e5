// What the Admin API says of an organisation's settings: numbers, each within its safe range.

import { z } from 'zod'
import { operation } from './operation.ts'

const setting = z
  .object({
    name: z.string(),
    unit: z.enum(['seconds', 'count']),
    value: z.number(),
    default: z.number(),
    min: z.number(),
    max: z.number(),
    about: z.string(),
  })
  .meta({ id: 'Setting' })

const settings = z.object({ settings: z.array(setting) })

const tag = 'Organisations'
const path = '/organisations/{slug}/settings'

export const listSettings = operation({
  id: 'listSettings',
  method: 'GET',
  path,
  tag,
  summary: 'List settings',
  description: 'Every one, with its value, its default and its range.',
  needs: ['read', 'settings'],
  answer: settings,
  versioned: true,
})

export const changeSettings = operation({
  id: 'changeSettings',
  method: 'PATCH',
  path,
  tag,
  summary: 'Change settings',
  description: 'What is named is changed, null goes back to the default. All are taken, or none.',
  needs: ['change', 'settings'],
  body: z
    .strictObject({ settings: z.record(z.string().max(100), z.number().nullable()) })
    .meta({ id: 'SettingsChange' }),
  answer: settings,
  versioned: true,
})
