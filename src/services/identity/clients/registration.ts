// Dynamic registration as operators run it: on or off, what may be registered, and with which tokens.

import { type Clock, DAY, HOUR } from '../../../shared/clock.ts'
import type { Cursors } from '../../../shared/cursors.ts'
import { AppError, refuseFields } from '../../../shared/errors.ts'
import { newId } from '../../../shared/ids.ts'
import { isPrintableName } from '../../../shared/names.ts'
import { type Page, type PageRequest, pageOf } from '../../../shared/pages.ts'
import { type Random, sha256 } from '../../../shared/secrets.ts'
import { changeAsRead, requireVersion } from '../../../shared/versions.ts'
import { type Organisation, versionOf } from '../../../stores/organisations.ts'
import type {
  RegistrationPolicy,
  RegistrationToken,
  RegistrationTokenStore,
} from '../../../stores/registration.ts'
import type { Audit, By } from '../../audit/audit.ts'
import { may, type Role } from '../../operators/roles.ts'
import type { Organisations } from '../../organisations/organisations.ts'
import {
  editRegistration,
  type RegistrationEdit,
  resolveRegistration,
} from './registration-policy.ts'

const TOKEN_BYTES = 32
/** Secret scanners find it by this. */
const TOKEN_PREFIX = 'fyr_'
const TOKEN_LIFE = 7 * DAY
const MAX_LIFE = 90 * DAY
const MAX_USES = 1000
const MAX_NAME = 80

export type ShownRegistration = { policy: RegistrationPolicy; version: number }
export type NewRegistrationToken = {
  name: string
  /** How many registrations it is good for; left out: one. */
  uses?: number | undefined
  /** In milliseconds; left out: 7 days, at most 90. */
  life?: number | undefined
}

/** Of one organisation, by its id. Each throws `not_found` when there is none, and `StoreUnavailable`. */
export type Registration = {
  /** The version is the organisation's. */
  show(organisation: string): Promise<ShownRegistration>
  /**
   * Every server follows within five seconds; applications that registered before stay as they are. Throws
   * `invalid_fields` with everything that is wrong, `precondition_failed` when `version` is given and not the
   * organisation's any more, `insufficient_role` when PKCE is made optional by who may not.
   */
  change(
    organisation: string,
    edit: RegistrationEdit,
    by: By & { role: Role; version?: number | undefined },
  ): Promise<ShownRegistration>
  /** An initial access token, told this once. Throws `invalid_fields`. */
  createToken(
    organisation: string,
    input: NewRegistrationToken,
    by: By,
  ): Promise<{ token: string; record: RegistrationToken }>
  /** Those that have not expired, the oldest first; used ones too. */
  listTokens(organisation: string, request: PageRequest): Promise<Page<RegistrationToken>>
  /** Nothing is registered with it any more. `undefined` when there is none of the id. */
  revokeToken(organisation: string, id: string, by: By): Promise<RegistrationToken | undefined>
}

export function createRegistration(parts: {
  organisations: Pick<Organisations, 'read' | 'changeRead'>
  tokens: RegistrationTokenStore
  audit: Audit
  cursors: Cursors
  random: Random
  clock: Clock
}): Registration {
  const { organisations, tokens, audit, cursors, random, clock } = parts

  async function read(id: string): Promise<Organisation> {
    const organisation = await organisations.read(id)
    if (!organisation) throw new AppError('not_found')
    return organisation
  }

  return {
    show: async (id) => shown(await read(id)),

    async change(id, edit, { role, version, ...by }) {
      const { organisation, ...change } = await changeAsRead(version, async () => {
        const found = await read(id)
        requireVersion(version, versionOf(found))
        const before = resolveRegistration(found.registration)
        const edited = editRegistration(before, edit)
        if ('problems' in edited) throw new AppError('invalid_fields', { fields: edited.problems })
        const { policy: after } = edited
        // Codes without PKCE are worth more to a thief, at every application that will ever register.
        const isRelaxed = after.pkce === 'optional' && before.pkce !== 'optional'
        if (isRelaxed && !may(role, 'trust', 'clients')) throw new AppError('insufficient_role')
        const organisation = await organisations.changeRead(found, { registration: after })
        return organisation && { organisation, before, after }
      })
      await audit.record({
        organisation: id,
        action: 'registration.changed',
        target: id,
        ...change,
        ...by,
      })
      return shown(organisation)
    },

    async createToken(id, { name, uses = 1, life = TOKEN_LIFE }, by) {
      const fields = tokenProblems({ name, uses, life })
      refuseFields(fields)
      const token = `${TOKEN_PREFIX}${random.token(TOKEN_BYTES)}`
      const createdAt = clock.now()
      const record: RegistrationToken = {
        _id: newId('rgt', clock),
        organisation: id,
        name: name.trim(),
        digest: sha256(token),
        hint: token.slice(-4),
        usesLeft: uses,
        uses,
        createdBy: by.actor,
        createdAt,
        expiresAt: createdAt + life,
      }
      await tokens.insert(record)
      await audit.record({
        organisation: id,
        action: 'registration-token.created',
        target: record._id,
        after: audited(record),
        ...by,
      })
      return { token, record }
    },

    listTokens(organisation, { limit, cursor }) {
      const list = { list: 'registration-tokens', organisation, owner: '' }
      const read = (page: { limit: number }) =>
        tokens.list(organisation, { ...page, now: clock.now() })
      return pageOf({ cursors, list, limit, cursor, read })
    },

    async revokeToken(organisation, id, by) {
      const record = await tokens.find(organisation, id)
      if (!record || !(await tokens.remove(organisation, id))) return undefined
      await audit.record({
        organisation,
        action: 'registration-token.revoked',
        target: id,
        before: audited(record),
        ...by,
      })
      return record
    },
  }
}

function shown(organisation: Organisation): ShownRegistration {
  return {
    policy: resolveRegistration(organisation.registration),
    version: versionOf(organisation),
  }
}

function audited({ name, uses, usesLeft, expiresAt }: RegistrationToken): object {
  return { name, uses, usesLeft, expiresAt }
}

function tokenProblems({ name, uses, life }: { name: string; uses: number; life: number }) {
  const checks: [boolean, string, string][] = [
    [!isPrintableName(name, MAX_NAME), 'name', `needs 1 to ${MAX_NAME} printable characters`],
    [
      !(Number.isInteger(uses) && uses >= 1 && uses <= MAX_USES),
      'uses',
      `must be 1 to ${MAX_USES}`,
    ],
    [!(life >= HOUR && life <= MAX_LIFE), 'expires_at', 'must be 1 hour to 90 days from now'],
  ]
  return checks.filter(([isWrong]) => isWrong).map(([, path, message]) => ({ path, message }))
}
