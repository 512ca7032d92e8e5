// OAuth clients: registering them, finding them fast, checking their secrets.

import type { Clock } from '../../../shared/clock.ts'
import { HOUR, SECOND } from '../../../shared/clock.ts'
import { refuseFields } from '../../../shared/errors.ts'
import { createFreshCache } from '../../../shared/fresh-cache.ts'
import { newId } from '../../../shared/ids.ts'
import type { OutgoingRules } from '../../../shared/outgoing.ts'
import { isSameDigest, type Keyring, type Random } from '../../../shared/secrets.ts'
import type { ClientKey } from '../../../stores/client-keys.ts'
import {
  type Client,
  type ClientSecret,
  type ClientStore,
  secretIdOf,
} from '../../../stores/clients.ts'
import { StoreUnavailable } from '../../../stores/errors.ts'
import { readClientKeys } from './client-keys.ts'
import {
  hasSecret,
  type NewClient,
  type Problem,
  recordOf,
  registrationProblems,
} from './client-registration.ts'
import { createSecretMaker, isLiveSecret } from './client-secrets.ts'
import { CONSOLE_CLIENT_ID, consoleSecret } from './console-client.ts'
import { nextWarning, SECRET_LIFE } from './secret-expiry.ts'

export type Clients = {
  /**
   * Registers a client; `secret` is there for confidential kinds without keys, and never again. Throws
   * `invalid_fields` with everything that is wrong, `AlreadyExists` when a given id is taken.
   */
  create(input: NewClient): Promise<{ client: Client; secret?: string }>
  /** Everything that `create` would refuse; nothing is kept. */
  problems(input: NewClient): Problem[]
  /**
   * The client, at most three seconds old. An unknown id is looked up every time, so that a client
   * works from the moment it was registered, by whichever process.
   */
  find(organisation: string, id: string): Promise<Client | undefined>
  /**
   * Whether the text is one of the client's live secrets; notes its use, at most once an hour. Takes the
   * same time for all of them.
   */
  verifySecret(client: Client, secret: string): Promise<boolean>
  /** Whether a secret of the client would fit no more without the later values of `SECRET`. */
  needsOlderSecret(client: Client): boolean
}

const FRESH = 3 * SECOND
const CACHE_SIZE = 2000
/** How exactly the last use of a secret is known. */
const USE_NOTED_EVERY = HOUR

export function createClients(parts: {
  store: ClientStore
  keyring: Keyring
  clock: Clock
  random: Random
  outgoing: OutgoingRules
}): Clients {
  const { store, keyring, clock } = parts
  const digestedBy = keyring.digest('secret-name')
  const cache = createFreshCache<Client>({ clock, life: FRESH, size: CACHE_SIZE })
  // To write the error of an authorization request the engine looks its client up once more.
  const outages = createFreshCache<StoreUnavailable>({ clock, life: SECOND / 10, size: CACHE_SIZE })
  const noted = createFreshCache<true>({ clock, life: USE_NOTED_EVERY, size: CACHE_SIZE })
  const makeSecret = createSecretMaker(parts)
  const ofConsole = consoleSecret(keyring)

  function isCurrent(record: ClientSecret): boolean {
    return record.digestedBy === digestedBy
  }

  /** After the first value of `SECRET` was changed: the secret is at hand now, and only now. */
  async function redigest(client: Client, matched: ClientSecret, secret: string): Promise<void> {
    const digest = keyring.digest('client-secret', client._id, secret)
    const secrets = client.secrets.map((record) =>
      record === matched ? { ...record, digest, digestedBy } : record,
    )
    await store.redigest(client, secrets).catch(() => {}) // the next time, then
  }

  /** Nobody waits for it: a request is answered whether or not its secret's use was noted. */
  function noteUse(client: Client, matched: ClientSecret): void {
    const secret = secretIdOf(matched)
    const key = `${client._id}/${secret}`
    if (noted.get(key)) return
    noted.set(key, true)
    const at = clock.now()
    store.noteUse(client, { secret, at, after: at - USE_NOTED_EVERY }).catch(() => {
      noted.delete(key) // the next time, then
    })
  }

  function read(input: NewClient): { keys: ClientKey[]; problems: Problem[] } {
    const { keys, problems } = input.jwks === undefined ? noKeys : readClientKeys(input.jwks)
    const rules = { outgoing: parts.outgoing, now: clock.now() }
    return { keys, problems: [...registrationProblems(input, rules), ...problems] }
  }

  return {
    problems: (input) => read(input).problems,

    async create(input) {
      const { keys, problems } = read(input)
      refuseFields(problems)
      const id = input.id ?? newId('cli', clock)
      const made = hasSecret(input) ? makeSecret(id, input.secretLife ?? SECRET_LIFE) : undefined
      const secrets = made ? [made.record] : []
      const now = made?.record.createdAt ?? clock.now()
      const warnAt = nextWarning(secrets, now)
      const client = {
        ...recordOf(input, { id, secrets, now }),
        ...(keys.length > 0 && { keys }),
        ...(warnAt !== undefined && { warnAt }),
      }
      await store.insert(client)
      return { client, ...(made && { secret: made.secret }) }
    },

    async find(organisation, id) {
      const key = `${organisation}/${id}`
      const known = cache.get(key)
      if (known) return known
      const outage = outages.get(key)
      if (outage) throw outage
      try {
        const client = await store.find(organisation, id)
        if (client) cache.set(key, client)
        return client
      } catch (error) {
        if (error instanceof StoreUnavailable) outages.set(key, error)
        throw error
      }
    },

    async verifySecret(client, secret) {
      if (client._id === CONSOLE_CLIENT_ID) return ofConsole.matches(secret)
      const digests = keyring.digests('client-secret', client._id, secret)
      const live = client.secrets.filter((record) => isLiveSecret(record, clock.now()))
      // Every pair is compared: how long it takes does not tell which one matched.
      const matches = live.filter(
        (record) => digests.filter((digest) => isSameDigest(record.digest, digest)).length > 0,
      )
      const [matched] = matches
      if (matched && !isCurrent(matched)) await redigest(client, matched, secret)
      if (matched) noteUse(client, matched)
      return matched !== undefined
    },

    needsOlderSecret: (client) => !client.secrets.every(isCurrent),
  }
}

const noKeys = { keys: [], problems: [] }
