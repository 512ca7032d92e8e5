// What a process remembers of organisations, so that a request reads nothing, also while the store is away.

import { putBounded } from '../../shared/bounded-map.ts'
import type { Clock } from '../../shared/clock.ts'
import { following } from '../../shared/following.ts'
import { type Organisation, type OrganisationStore, versionOf } from '../../stores/organisations.ts'

export type OrganisationMemory = {
  /** What is known by this key, else what `read` finds. An unknown one is read every time: a new one is there at once. */
  find(
    key: string,
    read: () => Promise<Organisation | undefined>,
  ): Promise<Organisation | undefined>
  /** As it was just written by this process; forgotten when it was removed. */
  written(organisation: Organisation): void
  /** Takes over what other processes changed. */
  look(): Promise<void>
  /** Whether it was seen that it was removed. */
  isRemoved(id: string): boolean
}

/** Some 300 bytes each, with a brand some 1.5 kB. */
const CACHE_SIZE = 20_000
const MOST_CHANGES = 100

export function createOrganisationMemory(parts: {
  store: Pick<OrganisationStore, 'changedSince'>
  clock: Clock
}): OrganisationMemory {
  const { store, clock } = parts
  /** By what they were asked for; what has been there longest goes first. */
  const known = new Map<string, Organisation>()
  const removed = new Set<string>()
  let seen: ReadonlyMap<string, string> = new Map()
  let changes = 0
  // Also what changed while the store was away: what is known is never read again by itself.
  const latestChanges = following({ clock, from: clock.now() }, (since) =>
    store.changedSince(since, MOST_CHANGES),
  )

  async function find(
    key: string,
    read: () => Promise<Organisation | undefined>,
  ): Promise<Organisation | undefined> {
    const remembered = known.get(key)
    if (remembered) return remembered
    const before = changes
    const found = await read()
    // What was under way when something changed may be older than the change, and would stay.
    if (!found || before !== changes) return found
    putBounded(known, { key, value: found, most: CACHE_SIZE })
    return found
  }

  async function look(): Promise<void> {
    const latest = await latestChanges()
    const news = latest.filter((each) => seen.get(each._id) !== stampOf(each))
    if (news.length > 0) changes += 1
    if (news.length === MOST_CHANGES) known.clear()
    for (const organisation of news) replace(organisation)
    seen = new Map(latest.map((each) => [each._id, stampOf(each)]))
  }

  /** What stands is replaced, not forgotten: the store may be away when it is asked for next. */
  function replace(organisation: Organisation): void {
    if (organisation.removedAt === undefined) removed.delete(organisation._id)
    else removed.add(organisation._id)
    for (const [key, { _id, host }] of known)
      if (_id === organisation._id) {
        const isLost = key === `host/${host}` && host !== organisation.host
        if (isLost || organisation.removedAt !== undefined) known.delete(key)
        else known.set(key, organisation)
      }
  }

  function written(organisation: Organisation): void {
    changes += 1
    replace(organisation)
  }

  return { find, written, look, isRemoved: (id) => removed.has(id) }
}

/** Two changes of one instant have two. */
function stampOf(organisation: Organisation): string {
  return `${organisation.updatedAt}/${versionOf(organisation)}`
}
