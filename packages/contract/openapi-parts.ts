// What the OpenAPI documents of both APIs share: answers in the envelope, refusals, and their headers.

import { z } from 'zod'
import { type ErrorCode, errorCatalogue } from './errors.ts'
import { failure } from './shapes.ts'

export const json = 'application/json'

const rateHeaders = {
  'RateLimit-Limit': header('Requests in a window.', 'integer'),
  'RateLimit-Remaining': header('Requests that are left in it.', 'integer'),
  'RateLimit-Reset': header('Seconds until it ends.', 'integer'),
}
const retryHeader = {
  'Retry-After': header('Seconds after which trying again makes sense.', 'integer'),
}
const challengeHeader = {
  'WWW-Authenticate': header('What is wrong with the token, and where to get one.', 'string'),
}
/** The header that says which version of something an answer shows. */
export const versionHeader = (noun: string) => ({
  ETag: header(`The version of the ${noun}.`, 'string'),
})

/** Headers that come with a refusal, by status. */
const refusalHeaders: { readonly [status: string]: object } = {
  '401': challengeHeader,
  '403': challengeHeader,
  '429': { ...rateHeaders, ...retryHeader },
  '503': retryHeader,
}

function header(description: string, type: 'integer' | 'string') {
  return { description, schema: { type } }
}

/** An answer in the envelope, with what it holds. */
export function success(description: string, data: z.ZodType, headers: object = {}) {
  return {
    description,
    headers: { ...rateHeaders, ...headers },
    content: {
      [json]: {
        schema: z.object({ success: z.literal(true), data }),
      },
    },
  }
}

/** The refusals of an operation, by status: codes that share one are told together. */
export function failures(...codes: readonly ErrorCode[]) {
  const byStatus = Object.groupBy(codes, (code) => String(errorCatalogue[code].status))
  const entries = Object.entries(byStatus).map(([status, group = []]) => [
    status,
    {
      description: group.map((code) => `\`${code}\`: ${errorCatalogue[code].message}`).join('; '),
      ...(refusalHeaders[status] && { headers: refusalHeaders[status] }),
      content: { [json]: { schema: failure } },
    },
  ])
  return Object.fromEntries(entries) as { [status: `4${string}`]: { description: string } } // 4xx and 5xx
}
