// Policies in the console, in a real Chromium: from nothing to a version that customers accept, and back.

import { expect, it } from '@jest/globals'
import type { Page } from 'playwright-core'
import { programOf } from '../support/admin-api.ts'
import { describeWithBrowser } from '../support/browser.ts'
import { consoleForTest, heading } from '../support/console.ts'
import { eventually } from '../support/eventually.ts'
import { expectGoodPage } from '../support/views.ts'

const running = consoleForTest()

const customersRead = async (kind: string, language = 'en'): Promise<string> => {
  const address = `${running.server.baseUrl}/policies/${kind}`
  return (await fetch(address, { headers: { 'accept-language': language } })).text()
}

async function save(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await page.getByRole('button', { name: 'Publish …' }).waitFor()
}

describeWithBrowser('policies', () => {
  it('are written in two languages, looked at, published, and published again', async () => {
    const page = await running.visit('/policies', { role: 'editor' })
    await page.getByRole('link', { name: 'Terms of service' }).waitFor()
    await expectGoodPage(page)
    await page.getByRole('link', { name: 'Terms of service' }).click()
    await heading(page, 'Terms of service').waitFor()
    await expectGoodPage(page)
    await page.getByLabel('Text in English').fill('# Our terms\n\n<b>Be kind.</b>')
    await page.getByLabel('Deutsch', { exact: true }).check()
    await page.getByLabel('Text in Deutsch').fill('# Unsere Bedingungen')
    await save(page)
    await page.frameLocator('.text-frame').getByText('Unsere Bedingungen').waitFor()
    await page.getByLabel('English', { exact: true }).check()
    await page.frameLocator('.text-frame').getByText('<b>Be kind.</b>').waitFor()
    await expectGoodPage(page)

    await page.getByRole('button', { name: 'Publish …' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Publish', exact: true }).click()
    await page.getByText('Read now', { exact: true }).waitFor()
    expect(await customersRead('terms', 'de')).toContain('<h2>Unsere Bedingungen</h2>')
    // The next draft begins with what customers read; a language is taken out by emptying it.
    await page.getByLabel('Deutsch', { exact: true }).check()
    await page.getByLabel('Text in Deutsch').fill('')
    await save(page)
    await page.getByRole('button', { name: 'Publish …' }).click()
    await page.getByLabel('Customers have to accept it again').check()
    await expectGoodPage(page)
    await page.getByRole('dialog').getByRole('button', { name: 'Publish', exact: true }).click()
    await page.getByRole('cell', { name: 'Asked anew' }).nth(1).waitFor()
    expect(await customersRead('terms', 'de')).toContain('<h2>Our terms</h2>')

    await page.getByRole('button', { name: 'Publish again: version 1' }).press('Enter')
    await page.getByRole('button', { name: 'Publish it again' }).click()
    await page.getByText('(version 1 again)').waitFor()
    expect(await customersRead('terms', 'de')).toContain('<h2>Unsere Bedingungen</h2>')
    await expectGoodPage(page)
  })

  it('are accepted by customers when that is chosen', async () => {
    const page = await running.visit('/policies', { role: 'editor' })
    await page.getByLabel('Privacy policy').check()
    await expectGoodPage(page)
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page.getByRole('cell', { name: 'Accepted, once published' }).waitFor()
    const { organisations, organisation } = running.server
    expect((await organisations.read(organisation._id))?.asksAcceptance).toEqual(['privacy'])
  })

  it('say who was overtaken and what is missing, and are thrown away as drafts', async () => {
    const page = await running.visit('/policies/refund', { role: 'editor' })
    await page.getByLabel('Deutsch', { exact: true }).check()
    await page.getByLabel('Text in Deutsch').fill('Geld zurück')
    const program = await programOf(running.server, { role: 'platform-owner' })
    const at = `/organisations/${running.server.organisation.slug}/policies/refund/draft/ar`
    const content = new TextEncoder().encode('x')
    await program('PUT', at, { bytes: { type: 'text/markdown', content } })
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page.getByText(/Somebody else has changed this draft/).waitFor()
    await page.getByRole('button', { name: 'Keep mine' }).click()
    await save(page)
    await page.getByRole('button', { name: 'Publish …' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Publish', exact: true }).click()
    await page.getByText(/own language is missing/).waitFor()
    await expectGoodPage(page)
    await page.getByRole('button', { name: 'Not yet' }).click()
    page.once('dialog', (question) => question.accept())
    await page.getByRole('button', { name: 'Throw away' }).click()
    await page.getByRole('button', { name: 'Publish …' }).waitFor({ state: 'detached' })
    await eventually(async () => {
      expect(await page.getByLabel('Text in Deutsch').inputValue()).toBe('')
    })
  })

  it('are only read by a viewer, who sees who published them', async () => {
    const { server } = running
    await server.policies.publish(
      { organisation: server.organisation._id, kind: 'terms' },
      { texts: { en: '# Terms' }, needsAcceptance: false },
      { actor: 'command-line' },
    )
    const page = await running.visit('/policies/terms', { role: 'viewer' })
    await page.getByRole('heading', { name: 'Versions' }).waitFor()
    const newest = page.getByRole('table', { name: 'Versions' }).locator('tbody tr').first()
    await newest.getByText('The command line').waitFor()
    expect(await page.getByRole('button', { name: /Publish|Save/ }).count()).toBe(0)
    expect(await page.getByRole('textbox').count()).toBe(0)
    await expectGoodPage(page)
  })
})
