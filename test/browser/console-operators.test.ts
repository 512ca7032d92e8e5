// The console's operators, in a real Chromium on the whole server: inviting, another role, and the end of one.

import { expect, it } from '@jest/globals'
import type { Page } from 'playwright-core'
import { PLATFORM } from '../../src/stores/operator-roles.ts'
import { describeWithBrowser } from '../support/browser.ts'
import { consoleForTest, type Visit } from '../support/console.ts'
import { eventually } from '../support/eventually.ts'
import { expectGoodPage } from '../support/views.ts'

describeWithBrowser('the operators in the console', () => {
  const console = consoleForTest()
  let page: Page

  async function open(visit: Visit = {}): Promise<void> {
    page = await console.visit('/operators', visit)
    await page.getByRole('table', { name: 'Operators' }).waitFor()
  }

  async function add(email: string, role: string): Promise<void> {
    const { operators, organisation } = console.server
    await operators.add(organisation._id, { email, role }, { actor: 'command-line' })
  }

  const button = (name: string | RegExp) => page.getByRole('button', { name })
  const row = (email: string) => page.getByRole('row').filter({ hasText: email })
  const spoken = (text: string) => page.getByRole('status').filter({ hasText: text })
  const roleOf = (email: string) =>
    console.server.operators.roleIn(console.server.organisation._id, email)

  it('are invited by an owner, by keyboard alone, and the mail comes', async () => {
    await open()
    await button('Invite somebody').press('Enter')
    await page.getByRole('dialog', { name: /^Invite somebody to/ }).waitFor()
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('field-email')
    await page.keyboard.type('nobody')
    await page.keyboard.press('Enter')
    await page.getByRole('link', { name: 'Enter an e-mail address.' }).press('Enter')
    await page.keyboard.type('@example.org')
    await expectGoodPage(page)
    await page.keyboard.press('Tab')
    await page.keyboard.press('ArrowDown')
    await page.getByRole('radio', { name: /^Editor/, checked: true }).waitFor()
    await page.keyboard.press('Enter')
    await spoken('on its way to nobody@example.org').waitFor()
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Invite somebody')
    const invited = page.getByRole('region', { name: 'Invited' })
    await invited.getByText('Editor, until').waitFor()
    await eventually(async () => {
      const [mail] = await console.server.mails('nobody@example.org')
      expect(mail?.text).toContain('/admin/invitations/')
    })
    await expectGoodPage(page)
    await button('Withdraw the invitation of nobody@example.org').click()
    await spoken('was withdrawn').waitFor()
    await invited.waitFor({ state: 'detached' })
    await page.locator('h1:focus').waitFor()
  })

  it('are given another role, which counts at once', async () => {
    await add('ben@example.com', 'viewer')
    await open()
    await button('Change role of ben@example.com').click()
    await page.getByRole('radio', { name: /^Editor/ }).check()
    await expectGoodPage(page)
    await button('Save').click()
    await spoken('ben@example.com is editor now').waitFor()
    await row('ben@example.com').getByText('Editor').waitFor()
    expect(await roleOf('ben@example.com')).toBe('editor')
  })

  it('are removed, after a question', async () => {
    await add('cat@example.com', 'editor')
    await open()
    await button('Remove cat@example.com').click()
    await page.keyboard.press('Escape')
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Remove')
    await button('Remove cat@example.com').click()
    await expectGoodPage(page)
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click()
    await spoken('looks after').waitFor()
    await row('cat@example.com').waitFor({ state: 'detached' })
    expect(await roleOf('cat@example.com')).toBeUndefined()
    await page.locator('h1:focus').waitFor() // the row that had the focus is gone
  })

  it('keep their last owner, who is told why', async () => {
    await open()
    expect(await row('owner@example.com').getByText('You').count()).toBe(1)
    await button('Remove owner@example.com').click()
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click()
    const { name } = console.server.organisation
    const why = page
      .getByRole('alert')
      .getByText(
        `owner@example.com is the last owner of ${name}: make somebody else an owner first.`,
      )
    await why.waitFor()
    await expectGoodPage(page)
    await button('Keep').click()
    await button('Change role of owner@example.com').click()
    await page.getByRole('radio', { name: /^Viewer/ }).check()
    await button('Save').click()
    await why.waitFor()
    expect(await roleOf('owner@example.com')).toBe('owner')
  })

  it('of the platform are shown to its owners, who invite and remove each other', async () => {
    await console.server.operators.add(
      PLATFORM,
      { email: 'second@example.com', role: 'owner' },
      { actor: 'command-line' },
    )
    await open({ role: 'platform-owner' })
    await page.getByRole('table', { name: 'Platform owners' }).waitFor()
    await expectGoodPage(page)
    await button('Remove second@example.com from the platform').click()
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click()
    await row('second@example.com').waitFor({ state: 'detached' })
    await button('Remove platform-owner@example.com from the platform').click()
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click()
    await page.getByRole('alert').getByText('is the last owner of the platform').waitFor()
    await button('Keep').click()
    await button('Invite a platform owner').click()
    expect(await page.getByRole('dialog').getByRole('radio').count()).toBe(0)
    await page.getByLabel('E-mail address').fill('third@example.com')
    await button('Send the invitation').click()
    const invited = page.getByRole('region', { name: 'Invited to own the platform' })
    await invited.getByText('third@example.com').waitFor()
  })

  it('are only shown to who owns nothing', async () => {
    await open({ role: 'viewer' })
    expect(await button(/Invite|Change role|Remove/).count()).toBe(0)
    expect(await page.getByRole('table', { name: 'Platform owners' }).count()).toBe(0)
    await expectGoodPage(page)
  })
})
