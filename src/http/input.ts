// Queries and bodies against their schemas: what does not fit is told field by field.

import type { ErrorCode } from '@foyer/contract'
import type { Context } from 'koa'
import { AppError } from '../shared/errors.ts'

/** What we need of a schema: zod's `safeParse`. */
type Schema<T> = {
  safeParse(
    value: unknown,
  ): { success: true; data: T } | { success: false; error: { issues: readonly Issue[] } }
}
type Issue = { path: readonly PropertyKey[]; message: string; keys?: readonly string[] }

/** The value as the schema gives it back; throws `code` with what is wrong. */
export function parseInput<T>(schema: Schema<T>, value: unknown, code: ErrorCode): T {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  throw new AppError(code, { fields: result.error.issues.flatMap(problemsOf) })
}

/** The query, each parameter once; throws `bad_request`. */
export function parseQuery<T>(ctx: Context, schema: Schema<T>): T {
  const doubled = Object.values(ctx.query).some(Array.isArray)
  if (doubled) throw new AppError('bad_request', { message: 'A parameter was sent more than once' })
  return parseInput(schema, { ...ctx.query }, 'bad_request')
}

function problemsOf(issue: Issue): { path: string; message: string }[] {
  // Unknown keys are one issue of the object that holds them: each is told by its own name.
  if (issue.keys)
    return issue.keys.map((key) => ({
      path: [...issue.path, key].map(String).join('.'),
      message: 'unknown field',
    }))
  return [{ path: issue.path.map(String).join('.'), message: issue.message }]
}
