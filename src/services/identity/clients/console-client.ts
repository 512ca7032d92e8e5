// The console's registration: the one client whose tokens the Admin API takes, kept by the program itself.

import type { Clock } from '../../../shared/clock.ts'
import { AppError } from '../../../shared/errors.ts'
import { isSameDigest, type Keyring } from '../../../shared/secrets.ts'
import type { ClientStore } from '../../../stores/clients.ts'
import { recordOf } from './client-registration.ts'

export const CONSOLE_CLIENT_ID = 'console'

/** Registers the console, or makes its registration again what this program and this address want it to be. */
export async function ensureConsoleClient(parts: {
  store: Pick<ClientStore, 'keep'>
  clock: Clock
  /** The default organisation: operators sign in at its issuer. */
  organisation: string
  baseUrl: string
}): Promise<void> {
  const { organisation, baseUrl } = parts
  const registration = {
    organisation,
    kind: 'web',
    name: 'Foyer console',
    redirectUris: [`${baseUrl}/admin/callback`],
    origins: [],
    firstParty: true,
    homeUri: `${baseUrl}/admin/`,
    initiateLoginUri: `${baseUrl}/admin/sign-in`,
  } as const
  await parts.store.keep(
    recordOf(registration, { id: CONSOLE_CLIENT_ID, secrets: [], now: parts.clock.now() }),
  )
}

/**
 * Its secret follows from `SECRET`: every process has it, nobody has to hand it out, and none is stored. The
 * first authenticates, all of them are taken, so that processes go on together while `SECRET` is rotated.
 */
export function consoleSecret(keyring: Keyring): {
  current(): string
  matches(secret: string): boolean
} {
  return {
    current: () => keyring.digest('client-of-the-house', CONSOLE_CLIENT_ID),
    matches: (secret) =>
      keyring
        .digests('client-of-the-house', CONSOLE_CLIENT_ID)
        .filter((digest) => isSameDigest(digest, secret)).length > 0,
  }
}

/** Throws for the console's client: an operator who changed it would lock all of them out. */
export function refuseConsoleClient(id: string): void {
  if (id === CONSOLE_CLIENT_ID) throw new AppError('managed_client')
}
