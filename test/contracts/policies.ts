// What drafting and publishing policies and accepting them promises, as cases that run on every document store.

import { createHash } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { composePolicies } from '../../src/compose/policies.ts'
import {
  createOrganisations,
  type Organisations,
} from '../../src/services/organisations/organisations.ts'
import { askedPolicies, type Policies } from '../../src/services/organisations/policies.ts'
import { MAX_POLICY_BYTES, textFor } from '../../src/services/organisations/policy-texts.ts'
import type { AppError } from '../../src/shared/errors.ts'
import { createKeyring } from '../../src/shared/secrets.ts'
import { type AuditEntry, auditCollection } from '../../src/stores/audit.ts'
import type { Documents } from '../../src/stores/documents.ts'
import { createOrganisationStore, organisationsCollection } from '../../src/stores/organisations.ts'
import { policiesCollection, policyDraftsCollection } from '../../src/stores/policies.ts'
import {
  createPolicyAcceptanceStore,
  type PolicyAcceptance,
  policyAcceptancesCollection,
} from '../../src/stores/policy-acceptances.ts'
import { movableClock } from '../support/movable-clock.ts'
import { recordingLog } from '../support/recording-log.ts'

const BY = { actor: 'opr_test' }
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

export function policiesContract(name: string, open: () => Promise<Documents>): void {
  describe(`policies on ${name}`, () => {
    let documents: Documents
    let organisations: Organisations
    let policies: Policies
    let place: { organisation: string; kind: 'terms' }
    let count = 0
    const clock = movableClock()
    beforeAll(async () => {
      documents = await open()
      await documents.prepare([
        auditCollection,
        organisationsCollection,
        policiesCollection,
        policyAcceptancesCollection,
        policyDraftsCollection,
      ])
      const store = createOrganisationStore(documents)
      organisations = createOrganisations({ store, clock, log: recordingLog() })
      const keyring = createKeyring(['a secret of the tests, long enough'])
      policies = composePolicies({ documents, keyring, clock }, organisations)
    })
    beforeEach(async () => {
      count += 1
      const { _id } = await organisations.create({ slug: `place-${count}`, name: 'Place' })
      place = { organisation: _id, kind: 'terms' }
    })
    afterAll(() => documents.close())

    const publish = (texts: { [locale: string]: string }, needsAcceptance = false) =>
      policies.publish(place, { texts, needsAcceptance }, BY)
    const ownerOf = async () => (await organisations.findById(place.organisation)) ?? fail()
    const problemOf = async (act: Promise<unknown>): Promise<Partial<AppError>> =>
      act.then(fail, (error: AppError) => error)

    it('numbers the versions of a kind and names each text by its SHA-256', async () => {
      const first = await publish({ en: '# One\n', de: '# Eins\n' })
      expect(first).toMatchObject({
        number: 1,
        needsAcceptance: true,
        hashes: { en: sha256('# One\n'), de: sha256('# Eins\n') },
        publishedBy: 'opr_test',
      })
      const second = await publish({ en: '# Two' })
      expect(second).toMatchObject({ number: 2, needsAcceptance: false })
      expect((await ownerOf()).policies).toEqual({ terms: { number: 2, binding: 1 } })
      await publish({ en: '# Three' }, true)
      expect((await ownerOf()).policies).toEqual({ terms: { number: 3, binding: 3 } })
      expect(await policies.find(place.organisation, 'terms', 1)).toEqual(first)
      expect(await policies.find('org_other', 'terms', 1)).toBeUndefined()
    })

    it('lists the versions of one kind, the newest first, a page at a time', async () => {
      for (const text of ['one', 'two', 'three']) await publish({ en: text })
      await policies.publish(
        { ...place, kind: 'privacy' },
        { texts: { en: 'private' }, needsAcceptance: false },
        BY,
      )
      const first = await policies.versions(place.organisation, 'terms', { limit: 2 })
      expect(first.items.map(({ number }) => number)).toEqual([3, 2])
      const next = { limit: 2, cursor: String(first.nextCursor) }
      const second = await policies.versions(place.organisation, 'terms', next)
      expect(second).toMatchObject({ items: [{ number: 1 }] })
      expect(second.nextCursor).toBeNull()
      const foreign = policies.versions(place.organisation, 'privacy', next)
      expect(await problemOf(foreign)).toMatchObject({ code: 'bad_request' })
    })

    it('publishes one of many at the same instant, and tells the others', async () => {
      await publish({ en: 'first' })
      const all = await Promise.allSettled(
        Array.from({ length: 10 }, (_, at) => publish({ en: `text ${at}` })),
      )
      const done = all.filter(({ status }) => status === 'fulfilled').length
      expect(done).toBeGreaterThan(0)
      const { items } = await policies.versions(place.organisation, 'terms', { limit: 50 })
      expect(items.map(({ number }) => number)).toEqual(
        Array.from({ length: done + 1 }, (_, at) => done + 1 - at),
      )
      expect((await ownerOf()).policies?.terms?.number).toBe(done + 1)
      for (const each of all)
        if (each.status === 'rejected') expect(each.reason).toMatchObject({ code: 'conflict' })
    })

    it('rolls back by a new version with the older one’s texts', async () => {
      const first = await publish({ en: 'old', ar: 'قديم' })
      await publish({ en: 'new' })
      const third = await policies.publish(place, { repeats: 1, needsAcceptance: false }, BY)
      expect(third).toMatchObject({ number: 3, repeats: 1, hashes: first.hashes })
      expect(third.texts).toEqual(first.texts)
      expect(
        await problemOf(policies.publish(place, { repeats: 9, needsAcceptance: false }, BY)),
      ).toMatchObject({ code: 'invalid_fields' })
    })

    it('keeps a draft that nobody overwrites unseen, and empties it when it is published', async () => {
      const first = await policies.saveDraft(place, { texts: { en: 'draft' }, version: 0 }, BY)
      expect(first.version).toBe(1)
      const stale = policies.saveDraft(place, { texts: { en: 'other' }, version: 0 }, BY)
      expect(await problemOf(stale)).toMatchObject({ code: 'precondition_failed' })
      const unseen = policies.publish(place, { draft: 7, needsAcceptance: false }, BY)
      expect(await problemOf(unseen)).toMatchObject({ code: 'precondition_failed' })
      const made = await policies.publish(place, { draft: 1, needsAcceptance: false }, BY)
      expect(made.texts).toEqual({ en: 'draft' })
      const { current, draft } = await policies.state(place.organisation, 'terms')
      expect(current).toEqual(made)
      expect(draft).toMatchObject({ texts: {}, version: 2 })
      expect(
        await problemOf(policies.publish(place, { needsAcceptance: false }, BY)),
      ).toMatchObject({ code: 'invalid_fields' })
    })

    it('begins a draft with what is published, so that other languages stay', async () => {
      await publish({ en: 'terms', de: 'Bedingungen' })
      const begun = await policies.writeDraft(place, { locale: 'en', text: 'new terms' }, BY)
      expect(begun.texts).toEqual({ en: 'new terms', de: 'Bedingungen' })
      const less = await policies.writeDraft(place, { locale: 'de', version: 1 }, BY)
      expect(less.texts).toEqual({ en: 'new terms' })
      const stale = policies.writeDraft(place, { locale: 'ar', text: 'x', version: 1 }, BY)
      expect(await problemOf(stale)).toMatchObject({ code: 'precondition_failed' })
    })

    it('lets one of many save a draft that all have read', async () => {
      const all = await Promise.allSettled(
        Array.from({ length: 10 }, (_, at) =>
          policies.saveDraft(place, { texts: { en: `text ${at}` }, version: 0 }, BY),
        ),
      )
      expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    })

    it.each([
      ['an unknown language', { en: 'x', fr: 'x' }, 'texts.fr'],
      [
        'a language that is a name of every object',
        { en: 'x', constructor: 'x' },
        'texts.constructor',
      ],
      ['an empty text', { en: ' \n' }, 'texts.en'],
      ['a text that is too long', { en: 'é'.repeat(MAX_POLICY_BYTES / 2 + 1) }, 'texts.en'],
      ['control characters', { en: 'a\u001b[31mb' }, 'texts.en'],
      ['half of a character', { en: 'a\ud800b' }, 'texts.en'],
      ['all but the organisation’s language', { de: 'x' }, 'texts.en'],
    ])('refuses %s', async (_name, texts, path) => {
      expect(await problemOf(publish(texts))).toMatchObject({
        code: 'invalid_fields',
        fields: [{ path }],
      })
      expect((await policies.versions(place.organisation, 'terms', { limit: 1 })).items).toEqual([])
    })

    it('takes a text of the full length, and reads the language that comes closest', async () => {
      const { texts } = await publish({ en: 'x'.repeat(MAX_POLICY_BYTES), de: 'Text' })
      expect(textFor(texts, { locale: 'de', fallback: 'en' })?.text).toBe('Text')
      expect(textFor(texts, { locale: 'ar', fallback: 'de-AT' })?.locale).toBe('de')
      expect(textFor({ ar: 'نص' }, { locale: 'de', fallback: 'en' })?.locale).toBe('ar')
      expect(textFor({}, { locale: 'de', fallback: 'en' })).toBeUndefined()
    })

    it('asks for what is published and can be accepted', async () => {
      const refund = policies.ask(place.organisation, ['terms', 'refund'], BY)
      expect(await problemOf(refund)).toMatchObject({ code: 'invalid_fields' })
      const asking = await policies.ask(place.organisation, ['privacy', 'terms'], BY)
      expect(asking.asksAcceptance).toEqual(['terms', 'privacy'])
      expect(askedPolicies(asking)).toEqual([])
      await publish({ en: 'x' })
      expect(askedPolicies(await ownerOf())).toEqual([{ kind: 'terms', number: 1, binding: 1 }])
      await policies.ask(place.organisation, [], BY)
      expect(askedPolicies(await ownerOf())).toEqual([])
    })

    it('P17: writes what was published into the audit log, by its digests and without its text', async () => {
      await publish({ en: 'words of the text' })
      clock.forward(1) // rows of one instant have no order
      await policies.ask(place.organisation, ['terms'], BY)
      const rows = await documents
        .collection<AuditEntry>(auditCollection)
        .find({ organisation: place.organisation }, { sort: [['_id', 1]], limit: 10 })
      expect(rows).toMatchObject([
        {
          action: 'policy.published',
          actor: 'opr_test',
          target: 'terms/1',
          after: { number: 1, hashes: { en: sha256('words of the text') }, needsAcceptance: true },
        },
        {
          action: 'organisation.settings-changed',
          before: { asksAcceptance: [] },
          after: { asksAcceptance: ['terms'] },
        },
      ])
      expect(JSON.stringify(rows)).not.toContain('words of the text')
    })

    it('keeps one row for each account and version, the first, however often it is added', async () => {
      const store = createPolicyAcceptanceStore(documents)
      const row: Omit<PolicyAcceptance, '_id'> = {
        organisation: place.organisation,
        account: `acc_${count}`,
        kind: 'terms',
        number: 1,
        hash: sha256('x'),
        locale: 'en',
        at: 1,
        source: '192.0.2.1',
        client: 'cli_1',
      }
      await store.add(row)
      await Promise.all(Array.from({ length: 10 }, (_, at) => store.add({ ...row, at: at + 2 })))
      await store.add({ ...row, number: 2, at: 9 })
      const listed = await store.list(place.organisation, row.account, 10)
      expect(listed.map(({ number, at }) => [number, at])).toEqual([
        [2, 9],
        [1, 1],
      ])
      expect(await store.list('org_other', row.account, 10)).toEqual([])
    })
  })
}

function fail(): never {
  throw new Error('it should not have come to this')
}
