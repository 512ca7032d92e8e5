// The console's API keys, in a real Chromium on the whole server: made and shown once, used, revoked.

import { expect, it } from '@jest/globals'
import type { Page } from 'playwright-core'
import { apiKeyScopes } from '../../src/services/operators/api-key-scopes.ts'
import { may, nouns, verbs } from '../../src/services/operators/roles.ts'
import { PLATFORM } from '../../src/stores/operator-roles.ts'
import { callerWith } from '../support/admin-api.ts'
import { describeWithBrowser } from '../support/browser.ts'
import { consoleForTest, heading, type Visit } from '../support/console.ts'
import { expectGoodPage } from '../support/views.ts'

describeWithBrowser('API keys in the console', () => {
  const console = consoleForTest()
  let page: Page

  async function open(path: string, visit: Visit = {}): Promise<void> {
    page = await console.visit(path, visit)
  }

  const button = (name: string | RegExp) => page.getByRole('button', { name })
  const check = (name: string) => page.getByRole('checkbox', { name, exact: true })
  const dialog = () => page.getByRole('dialog')
  const boxes = (more: string) =>
    page
      .getByRole('group', { name: 'Scopes' })
      .locator(`input[type=checkbox]${more}`)
      .evaluateAll((all) => all.map((each) => each.ariaLabel))

  it('A07: are shown once, work, and are refused once they are revoked', async () => {
    await open('/api-keys')
    await page.getByText('No program has a key').waitFor()
    await expectGoodPage(page)
    await page.getByRole('link', { name: 'New API key' }).first().click()
    await heading(page, 'New API key').waitFor()
    expect(await page.getByText('Where it works').count()).toBe(0)
    await button('Make the key').click()
    await page.getByRole('link', { name: 'Choose at least one scope.' }).click()
    await page.getByLabel('Name', { exact: true }).fill('Nightly <b>export</b>')
    await check('Clients: read').check()
    await expectGoodPage(page)
    await page.getByLabel('Name', { exact: true }).press('Enter')

    const shown = await dialog().getByText(/^fyk_/).textContent()
    await page.keyboard.press('Escape')
    await expectGoodPage(page)
    await button('I have stored it').click()
    await heading(page, 'API keys').waitFor()
    const row = page.getByRole('row').filter({ hasText: 'Nightly <b>export</b>' })
    await row.getByText('Viewer, one scope').click()
    await row.getByText('Clients: read', { exact: true }).waitFor()
    await expectGoodPage(page)
    expect(await page.content()).not.toContain(shown?.slice(4, -4))

    const program = callerWith(console.server, shown ?? '')
    const clients = `/organisations/${console.server.organisation.slug}/clients`
    expect((await program('GET', clients)).status).toBe(200)
    await row.getByRole('link', { name: 'What it did: Nightly <b>export</b>' }).click()
    await page.waitForURL(/\/audit\?actor=key_/)
    await page.goBack()
    await button('Revoke Nightly <b>export</b>').click()
    await expectGoodPage(page)
    await button('Revoke it').click()
    await page.getByText('No program has a key').waitFor()
    expect((await program('GET', clients)).status).toBe(401)
  })

  it('offer each scope that there is, and to a role those that it can use', async () => {
    await open('/api-keys/new')
    for (const [label, role] of [
      ['Viewer', 'viewer'],
      ['Editor', 'editor'],
      ['Owner', 'owner'],
    ] as const) {
      await page.getByRole('radio', { name: new RegExp(`^${label}`) }).check()
      const useful = nouns.flatMap((noun) => {
        const held = verbs.filter((verb) => may(role, verb, noun))
        return [
          ...(held.includes('read') ? [`${noun}:read`] : []),
          ...(held.some((verb) => verb !== 'read') ? [`${noun}:write`] : []),
        ]
      })
      expect(await boxes(':enabled')).toHaveLength(useful.length)
    }
    for (const box of await boxes('')) await check(box ?? '').check()
    await page.getByLabel('Name', { exact: true }).fill('Everything')
    await button('Make the key').click()
    await dialog().getByText(/^fyk_/).waitFor()
    const made = await console.server.apiKeys.list(console.server.organisation._id)
    expect(made.find(({ name }) => name === 'Everything')?.scopes).toEqual([...apiKeyScopes])
  })

  it('for all organisations are a platform owner’s', async () => {
    await open('/api-keys/new', { role: 'platform-owner' })
    await page.getByLabel('Name', { exact: true }).fill('Provisioning')
    await page.getByRole('radio', { name: /^In all organisations/ }).check()
    await check('Organisation: read').check()
    await button('Make the key').click()
    await button('I have stored it').click()
    const table = page.getByRole('table', { name: 'API keys in all organisations' })
    await table.getByText('Provisioning', { exact: true }).waitFor()
    await expectGoodPage(page)
    expect(await console.server.apiKeys.list(PLATFORM)).toMatchObject([{ name: 'Provisioning' }])
  })

  it('are nothing that an editor sees', async () => {
    await open('/api-keys', { role: 'editor' })
    await heading(page, 'Nothing here').waitFor()
    expect(await page.getByRole('link', { name: 'API keys' }).count()).toBe(0)
  })
})
