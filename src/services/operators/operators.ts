// Operators: adding, listing, changing and removing those who look after organisations.

import type { Clock } from '../../shared/clock.ts'
import type { Cursors } from '../../shared/cursors.ts'
import { parseEmailAddress } from '../../shared/email-address.ts'
import { AppError } from '../../shared/errors.ts'
import { newId } from '../../shared/ids.ts'
import { type Page, type PageRequest, pageOf } from '../../shared/pages.ts'
import { changeAsRead } from '../../shared/versions.ts'
import { type OperatorRole, operatorRoles, PLATFORM } from '../../stores/operator-roles.ts'
import type { Operator, OperatorStore, OperatorWrite } from '../../stores/operators.ts'
import type { By } from '../audit/audit.ts'
import type { OperatorTrail } from './operator-trail.ts'
import { type Role, roleAt } from './roles.ts'

/** What became of a change. `last-owner`: nothing, because the place would have no owner any more. */
export type OperatorOutcome =
  | { outcome: 'done'; operator: Operator }
  | { outcome: 'last-owner' | 'unknown' }

/**
 * A place is an organisation's id or `PLATFORM`. Addresses and roles come from outside: both are read here,
 * and `invalid_fields` is thrown for what is none.
 */
export type Operators = {
  /** Throws `invalid_fields` when the address is an operator there already. Many at once: one adds it. */
  add(place: string, who: { email: string; role: string }, by: By): Promise<Operator>
  find(place: string, email: string): Promise<Operator | undefined>
  /** By the operator's id. */
  findById(place: string, id: string): Promise<Operator | undefined>
  /** In the order in which they came. Throws `bad_request` for a cursor that is none of this list. */
  list(place: string, request: PageRequest): Promise<Page<Operator>>
  /** The places of an address, at most `limit`, after the one given. */
  placesOf(email: string, limit: number, after?: Operator): Promise<Operator[]>
  /** What a proven address may be in an organisation; read anew each time, so that a removal counts at once. */
  roleIn(organisation: string, email: string): Promise<Role | undefined>
  /** The same with the operator's id, by which the audit log names who does something there. */
  standingIn(organisation: string, email: string): Promise<{ id: string; role: Role } | undefined>
  /** A place that has an owner keeps one, whoever acts at the same instant. */
  changeRole(place: string, who: { email: string; role: string }, by: By): Promise<OperatorOutcome>
  remove(place: string, email: string, by: By): Promise<OperatorOutcome>
  /** Makes these addresses platform owners, where they are none yet. Takes nothing from anybody. */
  ensurePlatformOwners(emails: readonly string[]): Promise<void>
}

export function createOperators(parts: {
  store: OperatorStore
  cursors: Cursors
  trail: OperatorTrail
  clock: Clock
}): Operators {
  const { store, cursors, trail, clock } = parts

  async function insert(place: string, email: string, role: OperatorRole) {
    const now = clock.now()
    const operator = {
      _id: newId('opr', clock),
      organisation: place,
      email,
      role,
      createdAt: now,
      updatedAt: now,
    }
    return (await store.insert(operator)) ? operator : undefined
  }

  /** Reads, writes on what was read, and reads again when somebody else was faster. */
  async function change(
    place: string,
    email: string,
    write: (operator: Operator) => Promise<OperatorWrite>,
  ): Promise<OperatorOutcome> {
    const address = parseEmailAddress(email)?.normalised
    return changeAsRead<OperatorOutcome>(undefined, async () => {
      const operator = address && (await store.find(place, address))
      if (!operator) return { outcome: 'unknown' }
      const written = await write(operator)
      if (written === 'last-owner') return { outcome: 'last-owner' }
      return written === 'done' ? { outcome: 'done', operator } : undefined
    })
  }

  async function standingIn(organisation: string, email: string) {
    const found = await store.findIn([organisation, PLATFORM], email)
    const most = found.find((each) => each.organisation === PLATFORM) ?? found[0]
    return most && { id: most._id, role: roleAt(most) }
  }

  return {
    async add(place, who, by) {
      const { email, role } = readOperator(place, who)
      const operator = await insert(place, email, role)
      if (!operator) throw alreadyOperator()
      await trail(place, { action: 'operator.added', ...made(operator), ...by })
      return operator
    },

    async find(place, email) {
      const address = parseEmailAddress(email)?.normalised
      return address === undefined ? undefined : store.find(place, address)
    },

    findById: store.findById,

    async list(place, { limit, cursor }) {
      const list = { list: 'operators', organisation: place, owner: '' }
      return pageOf({ cursors, list, limit, cursor, read: (page) => store.list(place, page) })
    },

    placesOf: store.placesOf,

    standingIn,
    roleIn: async (organisation, email) => (await standingIn(organisation, email))?.role,

    async changeRole(place, who, by) {
      const { email, role } = readOperator(place, who)
      const done = await change(place, email, (operator) =>
        store.changeRole(operator, role, clock.now()),
      )
      if (done.outcome !== 'done') return done
      const operator = { ...done.operator, role }
      const before = { role: roleAt(done.operator) }
      if (operator.role !== done.operator.role)
        await trail(place, { action: 'operator.role-changed', before, ...made(operator), ...by })
      return { outcome: 'done', operator }
    },

    async remove(place, email, by) {
      const done = await change(place, email, store.remove)
      if (done.outcome === 'done')
        await trail(place, {
          action: 'operator.removed',
          target: done.operator._id,
          before: { role: roleAt(done.operator) },
          ...by,
        })
      return done
    },

    async ensurePlatformOwners(emails) {
      for (const email of emails) {
        if (await store.find(PLATFORM, email)) continue
        const operator = await insert(PLATFORM, email, 'owner')
        if (operator)
          await trail(PLATFORM, {
            action: 'operator.added',
            ...made(operator),
            actor: 'system',
          })
      }
    },
  }
}

function made(operator: Operator) {
  return { target: operator._id, after: { role: roleAt(operator) } }
}

/** The address normalised and the role one that the place has; throws `invalid_fields` with all that is wrong. */
export function readOperator(
  place: string,
  who: { email: string; role: string },
): { email: string; role: OperatorRole } {
  const email = parseEmailAddress(who.email)?.normalised
  const known: readonly OperatorRole[] = place === PLATFORM ? ['owner'] : operatorRoles
  const role = known.find((each) => each === who.role)
  if (email !== undefined && role !== undefined) return { email, role }
  throw new AppError('invalid_fields', {
    fields: [
      ...(email === undefined ? [{ path: 'email', message: 'must be an e-mail address' }] : []),
      ...(role === undefined
        ? [{ path: 'role', message: `must be ${known.join(', ').replace(/, (\w+)$/, ' or $1')}` }]
        : []),
    ],
  })
}

export function alreadyOperator(): AppError {
  const fields = [{ path: 'email', message: 'is an operator already' }]
  return new AppError('invalid_fields', { fields })
}
