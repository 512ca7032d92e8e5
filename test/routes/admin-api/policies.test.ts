// Policies over the Admin API: drafted, published, rolled back, and asked for.

import { createHash } from 'node:crypto'
import { describe, expect, it } from '@jest/globals'
import { MAX_POLICY_BYTES } from '../../../src/services/organisations/policy-texts.ts'
import { type Answer, type Call, organisationForTest, programOf } from '../../support/admin-api.ts'

type Draft = { kind: string; texts: { [language: string]: string } }
type Version = { number: number; repeats: number | null; texts: Draft['texts']; address: string }
type List<Item> = { items: Item[]; next_cursor: string | null }

const own = organisationForTest({ role: 'editor', below: '/policies' })
const call: Call = (...request) => own.call(...request)

const write = (text: string, path = 'terms/draft/en', headers = {}): Promise<Answer<Draft>> =>
  call('PUT', `${own.at}/${path}`, {
    bytes: { type: 'text/markdown', content: new TextEncoder().encode(text) },
    headers,
  })
const publish = (body: object = {}, headers = {}): Promise<Answer<Version>> =>
  call('POST', `${own.at}/terms/versions`, { body: { needs_acceptance: false, ...body }, headers })

describe('policies', () => {
  it('P03: are drawn from the draft at an address that the console may frame, and do nothing there', async () => {
    await write('# Bedingungen\n\n<script>alert(1)</script>', 'terms/draft/de')
    const page = await call<string>('GET', `${own.at}/terms/draft/de/preview`)
    expect(page.data).toMatch(/<html lang="de"/)
    expect(page.data).toContain('<h2>Bedingungen</h2>')
    expect(page.data).not.toContain('<script>')
    expect(page.headers.get('x-frame-options')).toBeNull()
    const policy = page.headers.get('content-security-policy')
    expect(policy).toMatch(/^default-src 'none'; .*; sandbox; .*frame-ancestors 'self'$/)
    for (const missing of ['terms/draft/en', 'terms/draft/xx', 'other/draft/de'])
      expect(await call('GET', `${own.at}/${missing}/preview`)).toMatchObject({ status: 404 })
    expect((await fetch(`${own.issuer.baseUrl}/policies/terms`)).status).toBe(404)
  })

  it('stand in the list before they are published, and afterwards with what customers read', async () => {
    const before = await call<List<object>>('GET', own.at)
    expect(before.data.items).toEqual(
      ['terms', 'privacy', 'refund'].map((kind) => ({
        kind,
        current: null,
        asked: false,
        drafted: [],
        draft_version: 0,
      })),
    )
    await write('# Terms')
    const made = await publish()
    expect(made.status).toBe(201)
    await write('# Neu', 'terms/draft/de')
    const after = await call<List<object>>('GET', own.at)
    expect(after.data.items[0]).toMatchObject({
      kind: 'terms',
      drafted: ['en', 'de'],
      draft_version: 3,
      current: {
        number: 1,
        languages: ['en'],
        sha256: { en: createHash('sha256').update('# Terms').digest('hex') },
        needs_acceptance: true,
        published_by: expect.stringMatching(/^key_/),
        address: `${own.issuer.baseUrl}/policies/terms/1`,
      },
    })
    const page = await fetch(made.data.address)
    expect(await page.text()).toContain('<h2>Terms</h2>')
  })

  it('are drafted in one language after the other, by version', async () => {
    const first = await write('# One')
    expect(first.headers.get('etag')).toBe('"v1"')
    const second = await write('# Eins', 'terms/draft/de', { 'if-match': '"v1"' })
    expect(second.data.texts).toEqual({ en: '# One', de: '# Eins' })
    const stale = await write('# Other', 'terms/draft/en', { 'if-match': '"v1"' })
    expect(stale).toMatchObject({ status: 412, code: 'precondition_failed' })
    const read = await call<Draft>('GET', `${own.at}/terms/draft`)
    expect(read.headers.get('etag')).toBe('"v2"')
    expect(read.data).toMatchObject({ kind: 'terms', texts: { en: '# One', de: '# Eins' } })
    const less = await call<Draft>('DELETE', `${own.at}/terms/draft/de`)
    expect(less.data.texts).toEqual({ en: '# One' })
    const none = await call<Draft>('DELETE', `${own.at}/terms/draft`)
    expect(none.data.texts).toEqual({})
    expect(await publish()).toMatchObject({ status: 422, code: 'invalid_fields' })
  })

  it('are published once for each key of idempotency, and not over a draft that nobody has read', async () => {
    await write('# One')
    expect(await publish({ draft_version: 7 })).toMatchObject({ status: 412 })
    const headers = { 'idempotency-key': 'once' }
    const made = await publish({ draft_version: 1 }, headers)
    const again = await publish({ draft_version: 1 }, headers)
    expect(made.data.number).toBe(1)
    expect(again.data).toEqual(made.data)
    expect(again.headers.get('idempotency-replayed')).toBe('true')
    const { data } = await call<List<object>>('GET', `${own.at}/terms/versions`)
    expect(data.items).toHaveLength(1)
  })

  it('are rolled back to an older version, and listed a page at a time', async () => {
    for (const text of ['one', 'two']) {
      await write(text)
      await publish()
    }
    const back = await publish({ repeats: 1 })
    expect(back.data).toMatchObject({ number: 3, repeats: 1, texts: { en: 'one' } })
    const first = await call<List<Version>>('GET', `${own.at}/terms/versions?limit=2`)
    expect(first.data.items.map(({ number }) => number)).toEqual([3, 2])
    const cursor = first.data.next_cursor
    const next = await call<List<Version>>(
      'GET',
      `${own.at}/terms/versions?limit=2&cursor=${cursor}`,
    )
    expect(next.data).toMatchObject({ items: [{ number: 1 }], next_cursor: null })
    expect(await call('GET', `${own.at}/privacy/versions?cursor=${cursor}`)).toMatchObject({
      status: 400,
    })
    const one = await call<Version>('GET', `${own.at}/terms/versions/2`)
    expect(one.data).toMatchObject({ number: 2, texts: { en: 'two' } })
  })

  it('are asked for where the organisation wants it', async () => {
    const path = `${own.at}/acceptance`
    const answer = await call('PUT', path, { body: { kinds: ['privacy', 'terms', 'terms'] } })
    expect(answer).toMatchObject({ status: 422 })
    const asked = await call('PUT', path, { body: { kinds: ['privacy', 'terms'] } })
    expect(asked.data).toEqual({ kinds: ['terms', 'privacy'] })
    expect(await call('PUT', path, { body: { kinds: ['refund'] } })).toMatchObject({ status: 422 })
    const { data } = await call<List<{ asked: boolean }>>('GET', own.at)
    expect(data.items.map(({ asked }) => asked)).toEqual([true, true, false])
  })

  it.each([
    'imprint/draft',
    'Terms/draft',
    'terms/versions/1',
    'terms/versions/0',
    'terms/versions/x',
  ])('answers 404 for %s, which is not there', async (path) => {
    expect((await call('GET', `${own.at}/${path}`)).status).toBe(404)
  })

  it('refuses texts that are too long, no UTF-8, no Markdown or in no language of the pages', async () => {
    expect((await write('x'.repeat(MAX_POLICY_BYTES + 1))).status).toBe(413)
    expect((await write('x'.repeat(MAX_POLICY_BYTES))).status).toBe(200)
    expect((await write('x', 'terms/draft/fr')).status).toBe(404)
    expect((await write('a\0b')).status).toBe(422)
    const bytes = { type: 'text/markdown', content: new Uint8Array([0x61, 0xff]) }
    expect((await call('PUT', `${own.at}/terms/draft/en`, { bytes })).status).toBe(400)
    const html = { type: 'text/html', content: new Uint8Array([0x61]) }
    expect((await call('PUT', `${own.at}/terms/draft/en`, { bytes: html })).status).toBe(415)
  })

  it('P01: are nobody else’s', async () => {
    await write('# Ours')
    await publish()
    const other = await own.server.addOrganisation(`other-${own.count}`)
    const stranger = await programOf(own.server, {
      role: 'owner',
      organisation: other.organisation,
    })
    expect((await stranger('GET', `${own.at}/terms/versions/1`)).status).toBe(404)
    const theirs = `/organisations/other-${own.count}/policies`
    expect((await stranger('GET', `${theirs}/terms/versions/1`)).status).toBe(404)
    const body = { needs_acceptance: true, repeats: 1 }
    expect((await stranger('POST', `${theirs}/terms/versions`, { body })).status).toBe(422)
  })
})
