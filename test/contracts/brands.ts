// What drafting, publishing and rolling back brands promises, as cases that run on every document store.

import { createHash } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import sharp from 'sharp'
import { composeBrands } from '../../src/compose/brands.ts'
import type { Brands } from '../../src/services/organisations/brands.ts'
import {
  createOrganisations,
  type Organisations,
} from '../../src/services/organisations/organisations.ts'
import { plainBrand } from '../../src/shared/brand.ts'
import { DAY } from '../../src/shared/clock.ts'
import type { AppError } from '../../src/shared/errors.ts'
import { createKeyring } from '../../src/shared/secrets.ts'
import { type AuditEntry, auditCollection } from '../../src/stores/audit.ts'
import { brandCollections } from '../../src/stores/brands.ts'
import type { Documents } from '../../src/stores/documents.ts'
import { createOrganisationStore, organisationsCollection } from '../../src/stores/organisations.ts'
import { movableClock } from '../support/movable-clock.ts'
import { recordingLog } from '../support/recording-log.ts'

const keyring = createKeyring(['a secret of at least thirty-two characters'])
const by = { actor: 'opr_test' }
const blue = { light: { accent: '#0B5FFF', background: '#ffffff', text: '#111111' } }
const yellow = { light: { accent: '#ffd400', background: '#ffffff', text: '#999999' } }

