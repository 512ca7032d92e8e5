// The engine's storage adapter: each model to its place, and an outage told in the engine's own terms.

import type { Adapter, AdapterFactory } from 'oidc-provider'
import type { Keyring } from '../../src/shared/secrets.ts'
import type { Client } from '../../src/stores/clients.ts'
import type { Documents } from '../../src/stores/documents.ts'
import type { Ephemeral } from '../../src/stores/ephemeral.ts'
import { createClientModel } from './client-model.ts'
import { createEphemeralModel } from './ephemeral-model.ts'
import type { FormerCookies } from './former-cookies.ts'
import { createGrantModel, revokeGrant } from './grants.ts'
import { inEngineTerms } from './outages.ts'
import { isDocumentModel, isEphemeralModel, isOwnModel, type ownModels } from './placement.ts'
import type { Recent } from './recent.ts'
import { createRefreshTokenModel, type RotationsUnderWay } from './refresh-tokens.ts'
import {
  createInitialAccessTokenModel,
  createRegistrationAccessTokenModel,
  type RegistrationStore,
} from './registration-models.ts'
import { createSessionModel, type SessionRequest } from './session-model.ts'

export type EngineAdapterParts = {
  /** Everything this adapter reads or writes belongs to this organisation. */
  organisation: string
  /** Its name in the keys of short-lived values; left out, the organisation. */
  keySpace?: string
  documents: Documents
  ephemeral: Ephemeral
  clock: { now(): number }
  /** One for all issuers of a process. */
  recent: Recent
  /** One for all issuers of a process. */
  underWay: RotationsUnderWay
  /** One for all issuers of a process. */
  formerCookies: FormerCookies
  /** How long a session may go unused, in milliseconds. */
  sessionIdle: number
  /** The request that the engine is serving, if it is serving one. */
  sessionRequest(): SessionRequest | undefined
  /** A grant has ended, for good. */
  onGrantEnded(grantId: string): Promise<void>
  findClient(organisation: string, clientId: string): Promise<Client | undefined>
  placeholderSecret(clientId: string): string
  registration: RegistrationStore
  /** Seals what a store must not be able to read. */
  keyring: Pick<Keyring, 'seal' | 'open'>
}

/** Makes the adapter of one issuer. Asking for a model that has no place throws at once. */
export function createEngineAdapter(parts: EngineAdapterParts): AdapterFactory {
  return (model) => inEngineTerms(createModel(model, parts))
}

const documentModelMakers = {
  Session: createSessionModel,
  Grant: createGrantModel,
  RefreshToken: createRefreshTokenModel,
}

/** They stand in the one store of OAuth clients, and beside it. */
const ownModelMakers = {
  Client: createClientModel,
  InitialAccessToken: createInitialAccessTokenModel,
  RegistrationAccessToken: createRegistrationAccessTokenModel,
} satisfies { [Model in (typeof ownModels)[number]]: unknown }

function createModel(model: string, parts: EngineAdapterParts): Adapter {
  if (isOwnModel(model)) return ownModelMakers[model](parts)
  if (isDocumentModel(model)) return documentModelMakers[model](parts)
  if (isEphemeralModel(model))
    return createEphemeralModel({
      model,
      ...parts,
      organisation: parts.keySpace ?? parts.organisation,
      revokeGrant: (grantId) => revokeGrant(parts, grantId),
    })
  throw new TypeError(`the engine's ${model} has no place in adapters/oidc/placement.ts`)
}
