// Brands over the Admin API: drafted, judged, given pictures, published, rolled back and previewed.

import { describe, expect, it } from '@jest/globals'
import sharp from 'sharp'
import { type Answer, type Call, organisationForTest, programOf } from '../../support/admin-api.ts'

type Picture = { address: string; width: number; height: number } | null
type Brand = {
  colours: { light: { [name: string]: string | null } }
  pictures: { [place: string]: Picture }
}
type State = {
  published: (Brand & { number: number }) | null
  draft: Brand
  contrast: { passes: boolean; checks: { colour: string; passes: boolean; suggestion: string }[] }
}
type Version = Brand & { number: number; repeats: number | null }
type Preview = { sign_in_page: string; code_mail: { subject: string; html: string } }

const colours = {
  light: {
    accent: '#0b5fff',
    background: '#ffffff',
    text: '#111111',
    accent_text: null,
    link: null,
  },
  dark: {
    accent: '#7aa8ff',
    background: '#0a1324',
    text: '#e9f0ff',
    accent_text: null,
    link: null,
  },
}
const tokens = { colours, corners: 'large', font: 'humanist' }
const unreadable = {
  ...tokens,
  colours: { ...colours, light: { ...colours.light, accent: '#ffd400', accent_text: '#ffffff' } },
}

const own = organisationForTest({ role: 'editor', below: '/brand' })
const call: Call = (...request) => own.call(...request)

const save = (body: object, headers = {}): Promise<Answer<State>> =>
  call('PUT', `${own.at}/draft`, { body, headers })
const publish = (body: object = {}, headers = {}): Promise<Answer<Version>> =>
  call('POST', `${own.at}/versions`, { body, headers })
const upload = (content: Uint8Array, place = 'logo', type = 'image/png'): Promise<Answer<State>> =>
  call('PUT', `${own.at}/draft/pictures/${place}`, { bytes: { type, content } })
const png = (width = 90, height = 30) =>
  sharp({ create: { width, height, channels: 3, background: '#0b5fff' } })
    .png()
    .toBuffer()

describe('a brand', () => {
  it('begins as the house’s own look, is drafted by version, and is published', async () => {
    const before = await call<State>('GET', own.at)
    expect(before.headers.get('etag')).toBe('"v0"')
    expect(before.data).toMatchObject({
      published: null,
      draft: { corners: 'medium', font: 'classic', pictures: { logo: null, mail_header: null } },
      contrast: { passes: true },
    })
    const saved = await save(tokens, { 'if-match': '"v0"' })
    expect(saved.headers.get('etag')).toBe('"v1"')
    expect(saved.data.draft).toMatchObject(tokens)
    expect(await save(tokens, { 'if-match': '"v0"' })).toMatchObject({ status: 412 })
    expect(await publish({ draft_version: 0 })).toMatchObject({ status: 412 })
    const made = await publish({ draft_version: 1 }, { 'idempotency-key': 'once' })
    expect(made).toMatchObject({ status: 201, data: { number: 1, repeats: null, ...tokens } })
    const again = await publish({ draft_version: 1 }, { 'idempotency-key': 'once' })
    expect(again.data).toEqual(made.data)
    expect(await (await fetch(`${own.issuer.baseUrl}/`)).text()).toContain('--accent: #0b5fff;')
  })

  it('that cannot be read is refused field by field, and published once it is adjusted', async () => {
    const { data } = await save(unreadable)
    const failing = data.contrast.checks.filter(({ passes }) => !passes)
    expect(failing.map(({ colour }) => colour)).toEqual(['accent_text', 'link'])
    const refused = await publish()
    expect(refused).toMatchObject({ status: 422, code: 'invalid_fields' })
    expect(refused.details?.map(({ path }) => path)).toEqual([
      'colours.light.accent_text',
      'colours.light.link',
    ])
    const made = await publish({ adjust: true })
    expect(made.data.colours.light).toMatchObject({
      accent: '#ffd400',
      accent_text: failing[0]?.suggestion,
      link: failing[1]?.suggestion,
    })
  })

  it('is rolled back and listed a page at a time', async () => {
    for (const corners of ['square', 'round']) {
      await save({ ...tokens, corners })
      await publish()
    }
    expect(await publish({ repeats: 1 })).toMatchObject({
      data: { number: 3, repeats: 1, corners: 'square' },
    })
    // The draft, and with it the version, is as before: what is published is not.
    const known = { 'if-none-match': '"v2"' }
    const state = await call<State>('GET', own.at, { headers: known })
    expect(state).toMatchObject({ status: 200, data: { published: { number: 3 } } })
    expect(state.headers.get('cache-control')).toBe('private, no-store')
    expect(await publish({ repeats: 9 })).toMatchObject({ status: 404 })
    type List = { items: Version[]; next_cursor: string | null }
    const first = await call<List>('GET', `${own.at}/versions?limit=2`)
    expect(first.data.items.map(({ number }) => number)).toEqual([3, 2])
    const next = await call<List>('GET', `${own.at}/versions?cursor=${first.data.next_cursor}`)
    expect(next.data).toMatchObject({ items: [{ number: 1 }], next_cursor: null })
    expect(await call('GET', `${own.at}/versions?cursor=x`)).toMatchObject({ status: 400 })
  })

  it.each([
    [
      'a style in place of a colour',
      { colours: { ...colours, light: { ...colours.light, text: 'red;}*{' } } },
    ],
    ['a style of its own', { css: '*{display:none}' }],
    [
      'a colour that nobody knows',
      { colours: { ...colours, light: { ...colours.light, shadow: '#000000' } } },
    ],
    ['a font that would be fetched', { font: 'url(https://evil.example/font)' }],
    ['no corners', { corners: undefined }],
  ])('P04: refuses %s', async (_name, change) => {
    expect(await save({ ...tokens, ...change })).toMatchObject({
      status: 422,
      code: 'invalid_fields',
    })
  })
})

