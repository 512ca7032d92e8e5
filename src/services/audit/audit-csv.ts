// The audit log as CSV (RFC 4180), for spreadsheets.

import { instantOf } from '../../shared/instants.ts'
import type { AuditEntry } from '../../stores/audit.ts'

const columns = [
  'sequence',
  'at',
  'action',
  'actor',
  'target',
  'source',
  'request',
  'before',
  'after',
  'id',
  'hash',
] as const

/** The first line, without its end. */
export const auditCsvHeader: string = columns.join(',')

/** One row, without the end of the line, which is CR LF. */
export function auditCsvLine({ _id, at, ...entry }: AuditEntry): string {
  const row = { ...entry, id: _id, at: instantOf(at) }
  return columns.map((column) => cell(row[column])).join(',')
}

function cell(value: string | number | object | undefined): string {
  if (value === undefined) return ''
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value)
  // A spreadsheet takes what begins like this for a formula, and calculates it.
  const inert = /^\s*[=+\-@|]|^[\t\r\n]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert
}
