// The library's door: a client, its errors, its types.

export { createClient } from './client.ts'
export { type ErrorCode, FoyerError } from './errors.ts'
export type { Data, ListQuery, Page } from './records.ts'
export type {
  AuthEvent,
  AuthListener,
  ClientOptions,
  DuePolicy,
  FoyerClient,
  RedirectOptions,
  SentCode,
  Session,
  User,
} from './types.ts'
