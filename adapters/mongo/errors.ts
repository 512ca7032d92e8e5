// What the driver throws, as the two things that a store throws.

import {
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

/** Runs `work`; whatever says that the database cannot be reached or did not answer becomes `StoreUnavailable`. */
export async function translate<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (isUnavailable(error)) throw new StoreUnavailable('MongoDB', { cause: error })
    throw error
  }
}

/** The server's codes for "not now": no primary, shutting down, interrupted, time limit, write concern not met. */
const unavailableCodes = new Set([
  6, 7, 50, 64, 89, 91, 112, 189, 202, 262, 9001, 10058, 10107, 11600, 11602, 13435, 13436, 14031,
])

function isUnavailable(error: unknown): boolean {
  if (
    error instanceof MongoNetworkError ||
    error instanceof MongoServerSelectionError ||
    error instanceof MongoNotConnectedError ||
    error instanceof MongoOperationTimeoutError ||
    // Not exported by the driver: no connection of the pool came free in time.
    (error instanceof Error && error.name === 'MongoWaitQueueTimeoutError')
  )
    return true
  if (error instanceof MongoServerError && unavailableCodes.has(Number(error.code))) return true
  return (
    error instanceof MongoError &&
    (error.hasErrorLabel('RetryableWriteError') || error.hasErrorLabel('TransientTransactionError'))
  )
}
