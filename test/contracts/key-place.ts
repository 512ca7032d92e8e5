// Where signing keys are tried: two processes on one document store, a clock that is moved, an organisation for each case.

import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach } from '@jest/globals'
import { composeKeys, type Keys } from '../../src/compose/keys.ts'
import type { Jwk } from '../../src/services/identity/keys/key-material.ts'
import { type KeySet, keySetAt } from '../../src/services/identity/keys/signing-keys.ts'
import { createKeyring } from '../../src/shared/secrets.ts'
import { auditCollection } from '../../src/stores/audit.ts'
import type { Documents } from '../../src/stores/documents.ts'
import { organisationsCollection } from '../../src/stores/organisations.ts'
import { type SigningKey, signingKeysCollection } from '../../src/stores/signing-keys.ts'
import { recordingLog } from '../support/recording-log.ts'

const collections = [signingKeysCollection, auditCollection, organisationsCollection]
export const [OLD, NEW] = ['an-old-secret', 'a-new-secret']

export const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index))
export const kids = (jwks: readonly Jwk[]): string[] => jwks.map(({ kid }) => kid)
export const isPrivate = ({ d }: Jwk): boolean => d !== undefined

/** Does what is due, as the job does. */
export async function tend(keys: Keys): Promise<void> {
  while (await keys.rotation.tend());
}

/** To be called in a `describe`; `open` is called twice: for one process and for another beside it. */
export function keyPlace(open: () => Promise<Documents>) {
  const log = recordingLog()
  const opened: Documents[] = []
  const documents = (index: number): Documents => {
    const found = opened[index]
    if (!found) throw new Error('the stores are opened before the first case')
    return found
  }
  const place = {
    get here() {
      return documents(0)
    },
    get there() {
      return documents(1)
    },
    /** Of one case alone. */
    organisation: '',
    now: 1_000_000_000_000,
    log,
  }
  beforeAll(async () => {
    opened.push(await open(), await open())
    for (const each of opened) await each.prepare(collections)
  })
  beforeEach(async () => {
    place.organisation = `org_${randomUUID()}`
    await rows().deleteMany({})
  })
  afterAll(() => Promise.all(opened.map((each) => each.close())))

  const rows = () => place.here.collection<SigningKey>(signingKeysCollection)

  /** The keys as a process has them whose clock is `ahead`. */
  function keysOf(store: Documents, secrets: readonly string[] = [OLD], ahead = 0): Keys {
    const clock = { now: () => place.now + ahead }
    return composeKeys({ documents: store, keyring: createKeyring(secrets), clock, log })
  }

  return {
    place,
    rows,
    keysOf,

    /** The rows of the organisation, RS256 first, the oldest first. */
    stored: (): Promise<SigningKey[]> =>
      rows().find(
        { organisation: place.organisation },
        {
          sort: [
            ['alg', -1],
            ['generation', 1],
          ],
          limit: 100,
        },
      ),

    async read(keys: Keys): Promise<KeySet> {
      return keySetAt(await keys.signingKeys.forOrganisation(place.organisation), place.now)
    },

    /** What each key is good for, by its generation. */
    async states(): Promise<string[]> {
      const keys = await keysOf(place.here).rotation.report(place.organisation)
      return keys.map(({ alg, generation, state }) => `${alg} ${generation} ${state}`)
    },
  }
}
