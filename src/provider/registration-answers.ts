// The answers of registration: what the engine's leave out, and what they must not hold.

import type { KoaContextWithOIDC } from 'oidc-provider'
import { SECOND } from '../shared/clock.ts'
import { readBody } from '../shared/request-body.ts'
import type { Client } from '../stores/clients.ts'
import { REGISTRATION_PATH, type RegistrationParts, shown, told } from './registration.ts'
import { replayBody } from './request-body.ts'
import type { Middleware } from './requests.ts'
import { recordOf } from './seam.ts'

const routes: ReadonlySet<string> = new Set(['registration', 'client', 'client_update'])

/** Around the engine. */
export function answerRegistration(parts: RegistrationParts): Middleware {
  return async (ctx, next) => {
    if (ctx.method === 'PUT' && !(await takeSecret(ctx))) return
    await next()
    if (!routes.has(ctx.oidc?.route ?? '') || ctx.status >= 300) return
    const body = ctx.body as { [field: string]: unknown } // the engine's own metadata, with its tokens
    const { _id } = recordOf(body)
    const client = await parts.clients.find(parts.organisation._id, _id)
    if (!client) return refuse(ctx, { status: 401, error: 'invalid_token', why: 'it is gone' })
    ctx.body = answerOf(parts, { client, secret: told.get(ctx), body })
  }
}

/** The engine would compare it to the placeholder that it knows. */
async function takeSecret(ctx: KoaContextWithOIDC): Promise<boolean> {
  if (!ctx.path.toLowerCase().startsWith(`${REGISTRATION_PATH}/`)) return true
  const read = await readBody(ctx.req)
  if (read.outcome !== 'read') {
    const status = read.outcome === 'too-large' ? 413 : 400
    refuse(ctx, { status, error: 'invalid_request', why: 'the request body is not acceptable' })
    return false
  }
  const fields = objectIn(read.text)
  if (fields && Object.hasOwn(fields, 'client_secret')) {
    const { client_secret, ...others } = fields
    shown.set(ctx, client_secret)
    replayBody(ctx.req, JSON.stringify(others))
  } else replayBody(ctx.req, read.text)
  return true
}

function refuse(
  ctx: KoaContextWithOIDC,
  { status, error, why }: { status: number; error: string; why: string },
): void {
  ctx.status = status
  ctx.body = { error, error_description: why }
}

function objectIn(text: string): { [field: string]: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(text)
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
    return isObject ? { ...value } : undefined
  } catch {
    return undefined // the engine says so
  }
}

/** What is in effect (RFC 7591, 3.2.1); the secret only where it was made, and never the placeholder. */
function answerOf(
  { metadataOf }: RegistrationParts,
  answer: { client: Client; secret: string | undefined; body: { [field: string]: unknown } },
) {
  const { client, secret, body } = answer
  const metadata = { ...metadataOf(client) } as { [field: string]: unknown } // of a client as the engine has it
  const { foyer_client: _record, client_secret: _placeholder, ...fields } = metadata
  const ends = client.secrets.at(-1)?.expiresAt
  return {
    ...fields,
    client_id_issued_at: Math.floor(client.createdAt / SECOND),
    ...(client.apiScopes.length > 0 && { scope: client.apiScopes.join(' ') }),
    ...(secret !== undefined && {
      client_secret: secret,
      client_secret_expires_at: ends === undefined ? 0 : Math.floor(ends / SECOND),
    }),
    registration_client_uri: body.registration_client_uri,
    registration_access_token: body.registration_access_token,
  }
}
