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

/** Should a secret ever be passed as a field, or as a field of a field, it is not written. */
const SECRETS = new Set([
  ...['code', 'token', 'cookie', 'authorization', 'secret', 'password'],
  ...['accessToken', 'refreshToken', 'idToken', 'clientSecret'],
  ...['access_token', 'refresh_token', 'id_token', 'client_secret', 'code_verifier'],
])

export function createLog({ level, format }: LogOptions): Log {
  const options = {
    level,
    base: null,
    serializers: { err: said },
    formatters: { log: withoutSecrets },
  }
  return logOf(format === 'json' ? pino(options) : pino(options, { write: writeText }))
}

/** pino formats the fields of a line, but not those that a child has for all of its lines. */
function logOf(logger: pino.Logger): Log {
  return {
    debug: (fields, message) => logger.debug(fields, message),
    info: (fields, message) => logger.info(fields, message),
    warn: (fields, message) => logger.warn(fields, message),
    error: (fields, message) => logger.error(fields, message),
    child: (fields) => logOf(logger.child(withoutSecrets(fields))),
  }
}

/**
 * What a line may show. Every request has one: pino's own `redact` looks at all of it again for each name, which takes
 * three times as long as the rest of the line.
 */
function withoutSecrets(fields: Fields): Fields {
  const shown: { [name: string]: unknown } = {}
  // Of an error nothing is shown but what `said` takes of it.
  for (const [name, value] of Object.entries(redacted(fields)))
    shown[name] =
      typeof value === 'object' && value !== null && name !== 'err' ? redacted(value) : value
  return shown
}

/** A copy where something in it is secret, else itself. */
function redacted(fields: object): object {
  const entries = Object.entries(fields)
  if (!entries.some(([name]) => SECRETS.has(name))) return fields
  return Object.fromEntries(
    entries.map(([name, value]) => [name, SECRETS.has(name) ? '[Redacted]' : value]),
  )
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
