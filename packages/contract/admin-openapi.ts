// The Admin API's OpenAPI 3.1 document, made from its operations.

import { z } from 'zod'
import { createDocument, type ZodOpenApiOperationObject } from 'zod-openapi'
import { type Operation, operations, parametersOf, scopeOf } from './admin-api.ts'
import type { ErrorCode } from './errors.ts'
import { failures, json, success, versionHeader } from './openapi-parts.ts'
import { failure } from './shapes.ts'

/** The document for an installation at `baseUrl` (an origin without a slash at its end). */
export function adminApiDocument(baseUrl: string) {
  return createDocument({
    openapi: '3.1.1',
    info: {
      title: 'Admin API',
      version: '1',
      description:
        'What operators do: organisations, clients, customers, accounts and all that belongs to them. The same as the console does, for programs.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: `${baseUrl}/api/admin/v1` }],
    security: [{ operator: [] }, { key: [] }],
    tags: [...new Set(operations.map(({ tag }) => tag))].map((name) => ({ name })),
    paths: paths(),
    components: {
      schemas: { Failure: failure },
      securitySchemes: {
        operator: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description: 'An access token that the console got for an operator. Lives ten minutes.',
        },
        key: {
          type: 'http',
          scheme: 'bearer',
          description:
            'An API key (`fyk_…`) that an owner made, with a role and scopes of its own.',
        },
      },
    },
  })
}

function paths() {
  const table: { [path: string]: { [method: string]: ZodOpenApiOperationObject } } = {}
  for (const each of operations)
    table[each.path] = { ...table[each.path], [each.method.toLowerCase()]: describe(each) }
  return table
}

function describe(each: Operation): ZodOpenApiOperationObject {
  const scope = scopeOf(each)
  const requestBody = bodyOf(each)
  return {
    operationId: each.id,
    summary: each.summary,
    description: [each.description, needsText(each)].filter(Boolean).join(' '),
    tags: [each.tag],
    security: [{ operator: [] }, { key: scope ? [scope] : [] }],
    parameters: headersOf(each),
    requestParams: {
      path: z.object(Object.fromEntries(parametersOf(each.path).map((name) => [name, z.string()]))),
      ...(each.query && { query: each.query }),
    },
    ...(requestBody && { requestBody }),
    responses: { [each.status ?? 200]: answerOf(each), ...failures(...new Set(refusalsOf(each))) },
  }
}

function needsText({ needs }: Operation): string {
  if (needs === 'operator') return 'For every operator.'
  const [verb, noun] = needs
  return `Needs a role that may \`${verb}\` \`${noun}\`.`
}

function headersOf(each: Operation) {
  const header = (name: string, description: string) => ({
    name,
    in: 'header' as const,
    description,
    schema: { type: 'string' as const },
  })
  return [
    ...(each.versioned && each.method !== 'GET'
      ? [
          header(
            'If-Match',
            'Only if it still has this `ETag`, else 412. Without it the change is made on whatever is there.',
          ),
        ]
      : []),
    ...(each.idempotent
      ? [
          header(
            'Idempotency-Key',
            'At most 255 characters. Sent again within 24 hours, it has the same answer.',
          ),
        ]
      : []),
  ]
}

function bodyOf({ body, bytes }: Operation) {
  if (body) return { required: true, content: { [json]: { schema: body } } }
  if (!bytes) return undefined
  const binary = { schema: { type: 'string' as const, format: 'binary' } }
  return { required: true, content: Object.fromEntries(bytes.types.map((type) => [type, binary])) }
}

function answerOf(each: Operation) {
  const headers = each.versioned ? versionHeader('resource') : {}
  if (!each.produces) return success('Done.', each.answer, headers)
  return { description: 'Done.', headers, content: { [each.produces]: { schema: each.answer } } }
}

function refusalsOf(each: Operation): ErrorCode[] {
  return [
    // Of every one: an address may be none, such as one with a NUL.
    'bad_request',
    ...(each.body || each.bytes
      ? (['too_large', 'unsupported_media_type', 'invalid_fields'] as const)
      : []),
    ...(parametersOf(each.path).length > 0 ? (['not_found'] as const) : []),
    ...(each.versioned && each.method !== 'GET'
      ? (['conflict', 'precondition_failed'] as const)
      : []),
    ...(each.idempotent ? (['conflict', 'idempotency_key_reused'] as const) : []),
    ...(each.refuses ?? []),
    'invalid_token',
    ...(each.needs === 'operator' ? [] : (['insufficient_role', 'insufficient_scope'] as const)),
    'rate_limited',
    'internal_error',
    'unavailable',
  ]
}
