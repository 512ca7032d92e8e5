// The file for a script tag, as it is built: which client it makes, whatever the page around it looks like.

import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { describeWithBrowser, openWindow } from '../support/browser.ts'
import { type Shop, startShop } from '../support/embedded-client.ts'
import type { EmbeddingPage } from '../support/embedding-site.ts'
import { runProgram } from '../support/program.ts'
import { read } from '../support/repository.ts'

describeWithBrowser('the file for a script tag', () => {
  let shop: Shop
  const pages: { [path: string]: EmbeddingPage } = {}

  beforeAll(async () => {
    expect(await runProgram('scripts/front-ends.js')).toMatchObject({ code: 0, stderr: '' })
    shop = await startShop(pages)
  })
  afterAll(() => shop?.stop())

  /** The page with that markup before a tag of that type; the issuer of its client, and what went wrong. */
  async function load({ markup = '', type = 'text/javascript' }) {
    const { server, site, browser, clientId } = shop
    pages['/'] = {
      policy: null,
      document: `<!doctype html><html lang="en"><title>Shop</title>${markup}
        <foyer-sign-in></foyer-sign-in>
        <script type="${type}" src="${server.baseUrl}/dom/v1/foyer.js"
          data-issuer="${server.baseUrl}" data-client-id="${clientId}"></script></html>`,
    }
    const { page, complaints, end } = await openWindow(browser)
    await page.goto(site.origin)
    await page.waitForFunction(() => customElements.get('foyer-sign-in'))
    const issuer = await page.evaluate(() => {
      const { client } = window.Foyer as unknown as { client?: { issuer: string } }
      return client?.issuer
    })
    await end()
    return { issuer, complaints }
  }

  it('makes a client of its tag', async () => {
    expect(await load({})).toEqual({ issuer: shop.server.baseUrl, complaints: [] })
  })

  it.each([
    [
      'img',
      '<img alt="" name="currentScript" data-issuer="https://evil.example" data-client-id="a">',
    ],
    [
      'form',
      '<form name="currentScript" data-issuer="https://evil.example" data-client-id="a"></form>',
    ],
    ['link', '<a id="Foyer" href="https://evil.example">Foyer</a>'],
  ])(
    'takes no issuer from markup of a stranger that stands in its place: %s',
    async (_tag, markup) => {
      const { issuer, complaints } = await load({ markup })
      expect(issuer).not.toBe('https://evil.example')
      expect(complaints).toEqual([])
    },
  )

  it('is of use as a module too, which has no tag to read', async () => {
    expect(await load({ type: 'module' })).toEqual({ issuer: undefined, complaints: [] })
  })

  it('learns a language from a module beside it, as the manual of the elements shows', async () => {
    const { server, site, browser, clientId } = shop
    const [example = ''] =
      /<script type="module">.*?<\/script>/s.exec(read('packages/dom/docs/elements.md')) ?? []
    pages['/'] = {
      policy: null,
      document: `<!doctype html><html lang="de"><title>Laden</title>
        <script async src="${server.baseUrl}/dom/v1/foyer.js"
          data-issuer="${server.baseUrl}" data-client-id="${clientId}"></script>
        ${example.replaceAll('https://id.example.com', server.baseUrl)}
        <foyer-sign-in></foyer-sign-in></html>`,
    }
    const { page, complaints, end } = await openWindow(browser)
    await page.goto(site.origin)
    await page.getByRole('heading', { name: 'Anmelden' }).waitFor()
    expect(complaints).toEqual([])
    await end()
  })
})
