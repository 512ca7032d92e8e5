// What the driver throws, as the two things that a store throws.

import {
  MongoBulkWriteError,
  MongoError,
  MongoNetworkError,
  MongoNotConnectedError,
  MongoOperationTimeoutError,
  MongoServerError,
  MongoServerSelectionError,
} from 'mongodb'
import { AlreadyExists, StoreUnavailable } from '../../src/stores/errors.ts'

const DUPLICATE_KEY = 11000

export function isDuplicateKey(error: unknown): error is MongoServerError {
  return error instanceof MongoServerError && error.code === DUPLICATE_KEY
}

/** The unique violation of an index, named as in the collection's spec. */
export function alreadyExists(collection: string, error: MongoServerError): AlreadyExists {
  const keys = Object.keys(error.keyPattern ?? {})
  const index = /index: (\S+)/.exec(error.message)?.[1] ?? '_id'
  const isId = index === '_id_' || (keys.length === 1 && keys[0] === '_id')
  return new AlreadyExists(collection, isId ? '_id' : index, { cause: error })
}

/** An operation's whole time, in milliseconds: the driver's own bounds add up to more when it tries twice. */
const LONGEST = 4500

/**
 * Runs `work`; whatever says that the database cannot be reached, or did not answer within `limit`
 * milliseconds, becomes `StoreUnavailable`.
 */
export async function translate<T>(work: () => Promise<T>, limit = LONGEST): Promise<T> {
  try {
    return await within(limit, work())
  } catch (error) {
    if (isUnavailable(error)) throw new StoreUnavailable('MongoDB', { cause: error })
    throw error
  }
}

async function within<T>(limit: number, work: Promise<T>): Promise<T> {
  if (limit === Number.POSITIVE_INFINITY) return work
  const { promise: late, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new MongoOperationTimeoutError('no answer in time')), limit)
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

/** The server's codes for "not now": no primary, shutting down, interrupted, time limit, write concern not met. */
const unavailableCodes = new Set([
  6, 7, 50, 64, 89, 91, 112, 189, 202, 262, 9001, 10058, 10107, 11600, 11602, 13435, 13436, 14031,
])

const socketCodes = new Set(['EPIPE', 'ECONNRESET', 'ECONNREFUSED', 'ETIMEDOUT'])

function isUnavailable(error: unknown): boolean {
  // What goes wrong around several writes in one command comes wrapped.
  if (error instanceof MongoBulkWriteError && error.errorResponse instanceof Error)
    return isUnavailable(error.errorResponse)
  if (
    error instanceof MongoNetworkError ||
    error instanceof MongoServerSelectionError ||
    error instanceof MongoNotConnectedError ||
    error instanceof MongoOperationTimeoutError ||
    // Not exported by the driver: no connection of the pool came free in time.
    (error instanceof Error && error.name === 'MongoWaitQueueTimeoutError')
  )
    return true
  // What a socket throws when the other side has just gone is passed on by the driver as it is.
  if (error instanceof Error && 'code' in error && socketCodes.has(String(error.code))) return true
  if (error instanceof MongoServerError && unavailableCodes.has(Number(error.code))) return true
  return (
    error instanceof MongoError &&
    (error.hasErrorLabel('RetryableWriteError') || error.hasErrorLabel('TransientTransactionError'))
  )
}
