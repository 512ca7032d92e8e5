// Outages in the engine's own terms: 503 `temporarily_unavailable`, on a page or in JSON, never a redirect.

import { errors } from 'oidc-provider'
import { StoreUnavailable } from '../../src/stores/errors.ts'

/** The same asynchronous functions under the same names; what the engine is not told so it takes for a fault of ours. */
export function inEngineTerms<T extends object>(functions: T): T {
  const guarded = Object.entries(functions).map(([name, run]) => [
    name,
    async (...args: unknown[]) => {
      try {
        return await run(...args)
      } catch (error) {
        if (!(error instanceof StoreUnavailable)) throw error
        throw temporarilyUnavailable(error)
      }
    },
  ])
  return Object.fromEntries(guarded) as T // the same functions under the same names
}

function temporarilyUnavailable(cause: StoreUnavailable): Error {
  const error = new errors.CustomOIDCProviderError(
    'temporarily_unavailable',
    'a store is temporarily unavailable, try again in a few seconds',
  )
  return Object.assign(error, {
    status: 503,
    statusCode: 503,
    expose: true,
    allow_redirect: false,
    cause,
  })
}
