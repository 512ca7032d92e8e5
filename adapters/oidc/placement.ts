// Which of the engine's models lives where: the only table that says so.

import type { CollectionSpec } from '../../src/stores/documents.ts'
import { sessionsCollection } from '../../src/stores/sessions.ts'

/** Lasting models, in the document store. */
export const documentModels = {
  Session: sessionsCollection,
  Grant: {
    name: 'grants',
    indexes: [
      {
        name: 'account',
        keys: [
          ['organisation', 1],
          ['account', 1],
        ],
        sparse: true,
      },
      {
        name: 'client',
        keys: [
          ['organisation', 1],
          ['client', 1],
        ],
        sparse: true,
      },
      { name: 'organisation', keys: [['organisation', 1]] },
    ],
    expiresAt: 'expiresAt',
  },
  RefreshToken: {
    name: 'refresh-tokens',
    indexes: [
      { name: 'grant', keys: [['grant', 1]] },
      { name: 'organisation', keys: [['organisation', 1]] },
    ],
    expiresAt: 'expiresAt',
  },
} as const satisfies Record<string, CollectionSpec>

/** Short-lived models, in the ephemeral store. A `true` under `consumable` means: taken once, but found again. */
export const ephemeralModels = {
  Interaction: { consumable: false },
  AuthorizationCode: { consumable: true },
  PushedAuthorizationRequest: { consumable: true },
  AccessToken: { consumable: false },
  ClientCredentials: { consumable: false },
  ReplayDetection: { consumable: false },
} as const

export type DocumentModel = keyof typeof documentModels
export type EphemeralModel = keyof typeof ephemeralModels

/** `Client`, `InitialAccessToken` and `RegistrationAccessToken` stand in stores of ours: `clients` and `registration-tokens`. */
export const ownModels = ['Client', 'InitialAccessToken', 'RegistrationAccessToken'] as const

/** The collections that the engine needs, for the document store to prepare. */
export const engineCollections: readonly CollectionSpec[] = Object.values(documentModels)

/** Whether the model lives in the document store. */
export function isDocumentModel(model: string): model is DocumentModel {
  return Object.hasOwn(documentModels, model)
}

/** Whether the model lives in the ephemeral store. */
export function isEphemeralModel(model: string): model is EphemeralModel {
  return Object.hasOwn(ephemeralModels, model)
}

/** Whether the model is made of a store of ours. */
export function isOwnModel(model: string): model is (typeof ownModels)[number] {
  return ownModels.some((each) => each === model)
}