describe('a picture', () => {
  it('is put into the draft, seen at its address, and taken out again', async () => {
    const { data } = await upload(await png())
    const { logo } = data.draft.pictures
    expect(logo).toMatchObject({ width: 90, height: 30 })
    const shown = await fetch(logo?.address ?? '')
    expect(shown.headers.get('content-type')).toBe('image/png')
    const digest = /[0-9a-f]{64}/.exec(logo?.address ?? '')?.[0]
    const here = await call('GET', `${own.at}/pictures/${digest}`)
    expect(here.headers.get('content-type')).toBe('image/png')
    const elsewhere = `/organisations/${own.server.organisation.slug}/brand/pictures/${digest}`
    const owner = await programOf(own.server, { role: 'platform-owner' })
    expect(await owner('GET', elsewhere)).toMatchObject({ status: 404 })
    expect(await owner('GET', `${own.at}/pictures/x`)).toMatchObject({ status: 404 })
    const removed = await call<State>('DELETE', `${own.at}/draft/pictures/logo`)
    expect(removed.data.draft.pictures.logo).toBeNull()
    expect(
      (await upload(await png(), 'mail_header')).data.draft.pictures.mail_header,
    ).toMatchObject({
      width: 90,
    })
  })

  it('for dark pages alone is not published', async () => {
    await upload(await png(), 'logo_dark')
    expect((await publish()).details).toEqual([
      { path: 'logo_dark', message: expect.stringMatching(/needs a logo/) },
    ])
  })

  it.each([
    ['HTML that says it is a PNG', '<html><script>alert(1)</script></html>', 'image/png', 422],
    [
      'an SVG that says it is a PNG, and reads a file',
      '<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>',
      'image/png',
      422,
    ],
    ['a type that is none of a picture', 'x', 'text/html', 415],
    ['more than a megabyte', 'x'.repeat(1024 * 1024 + 1), 'image/png', 413],
  ])('P06: that is %s is refused', async (_name, content, type, status) => {
    const { status: answered } = await upload(Buffer.from(content), 'logo', type)
    expect(answered).toBe(status)
  })

  it('in a place that is none is not there', async () => {
    for (const place of ['logoDark', 'banner', '__proto__'])
      expect(await upload(await png(), place)).toMatchObject({ status: 404 })
  })

  it('P06: twenty uploaded at once are all answered, and the memory stays', async () => {
    const content = await sharp({
      create: { width: 3000, height: 3000, channels: 3, background: '#0b5fff' },
    })
      .jpeg()
      .toBuffer()
    const before = process.memoryUsage().rss
    const all = await Promise.all(Array.from({ length: 20 }, () => upload(content)))
    // Whoever was overtaken again and again is told so; nobody is left without an answer.
    for (const { status } of all) expect([200, 409]).toContain(status)
    expect(all.filter(({ status }) => status === 200).length).toBeGreaterThan(10)
    expect(process.memoryUsage().rss - before).toBeLessThan(150 * 1024 * 1024)
    expect((await call<State>('GET', own.at)).data.draft.pictures.logo).toMatchObject({
      width: 128,
    })
  })
})

