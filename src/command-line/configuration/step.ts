// A step of a plan, and how what is wanted differs from what there is.

import type { OrganisationEntry } from '@foyer/contract'
import type { AdminApi } from './admin-api.ts'
import type { KnownOrganisation } from './read.ts'

export type Change = { field: string; before?: unknown; after?: unknown }

export type Step = {
  action: 'create' | 'change' | 'remove'
  /** Such as `client Shop`. */
  what: string
  changes: Change[]
  /** What was made and is shown this once, if anything. */
  run(api: AdminApi): Promise<{ client_id: string; client_secret: string } | undefined>
}

/** What the steps of one organisation are made from. */
export type Context = {
  entry: OrganisationEntry
  known: KnownOrganisation | undefined
  at(path: string): string
  prune: boolean
}

/** Of what is named in the file, what is not so. */
export function differences(wanted: object, there: object | undefined): Change[] {
  const before = new Map<string, unknown>(Object.entries(there ?? {}))
  return Object.entries(wanted)
    .filter(([field, after]) => after !== undefined && !isSame(after, before.get(field)))
    .map(([field, after]) => {
      const was = before.get(field)
      return { field, ...(was !== undefined && { before: was }), after }
    })
}

/** Null and left out are the same; lists count in their order. */
export function isSame(one: unknown, other: unknown): boolean {
  return textOf(one ?? null) === textOf(other ?? null)
}

function textOf(value: unknown): string {
  return JSON.stringify(value, (_key, each) =>
    each !== null && typeof each === 'object' && !Array.isArray(each)
      ? Object.fromEntries(
          Object.entries(each)
            .filter(([, member]) => member !== null && member !== undefined)
            .sort(([a], [b]) => (a < b ? -1 : 1)),
        )
      : each,
  )
}

/** For steps that make nothing to be shown. */
export const done = async (run: Promise<unknown>) => {
  await run
  return undefined
}
