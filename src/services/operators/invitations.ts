// Invitations: a link, mailed to one address, by which whoever proves that address becomes an operator once.

import type { Message } from '../../emails/message.ts'
import { type Clock, DAY } from '../../shared/clock.ts'
import type { Cursors } from '../../shared/cursors.ts'
import { parseEmailAddress } from '../../shared/email-address.ts'
import { AppError } from '../../shared/errors.ts'
import { newId } from '../../shared/ids.ts'
import type { Look } from '../../shared/look.ts'
import { type Page, type PageRequest, pageOf } from '../../shared/pages.ts'
import { type Random, sha256 } from '../../shared/secrets.ts'
import { changeAsRead } from '../../shared/versions.ts'
import type { Invitation, InvitationStore } from '../../stores/invitations.ts'
import { PLATFORM } from '../../stores/operator-roles.ts'
import type { OperatorStore } from '../../stores/operators.ts'
import type { Organisation } from '../../stores/organisations.ts'
import type { By } from '../audit/audit.ts'
import { brandingOf } from '../organisations/branding.ts'
import type { Organisations } from '../organisations/organisations.ts'
import { createInvitationAcceptance, type InvitationAcceptance } from './invitation-acceptance.ts'
import type { OperatorTrail } from './operator-trail.ts'
import { alreadyOperator, readOperator } from './operators.ts'
import { roleAt } from './roles.ts'

/** How long a link works. */
export const INVITATION_LIFE = 7 * DAY
const TOKEN_BYTES = 32

export type InvitationMailData = {
  to: string
  brand: string
  look?: Look
  role: Invitation['role'] | typeof PLATFORM
  link: string
  timeZone: string
  locale: string
  expiresAt: number
}

export type Invitations = InvitationAcceptance & {
  /**
   * Mails a link; an earlier one for the address works no more. Throws `invalid_fields`, also when the address
   * is an operator there. The link is returned for who has no mail server, and kept nowhere.
   */
  invite(
    place: string,
    who: { email: string; role: string; locale?: string },
    by: By,
  ): Promise<{ invitation: Invitation; link: string }>
  /** Those that can still be accepted, the oldest first. */
  list(place: string, request: PageRequest): Promise<Page<Invitation>>
  /** By its id, or by its address. `undefined` when there was none. */
  withdraw(
    place: string,
    which: { id: string } | { email: string },
    by: By,
  ): Promise<Invitation | undefined>
}

export function createInvitations(parts: {
  store: InvitationStore
  operators: OperatorStore
  organisations: Pick<Organisations, 'findById' | 'findDefault'>
  cursors: Cursors
  trail: OperatorTrail
  issuerOf(organisation: Organisation): string
  writeMail(data: InvitationMailData): Message
  /** Takes the mail, or throws: then it is worth inviting again. */
  sendMail(message: Message, expiresAt: number): Promise<void>
  baseUrl: string
  random: Random
  clock: Clock
}): Invitations {
  const { store, operators, organisations, cursors, trail, random, clock } = parts

  /** The newest stands: it takes the place of the one there was. */
  async function put(invitation: Invitation): Promise<void> {
    await changeAsRead(undefined, async () => (await store.put(invitation)) || undefined)
  }

  async function find(place: string, which: { id: string } | { email: string }) {
    if ('id' in which) return store.findById(place, which.id)
    const address = parseEmailAddress(which.email)?.normalised
    return address === undefined ? undefined : store.find(place, address)
  }

  const findPlace = (place: string): Promise<Organisation | undefined> =>
    place === PLATFORM ? organisations.findDefault() : organisations.findById(place)

  async function mail(invitation: Invitation, { link, locale }: { link: string; locale?: string }) {
    const { organisation: place, email, role, expiresAt } = invitation
    const isPlatform = place === PLATFORM
    const organisation = await findPlace(place)
    if (!organisation) throw new AppError('not_found')
    const message = parts.writeMail({
      to: email,
      ...brandingOf(organisation, parts.issuerOf(organisation)),
      role: isPlatform ? PLATFORM : role,
      link,
      timeZone: organisation.timeZone,
      locale: locale ?? organisation.locale,
      expiresAt,
    })
    await parts.sendMail(message, expiresAt)
  }

  return {
    async invite(place, { locale, ...who }, by) {
      const { email, role } = readOperator(place, who)
      if (await operators.find(place, email)) throw alreadyOperator()
      const token = random.token(TOKEN_BYTES)
      const now = clock.now()
      const invitation: Invitation = {
        _id: newId('inv', clock),
        organisation: place,
        email,
        role,
        digest: sha256(token),
        invitedBy: by.actor,
        createdAt: now,
        expiresAt: now + INVITATION_LIFE,
      }
      await put(invitation)
      await trail(place, {
        action: 'operator.invited',
        target: invitation._id,
        after: { role: roleAt(invitation) },
        ...by,
      })
      const link = `${parts.baseUrl}/admin/invitations/${token}`
      await mail(invitation, { link, ...(locale !== undefined && { locale }) })
      return { invitation, link }
    },

    list(place, { limit, cursor }) {
      const list = { list: 'invitations', organisation: place, owner: '' }
      const read = (page: { limit: number }) => store.list(place, { ...page, now: clock.now() })
      return pageOf({ cursors, list, limit, cursor, read })
    },

    async withdraw(place, which, by) {
      const invitation = await find(place, which)
      if (!invitation || !(await store.remove(place, invitation._id))) return undefined
      await trail(place, {
        action: 'operator.invitation-withdrawn',
        target: invitation._id,
        before: { role: roleAt(invitation) },
        ...by,
      })
      return invitation
    },

    ...createInvitationAcceptance({ ...parts, findPlace }),
  }
}
