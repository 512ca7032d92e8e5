// What operators do with the secrets of a client: add one, and revoke one.

import type { Clock } from '../../../shared/clock.ts'
import { AppError, refuseFields } from '../../../shared/errors.ts'
import type { Keyring, Random } from '../../../shared/secrets.ts'
import {
  type Client,
  type ClientChange,
  type ClientStore,
  secretIdOf,
} from '../../../stores/clients.ts'
import type { Changed, ClientAct, createClientActs } from './client-acts.ts'
import { isConfidential, type Problem } from './client-registration.ts'
import { createSecretMaker, isLiveSecret } from './client-secrets.ts'
import { type ShownSecret, shownSecret } from './client-view.ts'
import { lifeProblem, nextWarning, SECRET_LIFE } from './secret-expiry.ts'

export type ClientSecretActs = {
  /**
   * One more secret, told this once; those there are stay good until they are revoked or expire. `life` in
   * milliseconds. Throws `invalid_fields` when there are three live ones, or the client has none by its kind.
   */
  addSecret(
    act: ClientAct,
    life?: number,
  ): Promise<{ client: Client; secret: string; shown: ShownSecret }>
  /** That secret is good no more. Throws `not_found` when there is none of the id. */
  revokeSecret(act: ClientAct, secret: string): Promise<Client>
}

/** Old and new while applications take over the new one, and one more for a mistake. */
const MAX_SECRETS = 3

export function createClientSecretActs(
  parts: { store: ClientStore; keyring: Keyring; clock: Clock; random: Random },
  acts: Pick<ReturnType<typeof createClientActs>, 'act'> & {
    change(client: Client, by: ClientChange): Promise<Changed | undefined>
  },
): ClientSecretActs {
  const { act, change } = acts
  const { store, clock } = parts
  const makeSecret = createSecretMaker(parts)

  return {
    addSecret: (who, life = SECRET_LIFE) =>
      act(who, 'client.secret-added', async (read) => {
        const live = read.secrets.filter((each) => isLiveSecret(each, clock.now()))
        refuseFields(secretProblems(read, live.length, life))
        const { secret, record } = makeSecret(read._id, life)
        const secrets = [...live, record]
        const warnAt = nextWarning(secrets, clock.now())
        const changed = await change(read, { secrets, warnAt })
        const shown = shownSecret(read, record, clock.now())
        return changed && { ...changed, secret, shown }
      }),

    async revokeSecret(who, secret) {
      const { client } = await act(who, 'client.secret-revoked', async (read) => {
        const left = read.secrets.filter((each) => secretIdOf(each) !== secret)
        if (left.length === read.secrets.length)
          throw new AppError('not_found', { detail: `${secret} is no secret of ${who.id}` })
        const at = clock.now()
        const changed = await store.revokeSecret(read, {
          secret,
          warnAt: nextWarning(left, at),
          at,
        })
        return changed && { client: changed }
      })
      return client
    },
  }
}

function secretProblems(client: Client, live: number, life: number): Problem[] {
  const checks: [boolean, string, string][] = [
    [!isConfidential(client.kind), 'kind', `a client of kind ${client.kind} has no secret`],
    [(client.keys ?? client.keysUri) !== undefined, 'keys', 'it has keys, and so no secret'],
    [live >= MAX_SECRETS, 'secrets', `has ${MAX_SECRETS} that are good: revoke one first`],
    [lifeProblem(life) !== undefined, 'days', lifeProblem(life) ?? ''],
  ]
  return checks.filter(([isWrong]) => isWrong).map(([, path, message]) => ({ path, message }))
}
