// Making customers searchable whom a program has written that knew no search by name.

import { DAY } from '../../shared/clock.ts'
import type { CustomerStore } from '../../stores/customers.ts'
import { searchKeysOf } from './profile.ts'

export const TEND_CUSTOMERS = 'customers.tend'

const BATCH = 200

/** A part at a time, in the order of their ids; then again every day, as long as such a program may be running beside. */
export function customerJob(store: Pick<CustomerStore, 'unsearchable' | 'complete'>) {
  let last: string | undefined
  return {
    async run(): Promise<{ again: number }> {
      const batch = await store.unsearchable(BATCH, last)
      for (const customer of batch) await store.complete(customer, searchKeysOf(customer))
      last = batch.length === BATCH ? batch.at(-1)?._id : undefined
      return { again: last === undefined ? DAY : 0 }
    },
  }
}
