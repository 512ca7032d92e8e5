// What a request to the challenge endpoint says: one of four steps, parsed, or what is wrong with it.

import { type AcceptableKind, acceptableKinds } from '../../shared/policy-kinds.ts'

/** The first one names its client; the others may repeat it. */
export type ChallengeStep =
  | { step: 'begin'; client: string; begin: Begin }
  | { step: 'send-again'; session: string; client?: string; email: string }
  | { step: 'prove'; session: string; client?: string; code: string }
  | { step: 'accept'; session: string; client?: string; numbers: AcceptedNumbers }

export type Begin = {
  email: string
  codeChallenge: string
  scope?: string
  resource?: string
  nonce?: string
  /** The thumbprint of the key that the code is to be bound to (RFC 9449, 10). */
  proofKey?: string
  uiLocales: readonly string[]
}

export type AcceptedNumbers = { readonly [kind in AcceptableKind]?: number }

/** `invalid_request` (RFC 6749, 5.2), and why. */
export type Malformed = { malformed: string }

/** A SHA-256 as base64url: what S256 makes of any verifier (RFC 7636, 4.2), and what names a key (RFC 9449, 10). */
const HASH = /^[\w-]{43}$/
/** A cookie would hold no more; it comes back in the ID token. */
const MAX_NONCE = 1024

/** Parameters without a value count as left out, unknown ones are nobody's business (RFC 6749, 3.1). */
export function readStep(form: { readonly [field: string]: string }): ChallengeStep | Malformed {
  const { auth_session: session, client_id: client, email, otp, accept } = withoutEmpty(form)
  if ([email, otp, accept].filter((each) => each !== undefined).length !== 1)
    return { malformed: 'one of email, otp and accept is required' }
  if (session === undefined) return readBegin(withoutEmpty(form))
  const common = { session, ...(client !== undefined && { client }) }
  if (email !== undefined) return { step: 'send-again', ...common, email }
  if (otp !== undefined) return { step: 'prove', ...common, code: otp }
  const numbers = readNumbers(accept ?? '')
  return numbers
    ? { step: 'accept', ...common, numbers }
    : { malformed: 'accept must name policies as in: terms.3 privacy.2' }
}

type Fields = { readonly [field: string]: string | undefined }

function withoutEmpty(form: { readonly [field: string]: string }): Fields {
  return Object.fromEntries(Object.entries(form).filter(([, value]) => value !== ''))
}

function readBegin(fields: Fields): ChallengeStep | Malformed {
  const { client_id: client, email, scope, resource, nonce, ui_locales: uiLocales } = fields
  const { response_type: type = 'code', code_challenge: codeChallenge } = fields
  const { dpop_jkt: proofKey } = fields
  if (email === undefined) return { malformed: 'auth_session is required' }
  if (client === undefined) return { malformed: 'client_id is required' }
  if (type !== 'code') return { malformed: 'response_type must be code' }
  if (codeChallenge === undefined || !HASH.test(codeChallenge))
    return { malformed: 'code_challenge is required: 43 characters, base64url' }
  if (fields.code_challenge_method !== 'S256')
    return { malformed: 'code_challenge_method must be S256' }
  if (proofKey !== undefined && !HASH.test(proofKey))
    return { malformed: 'dpop_jkt must be 43 characters, base64url' }
  if (nonce !== undefined && nonce.length > MAX_NONCE) return { malformed: 'nonce is too long' }
  const begin = {
    email,
    codeChallenge,
    ...(scope !== undefined && { scope }),
    ...(resource !== undefined && { resource }),
    ...(nonce !== undefined && { nonce }),
    ...(proofKey !== undefined && { proofKey }),
    uiLocales: (uiLocales ?? '').split(' ').filter(Boolean),
  }
  return { step: 'begin', client, begin }
}

/** Such as `terms.3 privacy.2`. */
function readNumbers(text: string): AcceptedNumbers | undefined {
  const pairs = text.split(' ').filter(Boolean)
  const read = pairs.map((pair) => {
    const [, name, number] = /^([a-z]+)\.([1-9]\d{0,8})$/.exec(pair) ?? []
    const kind = acceptableKinds.find((each) => each === name)
    return kind && ([kind, Number(number)] as const)
  })
  const known = read.filter((each) => each !== undefined)
  return known.length === pairs.length ? Object.fromEntries(known) : undefined
}
