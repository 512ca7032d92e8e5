// Lists that are sorted by a time, and by id where times are equal: which part of one is read.

import type { FindOptions } from './documents.ts'

/** At most `limit`, after the document of this time (milliseconds since 1970) and id. */
export type TimePage = {
  limit: number
  after?: { at: number; id: string } | undefined
}

/** `time` is the field that says when; the last first, or the first. */
export function lastFirst(time: string, page: TimePage): FindOptions {
  return inOrder(time, -1, page)
}

export function firstFirst(time: string, page: TimePage): FindOptions {
  return inOrder(time, 1, page)
}

function inOrder(time: string, direction: 1 | -1, { limit, after }: TimePage): FindOptions {
  return {
    sort: [
      [time, direction],
      ['_id', direction],
    ],
    limit,
    ...(after && { after: [after.at, after.id] }),
  }
}
