// Refusals and faults: what the caller may read, and what only the log may.

import { type ErrorCode, errorCatalogue } from '@foyer/contract'

export type AppErrorOptions = {
  /** Shown to the caller in place of the catalogue's sentence. Never holds a secret or another's data. */
  message?: string
  /** For the log only. */
  detail?: string
  /** Fields that were wrong, for 422. */
  fields?: readonly { path: string; message: string }[]
  /** Seconds after which trying again makes sense; becomes `Retry-After`. */
  retryAfter?: number
  cause?: unknown
}

/** A refusal or a fault with a code from the catalogue; `http/error-handler` turns it into an answer. */
export class AppError extends Error {
  override readonly name = 'AppError'
  readonly code: ErrorCode
  readonly status: number
  readonly detail: string | undefined
  readonly fields: AppErrorOptions['fields']
  readonly retryAfter: number | undefined

  constructor(code: ErrorCode, options: AppErrorOptions = {}) {
    const entry = errorCatalogue[code]
    super(options.message ?? entry.message, { cause: options.cause })
    this.code = code
    this.status = entry.status
    this.detail = options.detail
    this.fields = options.fields
    this.retryAfter = options.retryAfter
  }
}

/** The refusal of one field: where it is, and what is wrong, such as `must be a number`. */
export function invalidField(path: string, message: string): AppError {
  return new AppError('invalid_fields', { fields: [{ path, message }] })
}

/** Refuses fields, all at once; nothing happens where none is wrong. */
export function refuseFields(fields: readonly { path: string; message: string }[]): void {
  if (fields.length > 0) throw new AppError('invalid_fields', { fields })
}

/** What whoever starts the program reads: they are no caller, so the detail is theirs. */
export function operatorText(error: unknown): string {
  if (error instanceof AppError && error.detail) return error.detail
  return error instanceof Error ? error.message : String(error)
}
