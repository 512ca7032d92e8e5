// What invitations promise, as cases that run on every document store.

import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { INVITATION_LIFE } from '../../src/services/operators/invitations.ts'
import { type AuditEntry, auditCollection } from '../../src/stores/audit.ts'
import type { Documents } from '../../src/stores/documents.ts'
import { type Invitation, invitationsCollection } from '../../src/stores/invitations.ts'
import { PLATFORM } from '../../src/stores/operator-roles.ts'
import type { Organisation } from '../../src/stores/organisations.ts'
import { type OperatorParts, operatorsOn } from '../support/operators.ts'

const BY = { actor: 'test' }

export function invitationsContract(name: string, open: () => Promise<Documents>): void {
  describe(`invitations on ${name}`, () => {
    let documents: Documents
    let parts: OperatorParts
    let organisation: Organisation
    let email: string
    beforeAll(async () => {
      documents = await open()
      parts = await operatorsOn(documents)
    })
    beforeEach(async () => {
      const slug = `o${randomUUID().slice(0, 8)}`
      organisation = await parts.organisations.create({ slug, name: 'Acme' })
      email = `${slug}@example.com`
    })
    afterAll(() => documents.close())

    /** Invites, and reads the token where its reader would: in the mail. */
    async function invite(role = 'editor', place = organisation._id): Promise<string> {
      const { link } = await parts.invitations.invite(place, { email, role }, BY)
      const mail = parts.mails.at(-1)
      expect(mail?.to).toBe(email)
      for (const part of [mail?.text, mail?.html]) expect(part).toContain(link)
      return /^https:\/\/id\.example\.com\/admin\/invitations\/([\w-]{43})$/.exec(link)?.[1] ?? ''
    }
    const accept = (token: string, proven = email) => parts.invitations.accept(token, proven, {})
    const roleNow = () => parts.operators.roleIn(organisation._id, email)
    const rows = () =>
      documents
        .collection<Invitation>(invitationsCollection)
        .find({ organisation: organisation._id }, { limit: 10 })

    it('P14: accepted by its address, it makes the operator in its role, once', async () => {
      const token = await invite()
      expect(await roleNow()).toBeUndefined()
      expect(await accept(token, email.toUpperCase())).toMatchObject({
        outcome: 'joined',
        operator: { email, role: 'editor', organisation: organisation._id },
      })
      expect(await roleNow()).toBe('editor')
      expect(await rows()).toEqual([])
      expect(await accept(token)).toEqual({ outcome: 'gone' })
      await parts.operators.remove(organisation._id, email, BY)
      expect(await accept(token)).toEqual({ outcome: 'gone' })
      expect(await roleNow()).toBeUndefined()
    })

    it('P14: accepted twenty times at the same instant, it works once', async () => {
      const token = await invite('owner')
      const all = await Promise.all(Array.from({ length: 20 }, () => accept(token)))
      expect(all.filter(({ outcome }) => outcome === 'joined')).toHaveLength(1)
      expect((await parts.operators.list(organisation._id, { limit: 10 })).items).toHaveLength(1)
    })

    it('P14: forwarded to another address it is worth nothing there, and still stands', async () => {
      const token = await invite()
      for (const other of ['eve@example.com', `eve+${email}`, `${email}.evil.example`, ''])
        expect(await accept(token, other)).toEqual({ outcome: 'other-address' })
      expect(await roleNow()).toBeUndefined()
      expect((await accept(token)).outcome).toBe('joined')
    })

    it('P14: it ends after seven days', async () => {
      const token = await invite()
      parts.clock.forward(INVITATION_LIFE - 60_000)
      expect((await parts.invitations.list(organisation._id, { limit: 10 })).items).toHaveLength(1)
      parts.clock.forward(60_001)
      expect(await accept(token)).toEqual({ outcome: 'gone' })
      expect((await parts.invitations.list(organisation._id, { limit: 10 })).items).toEqual([])
      expect(INVITATION_LIFE).toBe(7 * 24 * 3600 * 1000)
    })

    it('P14: a guess, a part, a change of letters or the stored hash open nothing', async () => {
      const token = await invite()
      const [row] = await rows()
      const turned = token.replace(/^./, (first) => (first === 'A' ? 'B' : 'A'))
      for (const guess of [
        '',
        'x',
        token.slice(1),
        `${token}=`,
        turned,
        row?.digest ?? '',
        row?._id ?? '',
      ])
        expect(await accept(guess)).toEqual({ outcome: 'gone' })
      expect(JSON.stringify(row)).not.toContain(token)
    })

    it('P14: the role is the stored one, whatever is written to the link', async () => {
      const token = await invite('viewer')
      for (const edited of [`${token}?role=owner`, `${token}&role=owner`, `${token}/owner`])
        expect(await accept(edited)).toEqual({ outcome: 'gone' })
      await accept(token)
      expect(await roleNow()).toBe('viewer')
    })

    it('P14: inviting again ends the earlier link, and withdrawing ends the last', async () => {
      const first = await invite('owner')
      const second = await invite('viewer')
      expect(await accept(first)).toEqual({ outcome: 'gone' })
      expect(await rows()).toHaveLength(1)
      await parts.invitations.withdraw(organisation._id, { email }, BY)
      expect(await accept(second)).toEqual({ outcome: 'gone' })
      expect(await parts.invitations.withdraw(organisation._id, { email }, BY)).toBeUndefined()
    })

    it('invited twenty times at once, one link works', async () => {
      const links = await Promise.all(
        Array.from({ length: 20 }, async () => {
          const who = { email, role: 'viewer' }
          return (await parts.invitations.invite(organisation._id, who, BY)).link
        }),
      )
      expect(await rows()).toHaveLength(1)
      const outcomes: string[] = []
      for (const link of links) outcomes.push((await accept(link.slice(-43))).outcome)
      expect(outcomes.filter((outcome) => outcome === 'joined')).toHaveLength(1)
    })

    it('is refused for who is an operator, and gone once they are added', async () => {
      const token = await invite('owner')
      await parts.operators.add(organisation._id, { email, role: 'viewer' }, BY)
      expect(await accept(token)).toEqual({ outcome: 'gone' })
      expect(await roleNow()).toBe('viewer')
      await expect(invite()).rejects.toMatchObject({ code: 'invalid_fields' })
    })

    it('to the platform makes a platform owner, and nothing less', async () => {
      await expect(invite('viewer', PLATFORM)).rejects.toMatchObject({ code: 'invalid_fields' })
      await accept(await invite('owner', PLATFORM))
      expect(await roleNow()).toBe('platform-owner')
    })

    it('leaves rows in the audit log, with ids and no address', async () => {
      await accept(await invite())
      const found = await documents
        .collection<AuditEntry>(auditCollection)
        .find({ organisation: organisation._id }, { sort: [['at', 1]], limit: 10 })
      expect(found.map(({ action }) => action).sort()).toEqual([
        'operator.invited',
        'operator.joined',
      ])
      expect(JSON.stringify(found)).not.toContain('@')
    })
  })
}
