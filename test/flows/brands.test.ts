// Brands as customers see them: on the pages of sign-in, on errors, in mails, and each its own organisation's.

import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createRelyingParty } from '../support/relying-party.ts'
import type { OtherOrganisation, TestServer } from '../support/server.ts'
import { askCode, freshAddress } from '../support/sign-in-pages.ts'
import { describeOnAllStores } from '../support/stores.ts'

const by = { actor: 'opr_test' }
const svg = (fill: string) =>
  Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 30 10"><rect width="30" height="10" fill="${fill}"/></svg>`,
  )

describeOnAllStores('brands', (start) => {
  let server: TestServer
  let acme: OtherOrganisation
  let bistro: OtherOrganisation
  beforeAll(async () => {
    server = await start()
    acme = await server.addOrganisation('acme')
    bistro = await server.addOrganisation('bistro')
    await wear(acme, '#0b5fff')
    await wear(bistro, '#a3123f')
  })
  afterAll(() => server.stop())

  async function wear({ organisation }: OtherOrganisation, accent: string): Promise<void> {
    const act = { organisation: organisation._id, by }
    const light = { accent, background: '#ffffff', text: '#111111' }
    await server.brands.saveDraft(act, { colours: { light }, corners: 'square', font: 'geometric' })
    await server.brands.setPicture(act, 'logo', svg(accent))
    await server.brands.setPicture(act, 'logoDark', svg('#ffffff'))
    await server.brands.setPicture(act, 'favicon', svg(accent))
    await server.brands.publish(act)
  }
  const brandOf = async ({ organisation }: OtherOrganisation) =>
    (await server.organisations.findById(organisation._id))?.brand
  const addressOf = async (owner: OtherOrganisation, place: 'logo' | 'logoDark' | 'favicon') =>
    `${owner.baseUrl}/brand/${(await brandOf(owner))?.[place]?.digest}.png`
  const visit = async (owner: OtherOrganisation) => {
    const party = await createRelyingParty(owner, await owner.register())
    const email = freshAddress()
    const { page } = await askCode({ ...server, ...owner }, party, { email })
    return { page, email }
  }
  /** The style in the page, and whether the page's own policy lets it through. */
  function styleOf(html: string, headers: Headers): string {
    const style = /<style>([\s\S]*?)<\/style>/.exec(html)?.[1] ?? ''
    const hash = createHash('sha256').update(style).digest('base64')
    expect(headers.get('content-security-policy')).toContain(`style-src 'sha256-${hash}'`)
    return style
  }

  it('are worn by the pages of sign-in, by a style that their own policy allows', async () => {
    const { page } = await visit(acme)
    const style = styleOf(page.html, page.headers)
    expect(style).toMatch(/--accent: #0b5fff; .*--link: #0b5fff;/)
    expect(style).toMatch(/--round: 0;/)
    expect(style).toMatch(/--text: Avenir/)
    expect(page.headers.get('content-security-policy')).toContain("img-src 'self' data:;")
    expect(page.html).toContain(`src="${await addressOf(acme, 'logo')}"`)
    expect(page.html).toContain(`srcset="${await addressOf(acme, 'logoDark')}"`)
    expect(page.html).toContain(
      `<link rel="icon" type="image/png" href="${await addressOf(acme, 'favicon')}"`,
    )
    expect(page.html).toMatch(/<img [^>]*width="192" height="64" alt="The acme"/)
  })

  it('are worn by the front page, by what is not there, and by what has ended', async () => {
    for (const path of ['/', '/nowhere', '/sign-in/ended', '/oauth/authorize?client_id=x']) {
      const response = await fetch(`${acme.baseUrl}${path}`, { headers: { accept: 'text/html' } })
      const html = await response.text()
      expect(styleOf(html, response.headers)).toContain('--accent: #0b5fff;')
      expect(html).toContain(await addressOf(acme, 'logo'))
    }
  })

  it('are worn by mails, whose pictures have whole addresses and the name beside them', async () => {
    const { email } = await visit(acme)
    const [mail] = await server.mails(email)
    expect(mail?.html).toContain(`src="${await addressOf(acme, 'logo')}"`)
    expect(mail?.html).toContain(`src="${await addressOf(acme, 'logoDark')}"`)
    expect(mail?.html.match(/alt="The acme"/g)).toHaveLength(2)
    expect(mail?.html).toContain('background:#0b5fff;height:6px')
    expect(mail?.html).not.toContain('#21493d')
  })

  it('leave the pages of who has none as they were, without a word about pictures', async () => {
    const response = await fetch(`${(await server.addOrganisation('plain')).baseUrl}/`)
    const html = await response.text()
    expect(styleOf(html, response.headers)).toContain('--accent: #21493d;')
    expect(response.headers.get('content-security-policy')).toContain('; img-src data:;')
    expect(html).not.toContain('<img')
  })

  it('P03: a name is text, also where it stands for a logo', async () => {
    const { organisation, baseUrl } = await server.addOrganisation('hostile')
    const name = `"><script>alert(1)</script>`
    await server.organisations.change(organisation._id, { name })
    const act = { organisation: organisation._id, by }
    await server.brands.setPicture(act, 'logo', svg('#333333'))
    await server.brands.publish(act)
    const html = await (await fetch(`${baseUrl}/`)).text()
    expect(html).toContain('alt="&quot;>&lt;script>alert(1)&lt;/script>"')
    expect(html).not.toContain('<script>alert')
  })

  describe('a picture', () => {
    it('P06: is served as a PNG that never changes and can do nothing', async () => {
      for (const method of ['GET', 'HEAD']) {
        const response = await fetch(await addressOf(acme, 'logo'), { method })
        expect(response.status).toBe(200)
        expect(Object.fromEntries(response.headers)).toMatchObject({
          'content-type': 'image/png',
          'x-content-type-options': 'nosniff',
          'content-security-policy': "default-src 'none'; sandbox",
          'cache-control': 'public, max-age=31536000, immutable',
          'cross-origin-resource-policy': 'cross-origin',
        })
        expect(response.headers.get('set-cookie')).toBeNull()
      }
      const bytes = await (await fetch(await addressOf(acme, 'logo'))).bytes()
      const digest = createHash('sha256').update(bytes).digest('hex')
      expect((await brandOf(acme))?.logo?.digest).toBe(digest)
    })

    it('is nowhere but at its own organisation’s address', async () => {
      const digest = (await brandOf(acme))?.logo?.digest ?? ''
      for (const address of [
        `${bistro.baseUrl}/brand/${digest}.png`,
        `${server.baseUrl}/brand/${digest}.png`,
        `${acme.baseUrl}/brand/${digest}.svg`,
        `${acme.baseUrl}/brand/${digest}`,
        `${acme.baseUrl}/brand/${digest.toUpperCase()}.png`,
        `${acme.baseUrl}/brand/${'0'.repeat(64)}.png`,
        `${acme.baseUrl}/brand/..%2f${digest}.png`,
        `${acme.baseUrl}/brand/`,
      ])
        expect([address, (await fetch(address)).status]).toEqual([address, 404])
    })
  })

  it('M10: two organisations asked for at once, a thousand times each, never cross', async () => {
    const owners = [
      { owner: acme, own: '#0b5fff', foreign: '#a3123f', name: 'The acme' },
      { owner: bistro, own: '#a3123f', foreign: '#0b5fff', name: 'The bistro' },
    ]
    let crossed = 0
    const ask = async ({ owner, own, foreign, name }: (typeof owners)[number]): Promise<void> => {
      const html = await (await fetch(`${owner.baseUrl}/`)).text()
      const isOwn = html.includes(`--accent: ${own};`) && html.includes(`alt="${name}"`)
      if (!isOwn || html.includes(foreign)) crossed += 1
    }
    for (let round = 0; round < 20; round += 1) {
      const asked = owners.flatMap((each) => Array.from({ length: 50 }, () => ask(each)))
      // What is published meanwhile is a new version of the same colours.
      const act = { organisation: acme.organisation._id, by }
      await Promise.all([...asked, round % 5 === 0 && server.brands.publish(act)])
    }
    expect(crossed).toBe(0)
  })
})
