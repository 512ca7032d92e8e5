// The library's door: a client, its errors, its types.

export { createClient } from './client.ts'
export { type ErrorCode, FoyerError } from './errors.ts'
export type {
  AuthEvent,
  AuthListener,
  ClientOptions,
  Data,
  DuePolicy,
  FoyerClient,
  ListQuery,
  Page,
  RedirectOptions,
  SentCode,
  Session,
  User,
} from './types.ts'
