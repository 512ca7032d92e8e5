// From an operation of the contract to its route: who may, what was sent, one call, the answer.

import type { adminApi } from '@foyer/contract'
import type Router from '@koa/router'
import type { Context } from 'koa'
import { readBytes, readJson } from '../../http/body.ts'
import { sendData } from '../../http/envelope.ts'
import { parseInput, parseQuery } from '../../http/input.ts'
import { expectedVersion, sendVersion } from '../../http/versions.ts'
import type { By } from '../../services/audit/audit.ts'
import type { Idempotency } from '../../services/events/idempotency.ts'
import { AppError } from '../../shared/errors.ts'
import type { Organisation } from '../../stores/organisations.ts'
import type { Caller, Guard, Standing } from './guard.ts'

type Operation = adminApi.Operation

/** Everything about one request that its handler may want to know, checked. */
export type Call<Row extends Operation> = {
  /** For what JSON cannot say: other content types, streams. */
  ctx: Context
  caller: Caller
  /** The caller's role in the organisation, or in the platform. */
  standing: Row['needs'] extends 'operator' ? undefined : Standing
  /** For services that write. */
  by: Row['needs'] extends 'operator' ? undefined : By
  organisation: Row['path'] extends `/organisations/{slug}${string}` ? Organisation : undefined
  params: { readonly [Name in adminApi.ParametersOf<Row['path']>]: string }
  query: adminApi.QueryOf<Row>
  body: adminApi.BodyOf<Row>
  /** That the change is meant for, by `If-Match`. */
  version: number | undefined
}

/** What a handler gives back; nothing of those that write the answer themselves. */
export type Result<Row extends Operation> = Row['produces'] extends string
  ? undefined
  : Row['versioned'] extends true
    ? { data: adminApi.DataOf<Row>; version: number }
    : adminApi.DataOf<Row>

export type Serve = <Row extends Operation>(
  row: Row,
  handle: (call: Call<Row>) => Promise<Result<Row>>,
) => void

/** The routes of one file, put where `serve` puts them. */
export type Routes = (serve: Serve) => void

export type ServeParts = {
  router: Router
  guard: Guard
  findOrganisation(slug: string): Promise<Organisation | undefined>
  /** Where there is no organisation in the path. */
  platform: string
  idempotency: Idempotency
}

export function createServe(parts: ServeParts): Serve {
  const { router, guard, idempotency } = parts

  async function placeOf(row: Operation, slug: string | undefined) {
    if (!row.path.startsWith('/organisations/{slug}')) return { place: parts.platform }
    const organisation = slug === undefined ? undefined : await parts.findOrganisation(slug)
    if (!organisation) throw new AppError('not_found')
    return { place: organisation._id, organisation }
  }

  return (row, handle) => {
    router.register(row.path.replace(/\{(\w+)\}/g, ':$1'), [row.method], async (ctx: Context) => {
      const params: { [name: string]: string } = ctx.params
      const caller: Caller = ctx.state.caller // set by `createAdminApi`, for every path
      const { place, organisation } = await placeOf(row, params.slug)
      const allowed =
        row.needs === 'operator'
          ? { caller, standing: undefined, by: undefined }
          : await guard.allow(ctx, { caller, place, operation: row })
      const body = await bodyOf(ctx, row)
      // Its parts are what the row says they are: each was just checked against it.
      const call = {
        ctx,
        ...allowed,
        organisation,
        params,
        query: row.query && parseQuery(ctx, row.query),
        body,
        version: row.versioned && row.method !== 'GET' ? expectedVersion(ctx) : undefined,
      } as unknown as Call<typeof row>
      const run = async () => answerOf(row, await handle(call))
      if (row.produces) {
        await handle(call)
        return
      }
      const key = row.idempotent ? idempotencyKeyOf(ctx) : undefined
      if (key === undefined) return send(ctx, row, await run())
      const { text, isReplay } = await idempotency.once(
        {
          caller: caller.name,
          operation: row.id,
          key,
          request: JSON.stringify([ctx.path, body]),
        },
        async () => JSON.stringify(await run()),
      )
      if (isReplay) ctx.set('Idempotency-Replayed', 'true')
      send(ctx, row, JSON.parse(text))
    })
  }
}

type Answer = { data: unknown; version?: number }

/** Only what the contract names: a field more in the store is none in an answer. */
function answerOf(row: Operation, result: unknown): Answer {
  const { data, version } = (row.versioned ? result : { data: result }) as Answer // by `Result`
  return { data: row.answer.parse(data), ...(version !== undefined && { version }) }
}

function send(ctx: Context, row: Operation, { data, version }: Answer): void {
  if (version !== undefined) sendVersion(ctx, version)
  // Never kept: beside what the version counts, answers hold what is published, or who uses it.
  ctx.set('Cache-Control', 'private, no-store')
  ctx.status = row.status ?? 200
  sendData(ctx, data)
}

async function bodyOf(ctx: Context, { body, bytes }: Operation): Promise<unknown> {
  if (bytes) return readBytes(ctx, bytes)
  if (!body) return undefined
  const types = ['application/json', 'application/merge-patch+json']
  return parseInput(body, await readJson(ctx, types), 'invalid_fields')
}

/** Printable ASCII, as headers carry it. */
function idempotencyKeyOf(ctx: Context): string | undefined {
  const key = ctx.get('idempotency-key')
  if (key === '') return undefined
  if (!/^[\x21-\x7e]{1,255}$/.test(key))
    throw new AppError('bad_request', {
      message: 'An idempotency key has 1 to 255 printable characters',
    })
  return key
}
