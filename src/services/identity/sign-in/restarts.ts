// Restarts: what an application asked for is kept for a day, and a signed token in the pages' address leads to it.

import { type Clock, DAY, HOUR } from '../../../shared/clock.ts'
import { isSameDigest, type Keyring, sha256 } from '../../../shared/secrets.ts'
import type { Ephemeral } from '../../../stores/ephemeral.ts'

/** An authorization request as it was accepted first: these parameters win over any that come later. */
export type KeptRequest = {
  parameters: Readonly<Record<string, unknown>>
  /** Whether the client proved who it is when it sent them. */
  isTrusted: boolean
  /** Milliseconds since 1970. */
  acceptedAt: number
}

/** One sign-in page of one request. A request has several, one after another. */
export type RestartPoint = {
  /** Names the request; 22 characters that nobody can guess. */
  id: string
  /** Of the page; the cookie that goes with it says whose browser it is in. */
  uid: string
  client: string
}

export type Restart = {
  id: string
  client: string
  /** For a day, unless the store was emptied. */
  request?: KeptRequest
  /** Whether the request may be asked again: within the hour, and only while the application has no answer. */
  isOpen: boolean
}

/** Every method but `tokenFor` throws `StoreUnavailable` when the store is away. */
export type Restarts = {
  /** Keeps a request for a day. */
  keep(organisation: string, id: string, request: KeptRequest): Promise<void>
  /** The token of a page's address. It holds no parameter, and nothing about a person. */
  tokenFor(organisation: string, point: RestartPoint): string
  /** What a page's token leads to; `undefined` when we did not make it for this page and organisation. */
  read(organisation: string, page: { uid: string; token: string }): Promise<Restart | undefined>
  /** Whether the application has had its answer. */
  isAnswered(organisation: string, id: string): Promise<boolean>
  /** Notes that the application gets its answer. Of many at once exactly one hears `true`. */
  answer(organisation: string, id: string): Promise<boolean>
}

/** How long a request is kept, and how long it may be asked again, both from when it was accepted. */
const KEPT = DAY
const REPLAYABLE = HOUR

/** 132 bits: long enough not to be forged, short enough for an address. */
const MAC_LENGTH = 22
/** The client stands in it so that a page leads back to it when nothing else is known any more. */
const TOKEN = /^([\w-]{22})\.([\w-]{22})\.([\w-]{1,64})$/

export function createRestarts(parts: {
  ephemeral: Ephemeral
  keyring: Keyring
  clock: Clock
}): Restarts {
  const { ephemeral, keyring, clock } = parts
  const keyOf = (organisation: string, id: string): string =>
    `restart:${sha256(`${organisation}/${id}`)}`
  /** Once the engine has forgotten the request, store and `SECRET` alone do not tell what it asked for. */
  const seal = (organisation: string, id: string) => ({ context: organisation, bearer: id })

  return {
    keep(organisation, id, request) {
      const sealed = keyring.seal('seal:restart', seal(organisation, id), JSON.stringify(request))
      return ephemeral.set(keyOf(organisation, id), sealed, KEPT)
    },

    tokenFor(organisation, { id, uid, client }) {
      const mac = keyring.digest('restart', organisation, uid, id, client).slice(0, MAC_LENGTH)
      return `${id}.${mac}.${client}`
    },

    async read(organisation, { uid, token }) {
      const [, id, mac, client] = TOKEN.exec(token) ?? []
      if (!id || !mac || !client) return undefined
      const isOurs = keyring
        .digests('restart', organisation, uid, id, client)
        .some((digest) => isSameDigest(digest.slice(0, MAC_LENGTH), mac))
      if (!isOurs) return undefined
      const kept = await ephemeral.getMarked(keyOf(organisation, id))
      const clear = kept && keyring.open('seal:restart', seal(organisation, id), kept.value)
      if (!clear) return { id, client, isOpen: false }
      const request = JSON.parse(clear) as KeptRequest // we wrote it, see `keep`
      const isFresh = request.acceptedAt + REPLAYABLE > clock.now()
      return { id, client, request, isOpen: isFresh && kept.mark === undefined }
    },

    async isAnswered(organisation, id) {
      return (await ephemeral.getMarked(keyOf(organisation, id)))?.mark !== undefined
    },

    async answer(organisation, id) {
      return (await ephemeral.markOnce(keyOf(organisation, id), 'answered')) !== 'already'
    },
  }
}
