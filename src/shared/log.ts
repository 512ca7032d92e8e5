// The log as a part that is handed in. Lines are JSON; codes, tokens and cookies are redacted by whoever makes it.

type Fields = { readonly [key: string]: unknown }

/** One line a call: fields first, then a constant message, so that lines can be counted. */
export type Log = {
  debug(fields: Fields, message: string): void
  info(fields: Fields, message: string): void
  warn(fields: Fields, message: string): void
  error(fields: Fields, message: string): void
  /** A log whose every line carries these fields too. */
  child(fields: Fields): Log
}
