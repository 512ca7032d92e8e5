// Connecting an application through the console, in a real Chromium: with the mouse, and with the keyboard alone.

import { expect, it } from '@jest/globals'
import type { Page } from 'playwright-core'
import { programOf } from '../support/admin-api.ts'
import { describeWithBrowser } from '../support/browser.ts'
import { consoleForTest, heading } from '../support/console.ts'
import { signInWithPasted } from '../support/pasted.ts'
import { freePort } from '../support/services/processes.ts'
import { expectGoodPage } from '../support/views.ts'

const running = consoleForTest()

/** Focused, and seen to be. */
const focused = (page: Page) => page.evaluate(() => document.activeElement?.textContent ?? '')

async function tabTo(page: Page, text: string): Promise<void> {
  for (let steps = 0; steps < 60; steps += 1) {
    if ((await focused(page)).trim().startsWith(text)) return
    await page.keyboard.press('Tab')
  }
  throw new Error(`${text} cannot be reached with the keyboard`)
}

describeWithBrowser('connecting an application', () => {
  it('leads from nothing, the organisation too, to a sign-in with the pasted snippet', async () => {
    const { server } = running
    const redirectUri = `http://127.0.0.1:${await freePort()}/callback`
    const page = await running.visit('/clients', { role: 'platform-owner' })
    await page.goto(`${server.baseUrl}/admin/organisations/new`)
    await heading(page, 'New organisation').waitFor()
    await page.getByLabel('Name').fill('Harbour Café')
    await page.getByRole('button', { name: 'Create organisation' }).click()
    await heading(page, 'Overview').waitFor()
    await page.getByRole('link', { name: 'Clients', exact: true }).click()
    await page.getByRole('link', { name: 'New client' }).first().click()
    await heading(page, 'New client').waitFor()
    await expectGoodPage(page)
    await page.getByRole('button', { name: 'Go on' }).click()
    await heading(page, /web application/).waitFor()

    // What is wrong is said while one types.
    await page.getByLabel('Redirect URIs', { exact: true }).fill('javascript:alert(1)')
    await page.getByText(/javascript:alert\(1\): /).waitFor()
    await expectGoodPage(page)
    await page.getByLabel('Redirect URIs', { exact: true }).fill(redirectUri)
    await page.getByLabel('Name', { exact: true }).fill('The <b>shop</b>')
    await page.getByRole('button', { name: 'Create client' }).click()
    await heading(page, 'The <b>shop</b> is connected').waitFor()
    await expectGoodPage(page)

    await page.getByRole('button', { name: 'Copy the snippet for openid-client' }).click()
    const snippet = await page.evaluate(() => navigator.clipboard.readText())
    const { email, told } = await signInWithPasted(server, snippet)
    expect(told).toMatchObject({
      claims: { iss: `${server.baseUrl}/o/harbour-cafe` },
      user: { email },
    })

    await page.getByLabel('I have stored it').check()
    await page.getByRole('link', { name: 'Open the client' }).click()
    await heading(page, 'The <b>shop</b>').waitFor()
    await page.getByText('PASTE_THE_CLIENT_SECRET').first().waitFor()
  })

  it('goes with the keyboard alone', async () => {
    const page = await running.visit('/clients/new')
    await tabTo(page, '')
    await page.getByRole('radio', { name: /Web application/ }).focus()
    await page.keyboard.press('ArrowDown') // to the single-page application
    await page.keyboard.press('Enter')
    await heading(page, /single-page application/).waitFor()
    expect(await focused(page)).toMatch(/single-page application/)
    await page.keyboard.press('Tab')
    await page.keyboard.type('Keys only')
    await page.keyboard.press('Tab')
    await page.keyboard.type('https://app.example.com/callback')
    await tabTo(page, 'Advanced')
    await page.keyboard.press('Enter')
    await tabTo(page, 'Create client')
    await page.keyboard.press('Enter')
    await heading(page, 'Keys only is connected').waitFor()
    expect(await focused(page)).toBe('Keys only is connected')
  })

  it('says everything that is wrong at once, at the fields and at the top', async () => {
    const page = await running.visit('/clients/new?kind=browser')
    await page.getByRole('button', { name: 'Create client' }).click()
    const summary = page.getByRole('alert')
    await summary.waitFor()
    await expectGoodPage(page)
    expect(await summary.getByRole('link').allTextContents()).toEqual([
      'Give it a name.',
      'Name at least one address to come back to.',
    ])
    await summary.getByRole('link').first().click()
    expect(await page.evaluate(() => document.activeElement?.getAttribute('name'))).toBe('name')
  })
})

