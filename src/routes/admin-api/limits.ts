// How often one operator, or one API key, may call the Admin API.

import { MINUTE } from '../../shared/clock.ts'

/** Per minute. A console page reads some ten things; a script that changes thousands should take its time. */
export const limits = {
  read: { name: 'admin-read', limit: 1200, window: MINUTE },
  write: { name: 'admin-write', limit: 240, window: MINUTE },
} as const
