// Identifiers of records: a prefix that names the kind, then a ULID that sorts by time of making.

import { randomInt } from 'node:crypto'
import { encodeTime, ulid } from 'ulid'
import type { Clock } from './clock.ts'

/** Every prefix in use, so that an id found in a log tells what it is. */
export type IdPrefix =
  | 'org'
  | 'acc'
  | 'cus'
  | 'cli'
  | 'sec'
  | 'ord'
  | 'bkg'
  | 'enq'
  | 'key'
  | 'job'
  | 'aud'
  | 'opr'
  | 'inv'
  | 'per'
  | 'rgt'
  | 'prc'
  | 'req'

/** Random bits in stock: by itself the library asks the operating system for each of the sixteen characters. */
const random = (): number => randomInt(256) / 256

/** Makes a new id such as `cus_01JD…`: 26 characters of ULID, unique without asking the store. */
export function newId(prefix: IdPrefix, clock: Clock): string {
  return `${prefix}_${ulid(clock.now(), random).toLowerCase()}`
}

/** Before every id of this kind made at the instant or later, and after every one made earlier. */
export function firstIdAt(prefix: IdPrefix, at: number): string {
  return `${prefix}_${encodeTime(at).toLowerCase()}`
}
