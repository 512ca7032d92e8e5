// A log that can be read.

import type { Log } from '../../src/shared/log.ts'

type RecordingLog = Log & { lines: string[]; errors: string[] }

/** Every log line, to look for what must not be there; those of errors once more. */
export function recordingLog(): RecordingLog {
  const lines: string[] = []
  const errors: string[] = []
  const write = (fields: object, message: string): void => {
    lines.push(
      `${message} ${JSON.stringify(fields, (_key, value) => (value instanceof Error ? `${value.stack}` : value))}`,
    )
  }
  const log: RecordingLog = {
    lines,
    errors,
    debug: write,
    info: write,
    warn: write,
    error(fields, message) {
      write(fields, message)
      errors.push(String(lines.at(-1)))
    },
    child: () => log,
  }
  return log
}
