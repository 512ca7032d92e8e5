// The error catalogue: every code once, with its status, the sentence a caller reads, and what to do about it.

type Entry = {
  readonly status: number
  /** What the caller reads. */
  readonly message: string
  /** For `docs/errors.md`: what it means and what to do. */
  readonly remedy: string
}

export const errorCatalogue = {
  bad_request: {
    status: 400,
    message: 'The request cannot be understood',
    remedy:
      'The body, query or a header has the wrong form. Compare the request with the OpenAPI document.',
  },
  no_customer: {
    status: 400,
    message: 'No customer profile is linked to this account',
    remedy:
      'The person signed in, but the business has no customer record for them and does not make one at sign-in. Ask the business to link the account.',
  },
  invalid_token: {
    status: 401,
    message: 'Invalid or expired token',
    remedy:
      'Send `Authorization: Bearer` with an unexpired access token for the Client API. Refresh it, or sign in again. A token that is bound to a key comes with `Authorization: DPoP` and a fresh proof: `WWW-Authenticate` says what was wrong.',
  },
  invalid_grant: {
    status: 401,
    message: 'Invalid or expired refresh token',
    remedy:
      'The refresh token has expired, was used before, was revoked, or the client did not authenticate. Sign in again.',
  },
  insufficient_scope: {
    status: 403,
    message: 'The token does not allow this',
    remedy:
      'Ask for the scope named in `WWW-Authenticate` when signing in. Where it names none, only the business’s own applications may do this.',
  },
  insufficient_role: {
    status: 403,
    message: 'Your role does not allow this',
    remedy: 'Ask an owner of the organisation. `docs/operators.md` lists what each role may do.',
  },
  origin_not_allowed: {
    status: 403,
    message: 'Requests from this origin are not allowed',
    remedy: 'Register the origin with the client.',
  },
  not_found: {
    status: 404,
    message: 'Not found',
    remedy: 'There is nothing at this address, or nothing that you may see.',
  },
  wrong_host: {
    status: 404,
    message: 'This host is not served here',
    remedy: 'Use the address in `BASE_URL`; behind a proxy, let it pass the `Host` header on.',
  },
  method_not_allowed: {
    status: 405,
    message: 'This method is not available here',
    remedy: 'The `Allow` header lists the methods of this address.',
  },
  conflict: {
    status: 409,
    message: 'This was changed or exists already',
    remedy:
      'What is there does not allow this, or others change it all the time. Read the resource again and repeat the change on what it is now.',
  },
  idempotency_key_reused: {
    status: 409,
    message: 'This idempotency key was used for another request',
    remedy:
      'A key names one request, with its body. Make a new key for each thing that is to be created.',
  },
  managed_client: {
    status: 409,
    message: 'This client is kept by Foyer itself',
    remedy:
      'The console signs its operators in by it. It cannot be changed, disabled or removed, and has no secret to hand out.',
  },
  last_owner: {
    status: 409,
    message: 'This is the last owner',
    remedy: 'Whatever has an owner keeps one. Make somebody else an owner first.',
  },
  precondition_failed: {
    status: 412,
    message: 'This was changed since you read it',
    remedy:
      'The `If-Match` header, or `draft_version`, names an older version. Read the resource again and repeat the change.',
  },
  too_large: {
    status: 413,
    message: 'The request is too large',
    remedy: 'Bodies may have at most 56 kB, texts of policies 64 kB, pictures 1 MB.',
  },
  unsupported_media_type: {
    status: 415,
    message: 'The body has an unsupported content type',
    remedy: 'Send the content type that the OpenAPI document names for this request.',
  },
  invalid_fields: {
    status: 422,
    message: 'Some fields are not valid',
    remedy: '`details` lists each field with what is wrong. Unknown fields are refused.',
  },
  rate_limited: {
    status: 429,
    message: 'Too many requests',
    remedy: 'Wait for the number of seconds in `Retry-After`.',
  },
  internal_error: {
    status: 500,
    message: 'Internal error',
    remedy: 'A fault on our side. The log line with the same request id has the reason.',
  },
  unavailable: {
    status: 503,
    message: 'Temporarily unavailable',
    remedy: 'A store or the mail server cannot be reached. Try again after `Retry-After` seconds.',
  },
} as const satisfies Record<string, Entry>

/** A stable code: a released one is never renamed or reused. */
export type ErrorCode = keyof typeof errorCatalogue
