// Telling operators that a secret of a client ends: 30, 7 and 1 days before, each of them once.

import type { Message } from '../../../emails/message.ts'
import { type Clock, DAY, HOUR, MINUTE } from '../../../shared/clock.ts'
import { searchable } from '../../../shared/search-text.ts'
import { sha256 } from '../../../shared/secrets.ts'
import { type Client, type ClientStore, secretIdOf } from '../../../stores/clients.ts'
import type { Organisation } from '../../../stores/organisations.ts'
import type { JobKind, Jobs } from '../../events/jobs.ts'
import { dueWarnings, nextWarning, type WarningDays } from './secret-expiry.ts'

/** The job of which there is one in the whole house. */
export const TEND_CLIENTS = 'clients.tend'
/** One mail to one operator. */
export const SECRET_WARNING = 'client-secret-warning'

const EVERY = HOUR
/** Clients of one turn: done well within its lease. */
const PART = 200
/** After each failure; then it is given up: lists tell of it, too. */
const WAITS = [MINUTE, 10 * MINUTE, HOUR, 6 * HOUR, 12 * HOUR]
/** Longer than it takes until the client says that it was told: the same mail is not made twice. */
const KEPT = 7 * DAY

export type SecretWarningMail = {
  to: string
  organisation: Organisation
  client: { id: string; name: string }
  hint: string
  /** Milliseconds since 1970, as the next one. */
  expiresAt: number
  lastUsedAt?: number
}

type Parts = {
  store: ClientStore
  /** Addresses of those who look after an organisation's clients. */
  operatorsOf(organisation: string): Promise<string[]>
  findOrganisation(id: string): Promise<Organisation | undefined>
  writeMail(data: SecretWarningMail): Message
  /** Throws where it makes sense to try again. */
  send(message: Message): Promise<void>
  ensureJob: Jobs['ensure']
  clock: Clock
}

type Warning = { organisation: string; client: string; secret: string; to: string }

export function createSecretWarnings(parts: Parts): { tend: JobKind; warning: JobKind } {
  const { store, clock, ensureJob } = parts

  /** Everything that is due becomes jobs first: whoever is interrupted makes the same ones again. */
  async function warn(client: Client, now: number): Promise<void> {
    const { organisation, _id, secrets, warnAt = now } = client
    const due = client.disabledAt === undefined ? dueWarnings(secrets, { since: warnAt, now }) : []
    const operators = await parts.operatorsOf(organisation)
    for (const { secret, days } of due)
      for (const to of operators) {
        const payload: Warning = { organisation, client: _id, secret: secretIdOf(secret), to }
        await ensureJob(nameOf(payload, days), SECRET_WARNING, { organisation, payload })
      }
    await tended(client, now)
  }

  const tended = (client: Client, now: number): Promise<boolean> =>
    store.tend(client, {
      search: searchable(client.name),
      warnAt: nextWarning(client.secrets, now),
    })

  return {
    tend: {
      async run() {
        const now = clock.now()
        const earlier = await store.ofEarlierPrograms(PART)
        for (const client of earlier) await tended(client, now)
        const due = await store.toWarn(now, PART)
        for (const client of due) await warn(client, now)
        return { again: due.length === PART || earlier.length === PART ? 0 : EVERY }
      },
    },

    warning: {
      async run(payload) {
        const { organisation: id, client, secret, to } = payload as Warning // as `warn` put it
        const [organisation, found] = await Promise.all([
          parts.findOrganisation(id),
          store.find(id, client),
        ])
        const record = found?.secrets.find((each) => secretIdOf(each) === secret)
        // Renewed, revoked or removed while the mail waited: there is nothing to do any more.
        if (!organisation || !found || !record?.expiresAt || record.expiresAt <= clock.now())
          return undefined
        const lastUsedAt = found.secretUses?.[secret]
        const mail = parts.writeMail({
          to,
          organisation,
          client: { id: client, name: found.name },
          hint: record.hint,
          expiresAt: record.expiresAt,
          ...(lastUsedAt !== undefined && { lastUsedAt }),
        })
        await parts.send(mail)
        return undefined
      },
      waits: WAITS,
      kept: KEPT,
      about: ({ organisation, client, secret }) => ({ organisation, client, secret }),
    },
  }
}

/** Names stand in the log, and addresses of people do not. */
function nameOf({ organisation, client, secret, to }: Warning, days: WarningDays): string {
  return [SECRET_WARNING, organisation, client, secret, days, sha256(to).slice(0, 22)].join('/')
}
