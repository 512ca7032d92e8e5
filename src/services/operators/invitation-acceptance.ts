// Accepting an invitation: what a link is about, and becoming the operator that it names, once.

import type { Clock } from '../../shared/clock.ts'
import { parseEmailAddress } from '../../shared/email-address.ts'
import { newId } from '../../shared/ids.ts'
import { sha256 } from '../../shared/secrets.ts'
import type { Invitation, InvitationStore } from '../../stores/invitations.ts'
import { PLATFORM } from '../../stores/operator-roles.ts'
import type { Operator, OperatorStore } from '../../stores/operators.ts'
import type { Organisation } from '../../stores/organisations.ts'
import type { By } from '../audit/audit.ts'
import type { OperatorTrail } from './operator-trail.ts'
import { roleAt } from './roles.ts'

/** So many bytes as base64url: anything else is no token, and not looked for. */
const TOKEN = /^[\w-]{43}$/

/** `gone`: unknown, used, replaced, withdrawn or expired. `other-address`: it stands, for its own address. */
export type Acceptance =
  | { outcome: 'joined'; operator: Operator }
  | { outcome: 'gone' | 'other-address' }

/** What somebody is invited to. */
export type InvitationView = {
  /** Who may accept. */
  email: string
  /** Of the organisation; of the default one for a platform owner. */
  name: string
  role: Invitation['role'] | typeof PLATFORM
}

export type InvitationAcceptance = {
  /** What the invitation behind a link is about; `undefined` when it is gone. */
  look(token: string): Promise<InvitationView | undefined>
  /**
   * Makes the operator that the invitation names, in its role. `provenEmail` is an address that was proven by a
   * sign-in just now. Once: of many at the same instant one joins.
   */
  accept(
    token: string,
    provenEmail: string,
    by: Pick<By, 'source' | 'request'>,
  ): Promise<Acceptance>
}

export function createInvitationAcceptance(parts: {
  store: Pick<InvitationStore, 'findByDigest'>
  operators: Pick<OperatorStore, 'insert'>
  /** The organisation behind a place; for the platform the default one. */
  findPlace(place: string): Promise<Organisation | undefined>
  trail: OperatorTrail
  clock: Clock
}): InvitationAcceptance {
  const { store, operators, findPlace, trail, clock } = parts

  async function findStanding(token: string): Promise<Invitation | undefined> {
    const found = TOKEN.test(token) ? await store.findByDigest(sha256(token)) : undefined
    return found && found.expiresAt > clock.now() ? found : undefined
  }

  return {
    async look(token) {
      const invitation = await findStanding(token)
      const organisation = invitation && (await findPlace(invitation.organisation))
      if (!organisation) return undefined
      const { email, role } = invitation
      const isPlatform = invitation.organisation === PLATFORM
      return { email, name: organisation.name, role: isPlatform ? PLATFORM : role }
    },

    async accept(token, provenEmail, by) {
      const invitation = await findStanding(token)
      if (!invitation) return { outcome: 'gone' }
      const now = clock.now()
      // A link that was passed on, or read by somebody else, is worth nothing to them.
      if (parseEmailAddress(provenEmail)?.normalised !== invitation.email)
        return { outcome: 'other-address' }
      const { _id, organisation, email, role } = invitation
      const operator: Operator = {
        _id: newId('opr', clock),
        organisation,
        email,
        role,
        createdAt: now,
        updatedAt: now,
      }
      if (!(await operators.insert(operator, _id))) return { outcome: 'gone' }
      await trail(organisation, {
        action: 'operator.joined',
        actor: operator._id,
        target: _id,
        after: { role: roleAt(operator) },
        ...by,
      })
      return { outcome: 'joined', operator }
    },
  }
}
