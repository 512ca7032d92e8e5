// The console's first page, and how an organisation is made, in a real Chromium on the whole server.

import { describe, expect, it } from '@jest/globals'
import type { Page, Route } from 'playwright-core'
import { describeWithBrowser } from '../support/browser.ts'
import { consoleForTest, heading, titled, type Visit } from '../support/console.ts'
import { expectGoodPage } from '../support/views.ts'

describeWithBrowser('the overview', () => {
  // Chromium notes the answer that a test had lost.
  const console = consoleForTest((complaint) => complaint.includes('ERR_FAILED'))
  let page: Page

  async function open(path: string, visit: Visit): Promise<void> {
    page = await console.visit(path, visit)
  }

  const button = (name: string | RegExp) => page.getByRole('button', { name })

  it('counts sign-ins day by day, and says where applications connect', async () => {
    await open('', { role: 'viewer' }) // whose own sign-in is counted
    const chart = page.getByRole('figure', { name: /^Sign-ins per day/ })
    await chart.waitFor()
    await chart.getByText('As a table').click()
    expect(await chart.getByRole('row').count()).toBe(31)
    await page.getByText(console.server.baseUrl, { exact: true }).waitFor()
    await button('Copy the issuer').click()
    await page.getByRole('status').filter({ hasText: 'Copied the issuer.' }).waitFor()
    await expectGoodPage(page)
  })

  describe('a new organisation', () => {
    it('is made by a platform owner, with the slug that its name suggests', async () => {
      await open('', { role: 'platform-owner' })
      await page.goto(`${console.server.baseUrl}/admin/`)
      await page.waitForURL(console.at('')) // named in none, they begin in the default one
      await button(/^Organisation/).click()
      await page.getByRole('link', { name: 'New organisation' }).click()
      await heading(page, 'New organisation').waitFor()
      await page.getByLabel('Name').fill('Café Ørsted & Söhne')
      expect(await page.getByLabel('Slug').inputValue()).toBe('cafe-rsted-sohne')
      await page.getByLabel('Slug').fill('orsted')
      await page.getByLabel('Name').fill('Café Ørsted')
      expect(await page.getByLabel('Slug').inputValue()).toBe('orsted')
      await page.getByLabel('Time zone').selectOption('Europe/Copenhagen')
      await page.getByLabel('Currency').selectOption('DKK')
      await expectGoodPage(page)
      await button('Create organisation').click()
      await page.waitForURL('**/admin/o/orsted')
      await page.getByText('No application signs customers in here yet.').waitFor()
      await expectGoodPage(page)
      await titled(page, 'Overview · Café Ørsted')
      expect(await console.server.organisations.findBySlug('orsted')).toMatchObject({
        name: 'Café Ørsted',
        timeZone: 'Europe/Copenhagen',
        currency: 'DKK',
      })
    })

    it('is made once when the answer was lost and it is tried again', async () => {
      await open('', { role: 'platform-owner' })
      await page.goto(`${console.server.baseUrl}/admin/organisations/new`)
      await page.getByLabel('Name').fill('Lost and found')
      const losing = async (route: Route): Promise<void> => {
        if (route.request().method() !== 'POST') return route.continue()
        await route.fetch() // the server made it
        await route.abort()
      }
      await page.route('**/admin/api/v1/organisations', losing)
      await button('Create organisation').click()
      await page.getByRole('alert').getByText('cannot be reached').waitFor()
      await page.unroute('**/admin/api/v1/organisations', losing)
      await button('Create organisation').click()
      await page.waitForURL('**/admin/o/lost-and-found')
    })

    it('is refused at the slug that somebody has, and keeps what was entered', async () => {
      await console.server.addOrganisation('taken')
      await open('', { role: 'platform-owner' })
      await page.goto(`${console.server.baseUrl}/admin/organisations/new`)
      await button('Create organisation').click()
      await page.getByRole('link', { name: 'Give it a name.' }).waitFor()
      await page.getByLabel('Name').fill('Taken')
      await page.getByText('Another organisation has this slug.').waitFor() // while one types
      await button('Create organisation').click()
      await page.getByRole('alert').getByRole('link', { name: 'Slug is taken.' }).waitFor()
      const slug = page.getByLabel('Slug')
      await page.locator('#field-slug[aria-invalid=true]').waitFor()
      expect(await slug.inputValue()).toBe('taken')
      await expectGoodPage(page)
    })

    it('is not offered to who owns one organisation only', async () => {
      await open('', { role: 'owner' })
      await button(/^Organisation/).click()
      expect(await page.getByRole('link', { name: 'New organisation' }).count()).toBe(0)
      await page.goto(`${console.server.baseUrl}/admin/organisations/new`)
      await heading(page, 'Nothing here').waitFor()
    })
  })
})
