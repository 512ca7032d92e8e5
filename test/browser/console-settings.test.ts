// The settings of an organisation in the console, in a real Chromium: each page changed, refused and looked at.

import { expect, it } from '@jest/globals'
import type { Page } from 'playwright-core'
import { MINUTE } from '../../src/shared/clock.ts'
import { programOf } from '../support/admin-api.ts'
import { describeWithBrowser } from '../support/browser.ts'
import { consoleForTest, heading, type Visit } from '../support/console.ts'
import { eventually } from '../support/eventually.ts'
import { metadata, send } from '../support/registration.ts'
import { expectGoodPage } from '../support/views.ts'

describeWithBrowser('the settings in the console', () => {
  const console = consoleForTest()
  let page: Page

  async function open(path: string, visit: Visit = {}): Promise<void> {
    page = await console.visit(path, visit)
  }

  /** A page of another organisation, as a platform owner. */
  async function openIn(slug: string, path: string, name: string): Promise<void> {
    await open('', { role: 'platform-owner' })
    await page.goto(`${console.server.baseUrl}/admin/o/${slug}${path}`)
    await heading(page, name).waitFor()
  }

  const button = (name: string | RegExp) => page.getByRole('button', { name })
  const field = (name: string) => page.getByLabel(name, { exact: true })
  const spoken = (text: string | RegExp) => page.getByRole('status').filter({ hasText: text })
  const save = () => page.getByRole('button', { name: 'Save', exact: true }).click()
  const alert = () => page.getByRole('alert')
  const here = () => console.server.organisations.read(console.server.organisation._id)

  it('change what is named, and keep what was entered beside what somebody else changed', async () => {
    await open('/settings')
    await field('Name').waitFor()
    await expectGoodPage(page)
    await page.getByLabel('Support address').fill('not an address')
    await save()
    await alert().getByText('The support address must be an e-mail address.').waitFor()
    await page.getByLabel('Support address').fill('help@example.com')
    await page.getByRole('radio', { name: /Only who is known/ }).check()
    await save()
    await spoken('Saved.').waitFor()
    expect(await here()).toMatchObject({ signUp: 'closed', supportEmail: 'help@example.com' })

    const program = await programOf(console.server, { role: 'platform-owner' })
    const { slug } = console.server.organisation
    await program('PATCH', `/organisations/${slug}`, { body: { currency: 'CHF' } })
    await page.getByLabel('Sender name').fill('The shop')
    await save()
    await page
      .locator(':focus')
      .getByText(/Somebody else has changed this/)
      .waitFor()
    await page.waitForFunction(
      () => document.querySelector<HTMLSelectElement>('[name=currency]')?.value === 'CHF',
    )
    expect(await page.getByLabel('Sender name').inputValue()).toBe('The shop')
    await expectGoodPage(page)
    await button('Keep mine').click()
    await save()
    // What was said of the first save may still stand there.
    await eventually(async () =>
      expect(await here()).toMatchObject({ currency: 'CHF', mailSender: { name: 'The shop' } }),
    )
  })

  it('write times as people do, stay in range, and go back to the default', async () => {
    await open('/settings/sign-in')
    expect(await field('Life of a code').inputValue()).toBe('10m')
    const labels = await page.locator('.setting-row label').allTextContents()
    expect(labels.filter((label) => !/^[A-Z]/.test(label))).toEqual([]) // none by its name alone
    await field('Life of a code').fill('soon')
    await field('Access token').fill('2h')
    await save()
    expect(await alert().getByRole('link').allTextContents()).toEqual([
      'Life of a code: write a time, such as 90s, 10m, 12h or 14d.',
      'Access token: 1h is the most.',
    ])
    await expectGoodPage(page)
    await field('Life of a code').fill('5m')
    await button('Back to 1h: Access token').click()
    expect(await field('Access token').inputValue()).toBe('1h')
    await save()
    await spoken('Saved.').waitFor()
    expect((await here())?.signIn).toEqual({ codeLife: 5 * MINUTE })
    await button('Back to 10m: Life of a code').click()
    await save()
    await eventually(async () => expect((await here())?.signIn).toEqual({}))
  })

  it('say in the words of the page why a code could be guessed', async () => {
    await open('/settings/sign-in')
    await field('Wrong codes of an address').fill('100')
    await save()
    await alert()
      .getByText(/a chance of 1 in .*Lower “Wrong codes of an address”/)
      .waitFor()
    await expectGoodPage(page)
    expect((await here())?.signIn ?? {}).toEqual({})
  })

  it('show the DNS record before it is checked, and take and release a host', async () => {
    const { organisation } = await console.server.addOrganisation('tavern')
    await openIn('tavern', '/settings/domain', 'Domain')
    await field('Host').fill('id.tavern.invalid')
    await button('Show the record').click()
    await spoken('The record is not there yet').waitFor()
    await page.getByText('_foyer.id.tavern.invalid').waitFor()
    await button('Check again').click()
    await spoken(/not there yet\..*not there yet\./).waitFor() // said again
    await button('Copy the value').click()
    expect(await page.evaluate(() => navigator.clipboard.readText())).toMatch(
      /^foyer-organisation=/,
    )
    expect(page.url()).toContain('?host=id.tavern.invalid')
    expect(await button(/^Take/).count()).toBe(0)
    await expectGoodPage(page)

    await field('Host').fill('tavern.localhost')
    await button('Show the record').click()
    await button('Take tavern.localhost').click()
    await page.getByText('Access tokens that name the old one are refused.').waitFor()
    await expectGoodPage(page)
    await button('Take the host').click()
    await spoken(/The issuer is http:\/\/tavern\.localhost/).waitFor()
    const taken = await console.server.organisations.read(organisation._id)
    expect(taken?.host).toMatch(/^tavern\.localhost/)

    await page.getByRole('button', { name: 'Release', exact: true }).click()
    await page.getByText(/answers 404 within two seconds/).waitFor()
    await expectGoodPage(page)
    await page.getByLabel(/to confirm/).fill(String(taken?.host))
    await button('Release the host').click()
    await spoken('is released').waitFor()
    expect((await console.server.organisations.read(organisation._id))?.host).toBeUndefined()
  })

  it('let applications register themselves, with a token that is shown once and revoked', async () => {
    await open('/settings/registration')
    await page.getByText('There is no token.').waitFor()
    await expectGoodPage(page)
    await page.getByRole('switch', { name: 'Applications can register themselves' }).check()
    await page.getByLabel('Hosts to which').fill('https://app.example.com')
    await save()
    await alert()
      .getByRole('link', { name: /^One of the hosts is no host name/ })
      .waitFor()
    await page.getByLabel('Hosts to which').fill('app.example.com')
    await page.getByRole('checkbox', { name: /^Machine/ }).check()
    await save()
    await spoken('Registration is on').waitFor()
    await page.getByText(`${console.server.baseUrl}/oauth/register`).waitFor()

    await button('New token').click()
    await button('Make the token').click()
    await alert().getByRole('link', { name: 'Give it a name.' }).waitFor()
    await expectGoodPage(page)
    await field('Name').fill('Partners')
    await field('Registrations').fill('2')
    await button('Make the token').click()
    const dialog = page.getByRole('dialog', { name: 'The new token' })
    await expectGoodPage(page)
    const token = (await dialog.getByText(/^fyr_/).textContent()) ?? ''
    await button('I have stored it').click()
    const registered = await send(`${console.server.baseUrl}/oauth/register`, {
      token,
      body: metadata(),
    })
    expect(registered.status).toBe(201)
    await page.reload()
    await page.getByRole('cell', { name: '1 of 2' }).waitFor()
    await expectGoodPage(page)
    await button('Revoke Partners').click()
    await button('Revoke it').click()
    await page.getByText('There is no token.').waitFor()
  })

  it('remove an organisation by its slug, and restore it', async () => {
    await console.server.addOrganisation('closing')
    await openIn('closing', '/settings/end', 'Removal')
    await page.getByText(/Now: 0 sessions/).waitFor()
    await expectGoodPage(page)
    await page.getByRole('button', { name: 'Remove', exact: true }).click()
    await page.getByLabel('Type “closing” to confirm').fill('The closing')
    await button('Remove organisation').click()
    await page.getByText('Type closing, exactly as it stands here.').waitFor()
    await expectGoodPage(page)
    await page.getByLabel('Type “closing” to confirm').fill('closing')
    await button('Remove organisation').click()
    await heading(page, 'Removed organisations').waitFor()
    await button('Restore The closing').click()
    await alert().getByText('Its sessions are still being ended').waitFor()
    await expectGoodPage(page)
    console.server.clock.forward(MINUTE)
    await console.server.jobs.runDue()
    await button('Restore The closing').click()
    await heading(page, 'Overview').waitFor()
    expect(await console.server.organisations.findBySlug('closing')).toBeDefined()
  })

  it('are only looked at by who may not change them', async () => {
    await open('/settings', { role: 'viewer' })
    for (const path of [
      '/settings',
      '/settings/domain',
      '/settings/sign-in',
      '/settings/registration',
    ]) {
      await page.goto(console.at(path))
      await page.locator('dl.facts').first().waitFor()
      await expectGoodPage(page)
      expect(await page.locator('main :is(input, select, textarea)').count()).toBe(0)
    }
    expect(await page.getByRole('link', { name: 'Removal' }).count()).toBe(0)
    await page.goto(console.at('/settings/end'))
    await heading(page, 'Nothing here').waitFor()
  })
})
