// The engine's Client model, read from the one store of OAuth clients.

import type { Adapter, AdapterPayload } from 'oidc-provider'
import type { Clock } from '../../src/shared/clock.ts'
import { sha256 } from '../../src/shared/secrets.ts'
import { isActive } from '../../src/stores/client-life.ts'
import type { Client } from '../../src/stores/clients.ts'
import { unused } from './stored.ts'

type Parts = {
  organisation: string
  registration: { remove(organisation: string, clientId: string): Promise<void> }
  findClient(organisation: string, clientId: string): Promise<Client | undefined>
  /** What the engine's schema wants to see as `client_secret`; secrets themselves are stored as digests. */
  placeholderSecret(clientId: string): string
  clock: Clock
}

/** Client metadata of our own, declared to the engine as `extraClientMetadata`. */
export const extraClientMetadata = ['foyer_client'] as const

const kinds = {
  web: {
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    token_endpoint_auth_method: 'client_secret_basic',
    application_type: 'web',
  },
  browser: {
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    token_endpoint_auth_method: 'none',
    application_type: 'web',
  },
  native: {
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    token_endpoint_auth_method: 'none',
    application_type: 'native',
  },
  preview: {
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    token_endpoint_auth_method: 'none',
    application_type: 'web',
    // Never `offline_access`: what a preview was given does not outlive the session.
    scope: 'openid profile email phone address',
  },
  machine: {
    grant_types: ['client_credentials'],
    response_types: [],
    token_endpoint_auth_method: 'client_secret_basic',
    application_type: 'web',
  },
} as const satisfies Record<Client['kind'], object>

/** The document as client metadata (OpenID Connect Registration 2). Key order is stable: the engine caches by it. */
export function clientMetadata(client: Client, placeholderSecret: string): AdapterPayload {
  const { token_endpoint_auth_method, ...kind } = kinds[client.kind]
  const { keys, keysUri } = client
  const provesByKeys = keys !== undefined || keysUri !== undefined
  const hasSecret = token_endpoint_auth_method !== 'none' && !provesByKeys
  return {
    client_id: client._id,
    client_name: client.name,
    ...kind,
    grant_types: [...kind.grant_types],
    response_types: [...kind.response_types],
    token_endpoint_auth_method: provesByKeys ? 'private_key_jwt' : token_endpoint_auth_method,
    redirect_uris: client.redirectUris,
    post_logout_redirect_uris: client.postLogoutRedirectUris,
    id_token_signed_response_alg: client.firstParty ? 'ES256' : 'RS256',
    ...(client.homeUri && { client_uri: client.homeUri }),
    ...(client.policyUri && { policy_uri: client.policyUri }),
    ...(client.termsUri && { tos_uri: client.termsUri }),
    ...(client.logoUri && { logo_uri: client.logoUri }),
    // The engine knows it by https only, and makes no use of it: our pages read the record.
    ...(client.initiateLoginUri?.startsWith('https:') && {
      initiate_login_uri: client.initiateLoginUri,
    }),
    ...(client.backChannelLogoutUri && {
      backchannel_logout_uri: client.backChannelLogoutUri,
      backchannel_logout_session_required: true, // every logout token names its session
    }),
    ...(hasSecret && { client_secret: placeholderSecret }),
    ...(keys && { jwks: { keys } }),
    ...(client.userinfoAlg && { userinfo_signed_response_alg: client.userinfoAlg }),
    ...(keysUri && { jwks_uri: keysUri }),
    foyer_client: client,
  }
}

/** The engine tells changed clients from known ones by a hash of their JSON, made at every look-up: of this it is short. */
function withOwnDigest(metadata: AdapterPayload): AdapterPayload {
  const digest = sha256(JSON.stringify(metadata))
  return Object.defineProperty(metadata, 'toJSON', { value: () => digest, enumerable: false })
}

export function createClientModel(parts: Parts): Adapter {
  const { organisation } = parts
  // The store hands out the same object while it is fresh: its metadata is made once.
  const made = new WeakMap<Client, AdapterPayload>()
  const metadataOf = (client: Client): AdapterPayload => {
    const known = made.get(client)
    if (known) return known
    const metadata = withOwnDigest(clientMetadata(client, parts.placeholderSecret(client._id)))
    made.set(client, metadata)
    return metadata
  }
  return {
    async find(id) {
      const client = await parts.findClient(organisation, id)
      return client && isActive(client, parts.clock.now()) ? metadataOf(client) : undefined
    },
    // What registers itself was written by the policy of registration, whose record this is made of.
    upsert: async () => {},
    destroy: (id) => parts.registration.remove(organisation, id),
    ...unused('Client', 'consume', 'revokeByGrantId', 'findByUid', 'findByUserCode'),
  }
}
