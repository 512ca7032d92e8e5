// The secrets of confidential clients: how one is made, and how long it is good.

import type { Clock } from '../../../shared/clock.ts'
import { newId } from '../../../shared/ids.ts'
import type { Keyring, Random } from '../../../shared/secrets.ts'
import type { ClientSecret } from '../../../stores/clients.ts'

const SECRET_BYTES = 32
/** Secret scanners find it by this. */
const SECRET_PREFIX = 'fys_'

type Made = {
  /** To be shown once, and not kept. */
  secret: string
  record: ClientSecret
}

/** Makes secrets; `life` in milliseconds. */
export function createSecretMaker(parts: {
  keyring: Keyring
  clock: Clock
  random: Random
}): (clientId: string, life: number) => Made {
  const { keyring, clock, random } = parts
  const digestedBy = keyring.digest('secret-name')
  return (clientId, life) => {
    const createdAt = clock.now()
    const secret = `${SECRET_PREFIX}${random.token(SECRET_BYTES)}`
    const record = {
      id: newId('sec', clock),
      digest: keyring.digest('client-secret', clientId, secret),
      digestedBy,
      hint: secret.slice(-4),
      createdAt,
      expiresAt: createdAt + life,
    }
    return { secret, record }
  }
}

export function isLiveSecret({ expiresAt }: ClientSecret, now: number): boolean {
  return expiresAt === undefined || expiresAt > now
}
