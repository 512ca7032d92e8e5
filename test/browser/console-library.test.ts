// The browser library's code in the console: pasted into a page at the client's origin, a customer signs in with it.

import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { describeWithBrowser, desk, openWindow, phone } from '../support/browser.ts'
import { consoleForTest } from '../support/console.ts'
import { freshAddress } from '../support/sign-in-pages.ts'
import { expectGoodPage, expectGoodView } from '../support/views.ts'

const running = consoleForTest()
/** What the site shows, whatever is asked for. */
let pasted = ''
let site: Server
let origin: string

beforeAll(async () => {
  site = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(pasted)
  }).listen(0, '127.0.0.1')
  await once(site, 'listening')
  origin = `http://127.0.0.1:${(site.address() as AddressInfo).port}` // it listens on a port
})
afterAll(() => {
  site?.closeAllConnections()
  site?.close()
})

const connect = (firstParty: boolean) =>
  running.server.register({ kind: 'browser', redirectUris: [`${origin}/`], firstParty })

describeWithBrowser('a client of the business’s own', () => {
  it.each(['Script tag', 'Modules'])(
    'signs a customer in with what is pasted: %s',
    async (name) => {
      const { client_id: id } = await connect(true)
      const page = await running.visit(`/clients/${id}`)
      await page.getByText(`Customers sign in on its own pages, at ${origin}.`).waitFor()
      await page.getByRole('tab', { name }).click()
      await expectGoodPage(page)
      await page.getByRole('button', { name: `Copy the snippet for ${name}` }).click()
      pasted = await page.evaluate(() => navigator.clipboard.readText())

      const visit = await openWindow(running.browser)
      const email = freshAddress()
      await visit.page.goto(origin)
      await visit.page.getByLabel('E-mail address').fill(email)
      await visit.page.keyboard.press('Enter')
      await visit.page.getByLabel(/digit code/).waitFor()
      await visit.page.keyboard.type(await running.server.codeFor(email))
      await visit.page.locator('foyer-account').getByText(email).waitFor()
      expect(new URL(visit.page.url()).origin).toBe(origin)
      expect(visit.complaints).toEqual([])
      await visit.end()
    },
  )
})

describeWithBrowser('a client of somebody else', () => {
  it('is told what it takes to sign people in on its own pages, and given no code for it', async () => {
    const { client_id: id } = await connect(false)
    const page = await running.visit(`/clients/${id}`)
    await page.getByText('it has to be first-party').waitFor()
    await page.getByRole('tab', { name: 'openid-client' }).waitFor()
    expect(await page.getByRole('tab', { name: /Script tag|Modules/ }).count()).toBe(0)
  })
})

describeWithBrowser('the library’s own page', () => {
  it.each([phone, desk])('can be read on every screen', async (screen) => {
    for (const colorScheme of ['light', 'dark'] as const) {
      const { page, complaints, end } = await openWindow(running.browser, {
        ...screen,
        colorScheme,
      })
      await page.goto(`${running.server.baseUrl}/dom/`)
      expect(await page.locator('pre').textContent()).toContain('integrity="sha384-')
      await expectGoodView(page)
      expect(complaints).toEqual([])
      await end()
    }
  })
})
