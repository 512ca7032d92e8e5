// How MongoDB is connected to: the bounds of every wait, and which database.

/** Bounds, in milliseconds: with the driver's own, a frozen primary held answers back for 38 s. */
export const timeouts = {
  connectTimeoutMS: 2000,
  socketTimeoutMS: 4000,
  serverSelectionTimeoutMS: 3000,
  heartbeatFrequencyMS: 2000,
  waitQueueTimeoutMS: 3000,
} as const

/** The database in the URI's path, `foyer` without one. */
export function databaseName(uri: string): string {
  return /^mongodb(?:\+srv)?:\/\/[^/]+\/([^?]+)/.exec(uri)?.[1] ?? 'foyer'
}
