// Dynamic registration: the engine's routes and tokens, our judgement of what is registered, and our record of it.

import { type Configuration, errors, type KoaContextWithOIDC } from 'oidc-provider'
import type { DynamicClients } from '../services/identity/clients/dynamic-clients.ts'
import { AppError } from '../shared/errors.ts'
import type { Client } from '../stores/clients.ts'
import type { Organisation } from '../stores/organisations.ts'
import { recordOf } from './seam.ts'

export const REGISTRATION_PATH = '/oauth/register'

export type RegistrationParts = {
  organisation: Organisation
  clients: Pick<DynamicClients, 'register' | 'update' | 'find'>
  /** As the engine finds the client from now on. */
  metadataOf(client: Client): object
  verifyClientSecret(client: Client, secret: string): Promise<boolean>
  newClientId(): string
  /** Its name in the tokens of `adapters/oidc`. */
  policy: string
}

type Features = NonNullable<Configuration['features']>
type Policy = (ctx: KoaContextWithOIDC, properties: object) => Promise<void>

type Registered = { client: Client; secret?: string }

/** The secret that a registration was given, until its answer tells it. */
export const told = new WeakMap<KoaContextWithOIDC, string>()
/** The secret that an update shows, taken out in front of the engine, which knows none. */
export const shown = new WeakMap<KoaContextWithOIDC, unknown>()

/**
 * The policy judges the request and writes the record, before the engine has made anything of it: what the
 * engine then checks, and stores, is made of the record.
 */
export function registrationFeatures(
  parts: RegistrationParts,
): Pick<Features, 'registration' | 'registrationManagement'> {
  const judge: Policy = async (ctx, properties) => {
    const { client, secret } = await inEngineErrors(() =>
      ctx.oidc.client ? update(parts, ctx) : register(parts, ctx, properties),
    )
    if (secret !== undefined) told.set(ctx, secret)
    // The clients of an organisation have no fields but ours, whatever was sent.
    for (const field of Object.keys(properties)) Reflect.deleteProperty(properties, field)
    Object.assign(properties, parts.metadataOf(client))
  }
  return {
    registration: {
      enabled: true,
      initialAccessToken: true,
      issueRegistrationAccessToken: true,
      idFactory: parts.newClientId,
      secretFactory: () => 'made by the policy',
      policies: { [parts.policy]: judge },
    },
    registrationManagement: { enabled: true, rotateRegistrationAccessToken: true },
  }
}

async function register(
  { clients, organisation }: RegistrationParts,
  ctx: KoaContextWithOIDC,
  properties: object,
): Promise<Registered> {
  const { client_id: id } = properties as { client_id: string } // the engine has just made it
  const token = ctx.oidc.entities.InitialAccessToken?.jti ?? ''
  return clients.register(organisation, { id, token, metadata: ctx.oidc.body })
}

async function update(
  { clients, organisation, verifyClientSecret }: RegistrationParts,
  ctx: KoaContextWithOIDC,
): Promise<Registered> {
  const { client, entities } = ctx.oidc
  if (!client) throw new TypeError('an update without a client')
  // RFC 7592, 2.2: whoever shows a secret has to show the right one.
  const secret = shown.get(ctx)
  const isRight =
    secret === undefined ||
    (typeof secret === 'string' && (await verifyClientSecret(recordOf(client), secret)))
  if (!isRight) throw new errors.InvalidRequest('the client_secret is not that of the client')
  const token = entities.RegistrationAccessToken?.jti ?? ''
  return clients.update(organisation, { id: client.clientId, token, metadata: ctx.oidc.body })
}

/** Our words for a field, and those of the specification. */
const specified: { readonly [path: string]: string } = {
  name: 'client_name',
  home_uri: 'client_uri',
  terms_uri: 'tos_uri',
  api_scopes: 'scope',
  back_channel_logout_uri: 'backchannel_logout_uri',
}

async function inEngineErrors<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    if (error.code === 'invalid_token') throw new errors.InvalidToken('it was used up meanwhile')
    // Changed or removed by an operator at the same instant.
    if (!error.fields) throw error.status < 500 ? new errors.InvalidRequest(error.message) : error
    const problems = error.fields.map(({ path, message }) => ({
      field: path.replace(/^\w+/, (name) => specified[name] ?? name),
      message,
    }))
    const text = problems.map(({ field, message }) => `${field}: ${message}`).join('; ')
    throw new errors.CustomOIDCProviderError(codeOf(problems[0]?.field ?? ''), printable(text))
  }
}

/** RFC 7591, 3.2.2. */
function codeOf(field: string): string {
  if (field.startsWith('redirect_uris')) return 'invalid_redirect_uri'
  if (field === 'software_statement') return 'unapproved_software_statement'
  return 'invalid_client_metadata'
}

/** The characters of an `error_description` (RFC 6749, 5.2). */
function printable(text: string): string {
  return text.replace(/[^\x20\x21\x23-\x5b\x5d-\x7e]/g, '?').slice(0, 1000)
}
