// Where a grant outlives the page, if the page asked for that.

import type { Grant } from './grant.ts'
import { parse, stringify } from './json.ts'
import type { Settings } from './settings.ts'

export type Storage = {
  /** Whatever is there; to be checked. */
  load(): unknown
  save(grant: Grant | null): void
}

/** A browser that is told to keep nothing throws at the mere name of it: then it lasts as long as the page. */
export function createStorage({ storage, name }: Settings): Storage {
  const place = () =>
    storage === 'memory' ? undefined : storage === 'local' ? localStorage : sessionStorage
  return {
    load() {
      try {
        return parse(String(place()?.getItem(name)))
      } catch {
        return undefined
      }
    },
    save(grant) {
      try {
        if (grant) place()?.setItem(name, stringify(grant))
        else place()?.removeItem(name)
      } catch {
        // See above.
      }
    },
  }
}