describe('a preview', () => {
  it('shows the sign-in page and the mail as they would be, in the asked scheme and language', async () => {
    await upload(await png())
    const preview = async (body: object) =>
      (await call<Preview>('POST', `${own.at}/preview`, { body })).data
    const dark = await preview({ scheme: 'dark', language: 'de', tokens })
    expect(dark.sign_in_page).toMatch(/<html lang="de"/)
    expect(dark.sign_in_page).toContain('color-scheme: dark; --page: #0a1324;')
    expect(dark.sign_in_page).not.toContain('prefers-color-scheme')
    expect(dark.sign_in_page).toContain(`alt="The shop-${own.count}"`)
    expect(dark.code_mail.subject).toMatch(/482915/)
    expect(dark.code_mail.html).toContain('@media all')
    const light = await preview({ scheme: 'light', language: 'ar' })
    expect(light.sign_in_page).toMatch(/<html lang="ar" dir="rtl"/)
    expect(light.sign_in_page).toContain('color-scheme: light; --page: #f6f2eb;')
    expect(light.code_mail.html).toContain('@media not all')
  })

  it('holds its pictures itself, and stands at an address that the console may frame', async () => {
    await upload(await png())
    const { data } = await call<Preview>('POST', `${own.at}/preview`, {
      body: { scheme: 'light', language: 'en' },
    })
    for (const html of [data.sign_in_page, data.code_mail.html]) {
      expect(html).toContain('src="data:image/png;base64,')
      expect(html).not.toContain('/brand/')
    }
    const page = await call('GET', `${own.at}/preview/sign-in?scheme=light&language=en`)
    expect(page.data).toBe(data.sign_in_page)
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(page.headers.get('x-frame-options')).toBeNull()
    const policy = page.headers.get('content-security-policy')
    expect(policy).toMatch(/^default-src 'none'; .*; sandbox; .*frame-ancestors 'self'$/)
    const mail = await call('GET', `${own.at}/preview/code-mail?scheme=dark`)
    expect(mail.data).toContain('@media all')
    expect(await call('GET', `${own.at}/preview/portal`)).toMatchObject({ status: 404 })
    expect(await call('GET', `${own.at}/preview/sign-in?scheme=grey`)).toMatchObject({
      status: 400,
    })
  })

  it('P04: in a frame takes tokens that nobody saved, and nothing else', async () => {
    const framed = (asked: string) =>
      call<string>('GET', `${own.at}/preview/sign-in?${new URLSearchParams({ tokens: asked })}`)
    const shown = await framed(JSON.stringify(tokens))
    expect(shown.data).toContain('--accent: #0b5fff;')
    const styled = { ...tokens, font: 'x;}*{display:none}' }
    for (const asked of [
      '{',
      '"x"',
      JSON.stringify(styled),
      JSON.stringify({ ...tokens, css: '' }),
    ])
      expect(await framed(asked)).toMatchObject({ status: 400, code: 'bad_request' })
  })

  it('changes nothing: no draft, no mail, no row in the audit log', async () => {
    const { status } = await call('POST', `${own.at}/preview`, {
      body: { scheme: 'light', language: 'en', tokens: unreadable },
    })
    expect(status).toBe(200)
    expect((await call('GET', own.at)).headers.get('etag')).toBe('"v0"')
    expect(await own.server.mails('customer@example.com')).toEqual([])
  })

  it('P03: writes names as text', async () => {
    const name = '<img src=x onerror=alert(1)>'
    await own.server.organisations.change(own.issuer.organisation._id, { name })
    const { data } = await call<Preview>('POST', `${own.at}/preview`, {
      body: { scheme: 'light', language: 'en' },
    })
    expect(data.sign_in_page + data.code_mail.html).not.toContain('<img src=x')
  })
})