export function brandsContract(name: string, open: () => Promise<Documents>): void {
  describe(`brands on ${name}`, () => {
    let documents: Documents
    let organisations: Organisations
    let brands: Brands
    let organisation: string
    let logo: Buffer
    let count = 0
    const clock = movableClock()
    beforeAll(async () => {
      documents = await open()
      await documents.prepare([auditCollection, organisationsCollection, ...brandCollections])
      const log = recordingLog()
      organisations = createOrganisations({
        store: createOrganisationStore(documents),
        clock,
        log,
      })
      brands = composeBrands({ documents, keyring, clock, log }, organisations)
      logo = await sharp({ create: { width: 200, height: 80, channels: 3, background: '#0b5fff' } })
        .png()
        .toBuffer()
    })
    beforeEach(async () => {
      count += 1
      organisation = (await organisations.create({ slug: `place-${count}`, name: 'Place' }))._id
    })
    afterAll(() => documents.close())

    const act = (version?: number) => ({ organisation, by, version })
    const save = (colours: object, version?: number) => brands.saveDraft(act(version), { colours })
    const published = async () => (await organisations.findById(organisation))?.brand
    const codeOf = async (doing: Promise<unknown>): Promise<Partial<AppError>> =>
      doing.then(
        () => ({}),
        (error: AppError) => error,
      )
    const audited = async () => {
      const rows = await documents
        .collection<AuditEntry>(auditCollection)
        .find({ organisation }, { limit: 20 })
      return rows.sort((one, other) => one.action.localeCompare(other.action))
    }

    it('begin as the house’s own, with nothing published', async () => {
      expect(await brands.state(organisation)).toEqual({
        draft: { brand: plainBrand, version: 0 },
        verdict: expect.objectContaining({ passes: true }),
      })
      expect(await published()).toBeUndefined()
    })

    it('change nothing that customers see until they are published, and then as a version', async () => {
      const draft = await save(blue)
      expect(draft).toMatchObject({
        version: 1,
        brand: { colours: { light: { accent: '#0b5fff' } } },
      })
      expect(draft.brand.colours.dark).toEqual(plainBrand.colours.dark)
      expect(await published()).toBeUndefined()
      const first = await brands.publish(act())
      expect(first).toMatchObject({ number: 1, publishedBy: 'opr_test', brand: draft.brand })
      expect(await published()).toEqual({ ...draft.brand, number: 1 })
      await brands.saveDraft(act(), { corners: 'round', font: 'geometric' })
      expect(await published()).toEqual({ ...draft.brand, number: 1 })
      await brands.publish(act())
      expect(await published()).toMatchObject({ number: 2, corners: 'round', font: 'geometric' })
      expect(
        (await brands.versions(organisation, { limit: 10 })).items.map((each) => each.number),
      ).toEqual([2, 1])
      const { nextCursor } = await brands.versions(organisation, { limit: 1 })
      const cursor = String(nextCursor)
      expect(await brands.versions(organisation, { limit: 1, cursor })).toEqual({
        items: [first],
        nextCursor: null,
      })
      expect(await codeOf(brands.versions('org_other', { limit: 1, cursor }))).toMatchObject({
        code: 'bad_request',
      })
    })

    it('roll back to any version, as a new one, and leave the draft alone', async () => {
      await save(blue)
      const first = await brands.publish(act())
      await brands.saveDraft(act(), { corners: 'square' })
      await brands.publish(act())
      const draft = await brands.saveDraft(act(), { corners: 'round' })
      const third = await brands.rollBack({ organisation, by }, 1)
      expect(third).toMatchObject({ number: 3, repeats: 1, brand: first.brand })
      expect(await published()).toEqual({ ...first.brand, number: 3 })
      expect((await brands.state(organisation)).draft.brand).toEqual(draft.brand)
      expect(await codeOf(brands.rollBack({ organisation, by }, 9))).toMatchObject({
        code: 'not_found',
      })
    })

    it('are not published when something could not be read, unless it is adjusted', async () => {
      await save(yellow)
      expect(await codeOf(brands.publish(act()))).toMatchObject({
        code: 'invalid_fields',
        fields: [
          { path: 'colours.light.text', message: expect.stringMatching(/2\.84:1 .* #7\w+ has it/) },
          { path: 'colours.light.link', message: expect.stringMatching(/needs 4\.5:1/) },
        ],
      })
      expect(await published()).toBeUndefined()
      const { brand } = await brands.publish(act(), { adjust: true })
      expect(brand.colours.light).toMatchObject({ accent: '#ffd400', link: expect.any(String) })
      const { draft, verdict } = await brands.state(organisation)
      expect(verdict.passes).toBe(true)
      expect(draft).toMatchObject({ brand, version: 2 })
    })

    it('are changed only in the version that was read', async () => {
      await save(blue, 0)
      expect(await codeOf(save(yellow, 0))).toMatchObject({ code: 'precondition_failed' })
      expect(await codeOf(brands.publish(act(0)))).toMatchObject({ code: 'precondition_failed' })
      await brands.publish(act(1))
      expect((await published())?.colours.light.accent).toBe('#0b5fff')
    })

    it('lose nothing of twenty changes at once, and of twenty publications each is a version or none', async () => {
      const corners = ['square', 'small', 'large', 'round']
      const saved = await Promise.all(
        Array.from({ length: 8 }, (_, at) =>
          codeOf(brands.saveDraft(act(), { corners: corners[at % 4] })),
        ),
      )
      const { draft } = await brands.state(organisation)
      expect(draft.version).toBe(saved.filter(({ code }) => code === undefined).length)
      const outcomes = await Promise.all(
        Array.from({ length: 20 }, () => codeOf(brands.publish(act()))),
      )
      const done = outcomes.filter(({ code }) => code === undefined).length
      expect(done).toBeGreaterThan(0)
      for (const { code } of outcomes) expect([undefined, 'conflict']).toContain(code)
      expect((await brands.versions(organisation, { limit: 30 })).items).toHaveLength(done)
      expect((await published())?.number).toBe(done)
    })

    it.each([
      ['a closing tag', '#fff</style><script>alert(1)</script>'],
      ['an address', 'url(https://evil.example/x)'],
      ['an expression', 'expression(alert(1))'],
      ['a second declaration', '#ffffff;position:fixed'],
      ['a rule', '#ffffff}input[value^=a]{background:url(//evil.example)}'],
      ['an import', '@import "//evil.example"'],
      ['a name', 'red'],
      ['a variable', 'var(--ink)'],
      ['a line break', '#ffffff\n'],
      ['too few digits', '#fff'],
      ['nothing', ''],
    ])('P04: take no style through any field: %s', async (_name, value) => {
      for (const field of ['accent', 'background', 'text', 'accentText', 'link'])
        for (const scheme of ['light', 'dark'])
          expect(await codeOf(save({ [scheme]: { [field]: value } }))).toMatchObject({
            code: 'invalid_fields',
            fields: [{ path: `colours.${scheme}.${field}` }],
          })
      for (const field of ['corners', 'font'])
        for (const each of [value, '__proto__', 'constructor', 'toString'])
          expect(await codeOf(brands.saveDraft(act(), { [field]: each }))).toMatchObject({
            code: 'invalid_fields',
            fields: [{ path: field }],
          })
      expect((await brands.state(organisation)).draft.version).toBe(0)
    })

    it('P04: keep nothing that is no token, whatever else an edit holds', async () => {
      const edit = {
        css: '*{}',
        colours: { light: { accent: '#0b5fff', css: 'x' } },
        logo: { digest: 'x' },
      }
      const { brand } = await brands.saveDraft(act(), edit as object)
      expect(brand).toEqual({
        ...plainBrand,
        colours: {
          ...plainBrand.colours,
          light: { ...plainBrand.colours.light, accent: '#0b5fff' },
        },
      })
    })

    it('a colour that follows from others is named and taken away again', async () => {
      await save({ light: { accentText: '#ffffff', link: '#0000cc' } })
      const { brand } = await save({ light: { accentText: null } })
      expect(brand.colours.light).toEqual({ ...plainBrand.colours.light, link: '#0000cc' })
      expect(await codeOf(save({ light: { accent: null } }))).toMatchObject({
        code: 'invalid_fields',
      })
    })

    it('hold pictures by their content, for their own organisation alone', async () => {
      const { brand } = await brands.setPicture(act(), 'logo', logo)
      const digest = brand.logo?.digest ?? ''
      expect(brand.logo).toEqual({
        digest: expect.stringMatching(/^[0-9a-f]{64}$/),
        width: 200,
        height: 80,
      })
      const png = await brands.findPicture(organisation, digest)
      expect(
        createHash('sha256')
          .update(png ?? '')
          .digest('hex'),
      ).toBe(digest)
      expect(await brands.findPicture('org_other', digest)).toBeUndefined()
      expect(await brands.findPicture(organisation, 'f'.repeat(64))).toBeUndefined()
      expect((await brands.removePicture(act(), 'logo')).brand).toEqual(plainBrand)
    })

    it('keep a published picture for ever, and one that never was for thirty days', async () => {
      const { brand } = await brands.setPicture(act(), 'logo', logo)
      const digest = brand.logo?.digest ?? ''
      clock.forward(31 * DAY)
      expect(await brands.findPicture(organisation, digest)).toBeUndefined()
      await brands.setPicture(act(), 'logo', logo)
      await brands.setPicture(act(), 'mailHeader', logo) // the same content: one picture in two places
      await brands.publish(act())
      clock.forward(400 * DAY)
      expect(await brands.findPicture(organisation, digest)).toBeDefined()
      await brands.setPicture(act(), 'logo', logo) // once more, which makes it no younger
      clock.forward(31 * DAY)
      expect(await brands.findPicture(organisation, digest)).toBeDefined()
    })

    it('are not published without their pictures', async () => {
      const { brand } = await brands.setPicture(act(), 'logo', logo)
      await documents
        .collection(brandCollections[2] ?? fail())
        .deleteMany({ _id: `${organisation}/${brand.logo?.digest}` })
      expect(await codeOf(brands.publish(act()))).toMatchObject({ fields: [{ path: 'pictures' }] })
      expect(await published()).toBeUndefined()
      expect(await brands.versions(organisation, { limit: 1 })).toMatchObject({ items: [] })
    })

    it('refuse what is no picture, and change nothing', async () => {
      const html = Buffer.from('<html><script>alert(1)</script></html>')
      expect(await codeOf(brands.setPicture(act(), 'logo', html))).toMatchObject({
        code: 'invalid_fields',
        fields: [{ path: 'logo', message: 'must be a PNG, JPEG, WebP or SVG' }],
      })
      expect((await brands.state(organisation)).draft.version).toBe(0)
    })

    it('leave rows in the audit log that say who changed what', async () => {
      await save(blue)
      await brands.publish(act())
      expect(await audited()).toMatchObject([
        {
          action: 'brand.draft-changed',
          actor: 'opr_test',
          before: { colours: plainBrand.colours },
          after: { colours: { light: { accent: '#0b5fff' } } },
        },
        { action: 'brand.published', target: '1', after: { number: 1 } },
      ])
    })
  })
}

function fail(): never {
  throw new Error('there should have been something')
}
