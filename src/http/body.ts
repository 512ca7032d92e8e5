// Bodies at the door: read within bounds, parsed strictly, refused with a clear 4xx.

import type { Context } from 'koa'
import { AppError } from '../shared/errors.ts'
import { readBody, readBytes as readUpTo } from '../shared/request-body.ts'

const MAX_DEPTH = 20

/** The fields of a form, each at most once. Refuses other content types and doubled fields. */
export async function readForm(ctx: Context): Promise<{ [field: string]: string }> {
  if (isWithoutBody(ctx)) return {}
  if (!ctx.is('application/x-www-form-urlencoded')) throw new AppError('unsupported_media_type')
  const fields = [...new URLSearchParams(await readText(ctx))]
  const form = Object.fromEntries(fields)
  // "Last wins" and "first wins" are both wrong for somebody.
  if (Object.keys(form).length !== fields.length)
    throw new AppError('bad_request', { message: 'A field was sent more than once' })
  return form
}

/** So programs send a form that has no fields; browsers name its type. */
export function isWithoutBody({ req }: Context): boolean {
  const { 'content-type': type, 'content-length': length = '0', ...rest } = req.headers
  return type === undefined && length === '0' && rest['transfer-encoding'] === undefined
}

/** A JSON body of one of these content types; `undefined` members and depth are bounded. */
export async function readJson(
  ctx: Context,
  types: readonly string[] = ['application/json'],
): Promise<unknown> {
  if (!ctx.is([...types])) throw new AppError('unsupported_media_type')
  const text = await readText(ctx)
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw new AppError('bad_request', { message: 'The body is not valid JSON', cause })
  }
  if (isDeeperThan(value, MAX_DEPTH))
    throw new AppError('bad_request', { message: 'The body is nested too deeply' })
  return value
}

/** The bytes of a body of one of these content types; what they really are, the reader has to look. */
export async function readBytes(
  ctx: Context,
  { types, maxBytes }: { types: readonly string[]; maxBytes: number },
): Promise<Buffer> {
  if (!ctx.is([...types])) throw new AppError('unsupported_media_type')
  const bytes = await readUpTo(ctx.req, maxBytes)
  if (!bytes) throw new AppError('too_large')
  return bytes
}

async function readText(ctx: Context): Promise<string> {
  const body = await readBody(ctx.req)
  if (body.outcome === 'too-large') throw new AppError('too_large')
  if (body.outcome === 'nul')
    throw new AppError('bad_request', { message: 'The body has a NUL character' })
  if (body.outcome === 'not-text')
    throw new AppError('bad_request', { message: 'The body is not UTF-8' })
  return body.text
}

function isDeeperThan(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (depth === 0) return true
  return Object.values(value).some((member) => isDeeperThan(member, depth - 1))
}