describeWithBrowser('a client', () => {
  async function clientPage(name: string) {
    const { client_id } = await running.server.register({ name })
    const page = await running.visit(`/clients/${client_id}`)
    await heading(page, name).waitFor()
    return { page, id: client_id }
  }

  it('is found in the list by its name, and by Ctrl-K', async () => {
    await running.server.register({ name: 'Zebra crossing' })
    const page = await running.visit('/clients')
    await expectGoodPage(page)
    await page.getByRole('searchbox', { name: 'Look for a client' }).fill('zebra')
    await page.waitForURL('**/clients?q=zebra')
    await page.getByRole('link', { name: 'Zebra crossing' }).waitFor()
    await page.keyboard.press('Control+k')
    await page.getByRole('dialog').getByRole('combobox').fill('Zebra')
    await page.getByRole('option', { name: /Zebra crossing/ }).click()
    await heading(page, 'Zebra crossing').waitFor()
  })

  it('is tried by a sign-in in a tab of its own, which shows what an application gets', async () => {
    const { page } = await clientPage('Tried out')
    const opened = page.context().waitForEvent('page')
    await page.getByRole('link', { name: /Test sign-in/ }).click()
    const tab = await opened
    tab.setDefaultTimeout(5000)
    await tab.getByLabel('E-mail address').fill('owner@example.com')
    await tab.keyboard.press('Enter')
    await tab.locator('#code:focus').waitFor()
    await tab.keyboard.type(await running.server.codeFor('owner@example.com'))
    await tab.getByRole('button', { name: /Allow/ }).click()
    await heading(tab, 'Tried out: the sign-in works').waitFor()
    await tab.getByText('"email": "owner@example.com"').first().waitFor()
    await expectGoodPage(tab)
  })

  it('gets a second secret, shown once, and loses the first', async () => {
    const { page } = await clientPage('Two secrets')
    await page.getByRole('tab', { name: 'Secrets' }).click()
    await expectGoodPage(page)
    await page.getByRole('button', { name: 'Add a secret' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText(/fys_/).waitFor()
    await expectGoodPage(page)
    await page.keyboard.press('Escape')
    expect(await dialog.isVisible()).toBe(true)
    await dialog.getByRole('button', { name: 'I have stored it' }).click()
    await page
      .getByRole('button', { name: /^Revoke/ })
      .nth(1)
      .waitFor()
    await page
      .getByRole('button', { name: /^Revoke/ })
      .first()
      .click()
    await page.getByRole('button', { name: 'Revoke it' }).click()
    await page
      .getByRole('button', { name: /^Revoke the/ })
      .nth(1)
      .waitFor({ state: 'detached' })
    expect(await page.getByRole('button', { name: /^Revoke the/ }).count()).toBe(1)
  })

  it('is changed, and whoever comes later with an older version is told', async () => {
    const { page, id } = await clientPage('Before')
    await page.getByRole('tab', { name: 'Settings' }).click()
    await expectGoodPage(page)
    await page.getByLabel('Name', { exact: true }).fill('After')
    await page.getByRole('button', { name: 'Save' }).click()
    await heading(page, 'After').waitFor()
    await page.getByRole('button', { name: 'Save' }).waitFor({ state: 'detached' })

    const program = await programOf(running.server, { role: 'platform-owner' })
    const path = `/organisations/${running.server.organisation.slug}/clients/${id}`
    await program('PATCH', path, { body: { home_uri: 'https://example.com' } })
    await page.getByLabel('Name', { exact: true }).fill('Too late')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('button', { name: 'Keep mine' }).click()
    await page.getByRole('button', { name: 'Save' }).click()
    await heading(page, 'Too late').waitFor()
    const { data } = await program<{ home_uri: string }>('GET', path)
    expect(data.home_uri).toBe('https://example.com')
  })

  it('is disabled, and removed by its name', async () => {
    const { page } = await clientPage('To be removed')
    await page.getByRole('tab', { name: 'Disable or remove' }).click()
    await expectGoodPage(page)
    await page.getByRole('button', { name: 'Disable' }).click()
    await page.getByText('Disabled', { exact: true }).first().waitFor()
    await page.getByRole('button', { name: 'Remove', exact: true }).click()
    await page.getByRole('button', { name: 'Remove client' }).click()
    await page.getByText(/Type To be removed, exactly/).waitFor()
    await page.getByLabel(/Type “To be removed”/).fill('To be removed')
    await page.getByRole('button', { name: 'Remove client' }).click()
    await heading(page, 'Clients').waitFor()
    await page.getByRole('searchbox', { name: 'Look for a client' }).waitFor()
    expect(await page.getByRole('link', { name: 'To be removed' }).count()).toBe(0)
  })

  it('is only looked at by a viewer', async () => {
    const { client_id } = await running.server.register({ name: 'Look only' })
    const page = await running.visit(`/clients/${client_id}`, { role: 'viewer' })
    await heading(page, 'Look only').waitFor()
    expect(await page.getByRole('tablist').first().getByRole('tab').allTextContents()).toEqual([
      'Connect',
      'Secrets',
    ])
    await page.getByRole('tab', { name: 'Secrets' }).click()
    expect(await page.getByRole('button', { name: /secret/ }).count()).toBe(0)
    await page.goto(running.at('/clients/new'))
    await heading(page, 'Nothing here').waitFor()
  })
})
