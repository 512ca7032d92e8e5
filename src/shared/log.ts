// The log, as a part that is handed in: one line a fact, for machines as JSON, for people as text.

import pino from 'pino'

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

export type LogOptions = {
  level: 'debug' | 'info' | 'warn' | 'error' | 'silent'
  /** JSON for whoever collects logs, text for a terminal. */
  format: 'json' | 'text'
}

/** Should a secret ever be passed as a field, it is not written. */
const REDACTED = [
  ...['code', 'token', 'cookie', 'authorization', 'secret', 'password'],
  ...['accessToken', 'refreshToken', 'idToken', 'clientSecret'],
  ...['access_token', 'refresh_token', 'id_token', 'client_secret', 'code_verifier'],
]

export function createLog({ level, format }: LogOptions): Log {
  const options = {
    level,
    base: null,
    serializers: { err: said },
    redact: [...REDACTED, ...REDACTED.map((name) => `*.${name}`)],
  }
  return format === 'json' ? pino(options) : pino(options, { write: writeText })
}

/**
 * Of an error what went wrong and where, and nothing else that is in it: a library may have put its whole command
 * there, with a password or a value.
 */
function said(error: unknown): object {
  if (!(error instanceof Error)) return { message: String(error) }
  const { type, message, stack } = pino.stdSerializers.err(error) // with those of its causes
  return {
    type,
    message,
    stack,
    ...(error instanceof AggregateError && { errors: error.errors.map(said) }),
  }
}

const labels: { readonly [level: number]: string } = {
  20: 'debug',
  30: 'info',
  40: 'warn',
  50: 'error',
}

function writeText(line: string): void {
  const { level, time, msg, err, ...fields } = JSON.parse(line)
  const rest = Object.entries(fields).map(([name, value]) => `${name}=${JSON.stringify(value)}`)
  const head = `${new Date(time).toISOString().slice(11, 19)} ${labels[level] ?? level} ${msg}`
  process.stdout.write(`${[head, ...rest, ...(err ? [err.stack ?? err.message] : [])].join(' ')}\n`)
}
