// Test sign-ins: how the console signs in as any client of an organisation, for ten minutes, with nothing stored.

import { type Clock, MINUTE } from '../../../shared/clock.ts'
import { isSameDigest, type Keyring } from '../../../shared/secrets.ts'
import type { Client } from '../../../stores/clients.ts'

const LIFE = 10 * MINUTE

type Whose = Pick<Client, '_id' | 'organisation'>

/**
 * A redirect URI of the console's own, and a secret, that are the client's while the test runs. Both carry
 * their end and a proof made with `SECRET`: nobody else can make one, and neither fits another client. What
 * comes to that address stays in this installation.
 */
export type TestSignIns = {
  begin(client: Whose): { redirectUri: string; secret: string }
  /** Whether the address is one of a test of this client that is not over. */
  isRedirectUri(client: Whose, uri: string): boolean
  isSecret(client: Whose, secret: string): boolean
}

export function createTestSignIns(parts: {
  /** Where the browser comes back to: every test somewhere below. */
  callback: string
  keyring: Pick<Keyring, 'digest' | 'digests'>
  clock: Clock
}): TestSignIns {
  const { callback, keyring, clock } = parts
  const partsOf = (what: 'address' | 'secret', { organisation, _id }: Whose, until: string) =>
    ['test-sign-in', what, organisation, _id, until] as const

  function holds(what: 'address' | 'secret', client: Whose, text: string): boolean {
    const [, until = '', proof = ''] = /^(\d{13})\.([\w-]{43})$/.exec(text) ?? []
    if (Number(until) <= clock.now()) return false
    return keyring
      .digests(...partsOf(what, client, until))
      .some((each) => isSameDigest(each, proof))
  }

  return {
    begin(client) {
      const until = String(clock.now() + LIFE)
      const proof = (what: 'address' | 'secret') =>
        `${until}.${keyring.digest(...partsOf(what, client, until))}`
      return {
        redirectUri: `${callback}/${proof('address')}`,
        secret: `${SECRET_PREFIX}${proof('secret')}`,
      }
    },

    isRedirectUri: (client, uri) =>
      uri.startsWith(`${callback}/`) && holds('address', client, uri.slice(callback.length + 1)),

    isSecret: (client, secret) =>
      secret.startsWith(SECRET_PREFIX) &&
      holds('secret', client, secret.slice(SECRET_PREFIX.length)),
  }
}

/** No secret that is stored begins so: they are `fys_…`. */
const SECRET_PREFIX = 'test_'
