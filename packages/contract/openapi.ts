// The Client API's OpenAPI 3.1 document, made from the schemas of the contract.

import { z } from 'zod'
import { createDocument, type ZodOpenApiOperationObject } from 'zod-openapi'
import * as api from './client-api.ts'
import { failures, json, success, versionHeader } from './openapi-parts.ts'

/** The document for an installation at `baseUrl` (an origin without a slash at its end). */
export function clientApiDocument(baseUrl: string) {
  return createDocument({
    openapi: '3.1.1',
    info: {
      title: 'Client API',
      version: '1',
      description:
        'A customer’s own profile, orders, bookings, enquiries and sessions. Every answer is about the customer whose token is sent; there is no way to reach another’s.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: `${baseUrl}/api/client/v1` }],
    security: [{ token: [] }],
    tags: [
      { name: 'Profile', description: 'Who the customer is.' },
      { name: 'History', description: 'What the customer did, the newest first.' },
      {
        name: 'Sessions',
        description: 'Where the customer is signed in. They need no customer profile.',
      },
      { name: 'Tokens', description: 'Staying signed in.' },
    ],
    paths: {
      '/profile': { get: getProfile, patch: patchProfile },
      '/orders': { get: list('orders', api.orderPage, api.listQuery(api.orderStatuses)) },
      '/bookings': { get: list('bookings', api.bookingPage, api.listQuery(api.bookingStatuses)) },
      '/enquiries': { get: list('enquiries', api.enquiryPage, api.listQuery(api.enquiryStatuses)) },
      '/session': { delete: signOut },
      '/session/events': { get: sessionEvents },
      '/sessions': { get: listSessions, delete: endSessions },
      '/sessions/{id}': { delete: endSession },
      '/refresh': { post: refresh },
    },
    components: {
      schemas: { Failure: api.failure },
      securitySchemes: {
        token: {
          type: 'openIdConnect',
          openIdConnectUrl: `${baseUrl}/.well-known/openid-configuration`,
          description:
            'An access token (RFC 9068) from an authorization code flow with PKCE that asked an API scope. Lives one hour. One that was bound to a key comes with `Authorization: DPoP` and a fresh proof in `DPoP` (RFC 9449, 7).',
        },
      },
    },
  })
}

const versionHeaders = versionHeader('profile')

/** Of every operation for a token. */
const guarded = [
  'invalid_token',
  'insufficient_scope',
  'rate_limited',
  'internal_error',
  'unavailable',
] as const

const common = ['no_customer', ...guarded] as const

const getProfile: ZodOpenApiOperationObject = {
  operationId: 'getProfile',
  summary: 'Read the profile',
  description: 'Needs `profile:read`. The `ETag` goes into `If-Match` of a change.',
  tags: ['Profile'],
  security: [{ token: ['profile:read'] }],
  parameters: [
    {
      name: 'If-None-Match',
      in: 'header',
      description: 'Only if the profile no longer has this `ETag`.',
      schema: { type: 'string' },
    },
  ],
  responses: {
    '200': success('The profile.', api.profile, versionHeaders),
    '304': { description: 'The profile still has that `ETag`.', headers: versionHeaders },
    ...failures(...common),
  },
}

const patchProfile: ZodOpenApiOperationObject = {
  operationId: 'updateProfile',
  summary: 'Change the profile',
  description:
    'Needs `profile:write`. A merge patch: what is there changes, `null` removes, the rest stays. The e-mail address cannot be changed here.',
  tags: ['Profile'],
  security: [{ token: ['profile:write'] }],
  parameters: [
    {
      name: 'If-Match',
      in: 'header',
      description:
        'Only if the profile still has this `ETag`, else 412. Without it the change is made on whatever is there.',
      schema: { type: 'string' },
    },
  ],
  requestBody: {
    required: true,
    content: {
      'application/merge-patch+json': {
        schema: api.profilePatch,
        example: { given_name: 'Ana', phone: '+442071234567', address: null },
      },
      [json]: { schema: api.profilePatch },
    },
  },
  responses: {
    '200': success('The profile as it is now.', api.profile, versionHeaders),
    ...failures(
      'bad_request',
      'conflict',
      'precondition_failed',
      'too_large',
      'unsupported_media_type',
      'invalid_fields',
      ...common,
    ),
  },
}

function list(
  noun: 'orders' | 'bookings' | 'enquiries',
  page: z.ZodType,
  query: z.ZodObject,
): ZodOpenApiOperationObject {
  return {
    operationId: `list${noun[0]?.toUpperCase()}${noun.slice(1)}`,
    summary: `List the ${noun}`,
    description: `Needs \`${noun}:read\`. The newest first, in pages.`,
    tags: ['History'],
    security: [{ token: [`${noun}:read`] }],
    requestParams: { query },
    responses: {
      '200': success(`A page of ${noun}.`, page),
      ...failures('bad_request', ...common),
    },
  }
}

const listSessions: ZodOpenApiOperationObject = {
  operationId: 'listSessions',
  summary: 'List the sessions',
  description: 'Needs `sessions:read`. The one that began last first, in pages.',
  tags: ['Sessions'],
  security: [{ token: ['sessions:read'] }],
  requestParams: { query: api.pageQuery },
  responses: {
    '200': success('A page of sessions.', api.sessionPage),
    ...failures('bad_request', ...guarded),
  },
}

const eventsExample = ':\n\n:\n\nevent: signed-out\ndata: {}\n\n'

const signOut: ZodOpenApiOperationObject = {
  operationId: 'signOut',
  summary: 'Sign out',
  description:
    'For the business’s own applications, without a scope. Ends the session that the token comes from with everything it gave, as the sign-out page does. Where that session is over already, `ended` is 0 and the token’s permission ends.',
  tags: ['Sessions'],
  security: [{ token: [] }],
  requestParams: { query: api.endSessionQuery },
  responses: {
    '200': success('Signed out.', api.endedSessions),
    ...failures('bad_request', ...guarded),
  },
}

const sessionEvents: ZodOpenApiOperationObject = {
  operationId: 'sessionEvents',
  summary: 'Hear of a sign-out',
  description:
    'For the business’s own applications, without a scope. A stream of server-sent events, to be read with `fetch`, that stays open while the access token is good: open it again with the next one. `signed-out` comes within 5 seconds after the session, the permission or the account was ended, wherever that was, and is the last event. Comments in between keep it open. Where it ends otherwise, wait for `retry` (milliseconds) if it came, and open it again; a 401 then says that the token is refused. One stream serves all tabs of a browser: of one session the newest 8 are kept, of one account 40.',
  tags: ['Sessions'],
  security: [{ token: [] }],
  responses: {
    '200': {
      description: 'The stream.',
      content: {
        'text/event-stream': { schema: { type: 'string' }, example: eventsExample },
      },
    },
    ...failures('bad_request', ...guarded),
  },
}

const endSession: ZodOpenApiOperationObject = {
  operationId: 'endSession',
  summary: 'Sign out of one session',
  description:
    'Needs `sessions:write`, which only the business’s own applications get. Its applications are told, and its access tokens are refused from now on.',
  tags: ['Sessions'],
  security: [{ token: ['sessions:write'] }],
  requestParams: { path: z.object({ id: z.string() }) },
  responses: {
    '200': success('The session has ended.', api.endedSessions),
    ...failures('bad_request', 'not_found', ...guarded),
  },
}

const endSessions: ZodOpenApiOperationObject = {
  operationId: 'endSessions',
  summary: 'Sign out everywhere',
  description:
    'Needs `sessions:write`. Ends every session and every permission that outlives sessions (`offline_access`), the caller’s own too; with `except=current` the other sessions only.',
  tags: ['Sessions'],
  security: [{ token: ['sessions:write'] }],
  requestParams: { query: api.endSessionsQuery },
  responses: {
    '200': success('They have ended.', api.endedSessions),
    ...failures('bad_request', ...guarded),
  },
}

const refresh: ZodOpenApiOperationObject = {
  operationId: 'refresh',
  summary: 'Get a new pair of tokens',
  description:
    'The same as the token endpoint with `grant_type=refresh_token`. A public client sends nothing more than the refresh token; a confidential one authenticates by `Authorization: Basic`, or by `client_id` and `client_secret`. The refresh token is replaced: keep the new one.',
  tags: ['Tokens'],
  security: [],
  requestBody: { required: true, content: { [json]: { schema: api.refreshRequest } } },
  responses: {
    '200': success('The new pair.', api.tokenPair),
    ...failures(
      'bad_request',
      'invalid_grant',
      'too_large',
      'unsupported_media_type',
      'invalid_fields',
      'rate_limited',
      'internal_error',
      'unavailable',
    ),
  },
}
