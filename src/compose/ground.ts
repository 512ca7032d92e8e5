// The ground that every part stands on: configuration, clock, randomness, log, stores and keys.

import type { Config } from '../config.ts'
import { type Clock, systemClock } from '../shared/clock.ts'
import { createLog, type Log } from '../shared/log.ts'
import { createKeyring, type Keyring, type Random, systemRandom } from '../shared/secrets.ts'
import type { Documents } from '../stores/documents.ts'
import type { Ephemeral } from '../stores/ephemeral.ts'
import { developmentSecret } from './development-secret.ts'
import { openDocuments, openEphemeral } from './stores.ts'

/** What tests may put in the place of the machine's own. */
export type World = {
  clock: Clock
  random: Random
  log: Log
  /** How a request waits whose turn has not come. */
  hold(milliseconds: number): Promise<void>
}

export type Ground = World & {
  config: Config
  documents: Documents
  ephemeral: Ephemeral
  keyring: Keyring
}

export async function layGround(config: Config, world: Partial<World>): Promise<Ground> {
  const {
    clock = systemClock,
    random = systemRandom,
    hold = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds).unref()),
    log = createLog({
      level: config.logLevel,
      format: config.isProduction ? 'json' : 'text',
    }),
  } = world
  const secrets = config.secrets.length > 0 ? config.secrets : [developmentSecret(config.dataDir)]
  const documents = await openDocuments(config, clock)
  const ephemeral = await openEphemeral(config, { clock, log }).catch(async (error) => {
    await documents.close()
    throw error
  })
  return { config, clock, random, log, hold, documents, ephemeral, keyring: createKeyring(secrets) }
}
