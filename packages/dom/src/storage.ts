// Where a grant outlives the page, if the page asked for that.

import type { Grant } from './grant.ts'
import type { Settings } from './settings.ts'

export type Storage = {
  /** Whatever is there; to be checked. */
  read(): unknown
  write(grant: Grant | null): void
}

export function createStorage({ storage, name, parse, stringify }: Settings): Storage {
  // Browsers that are told to keep nothing throw at the mere name of it.
  const place = () => (storage === 'local' ? localStorage : sessionStorage)
  if (storage === 'memory') return { read: () => undefined, write() {} }
  return {
    read() {
      try {
        return parse(place().getItem(name) ?? 'null')
      } catch {
        return undefined
      }
    },
    write(grant) {
      try {
        if (grant) place().setItem(name, stringify(grant))
        else place().removeItem(name)
      } catch {
        // Then it is kept as long as the page.
      }
    },
  }
}
