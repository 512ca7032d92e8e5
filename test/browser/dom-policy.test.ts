// The Content-Security-Policies that the library's documents advise: a page that sets one signs people in all the same.

import { afterAll, beforeAll, expect, it } from '@jest/globals'
import type { Browser } from 'playwright-core'
import { describeWithBrowser, openWindow, startBrowser } from '../support/browser.ts'
import { registerShop } from '../support/embedded-client.ts'
import { sendAddress } from '../support/embedded-elements.ts'
import {
  type EmbeddingPage,
  type EmbeddingSite,
  startEmbeddingSite,
} from '../support/embedding-site.ts'
import { runProgram } from '../support/program.ts'
import { read } from '../support/repository.ts'
import { startServer, type TestServer } from '../support/server.ts'
import { freshAddress } from '../support/sign-in-pages.ts'

/** In one line, as a header is sent. */
function policyIn(file: string): string {
  const [, block = ''] = /^```\nContent-Security-Policy:\n((?: .*\n)+)/m.exec(read(file)) ?? []
  return block.replace(/\s+/g, ' ').trim()
}

describeWithBrowser('a policy that is advised', () => {
  let server: TestServer
  let site: EmbeddingSite
  let browser: Browser
  const pages: { [path: string]: EmbeddingPage } = {}

  beforeAll(async () => {
    expect(await runProgram('scripts/front-ends.js')).toMatchObject({ code: 0, stderr: '' })
    server = await startServer()
    site = await startEmbeddingSite({ issuer: server.baseUrl, pages })
    browser = await startBrowser()
  })
  afterAll(async () => {
    await browser?.close()
    await site?.stop()
    await server?.stop()
  })

  it.each(['packages/dom/README.md', 'packages/dom/docs/security.md'])(
    'in %s, lets elements and script do all they do',
    async (file) => {
      const policy = policyIn(file).replaceAll('https://id.example.com', server.baseUrl)
      expect(policy).toContain("script-src 'nonce-R4nd0m'")
      pages['/'] = {
        policy,
        document: `<!doctype html><html lang="en"><title>Shop</title>
          <link rel="icon" href="/favicon.ico">
          <script async nonce="R4nd0m" src="${server.baseUrl}/dom/v1/foyer.js"
            data-issuer="${server.baseUrl}" data-client-id="${await registerShop(server, site)}"></script>
          <foyer-account></foyer-account><foyer-sign-in></foyer-sign-in></html>`,
      }
      const { page, complaints, end } = await openWindow(browser)
      await page.goto(site.origin)
      const email = freshAddress()
      await sendAddress(page, email)
      await page.keyboard.type(await server.codeFor(email))
      await page.locator('foyer-account').getByText(email).click()
      await page.getByRole('button', { name: 'Sign out', exact: true }).click()
      await page.getByLabel('E-mail address').waitFor()
      expect(complaints).toEqual([])
      await end()
    },
  )
})
