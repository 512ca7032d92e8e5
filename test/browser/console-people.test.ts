// Looking after people in the console, in a real Chromium: customers, their accounts, and where they are signed in.

import { beforeAll, describe, expect, it } from '@jest/globals'
import type { Page } from 'playwright-core'
import { type Call, programOf } from '../support/admin-api.ts'
import { describeWithBrowser, sidewaysScroll } from '../support/browser.ts'
import { consoleForTest, heading, type Visit } from '../support/console.ts'
import { eventually } from '../support/eventually.ts'
import { isSignedIn, signedInPerson, tokensFor } from '../support/journeys.ts'
import { freshAddress } from '../support/sign-in-pages.ts'
import { expectGoodPage } from '../support/views.ts'

type Customer = {
  id: string
  given_name: string | null
  address: object | null
  account: object | null
}
type Found = { items: { id: string; customer_id: string | null }[] }

describeWithBrowser('people in the console', () => {
  const running = consoleForTest()
  let call: Call
  let here: string
  let page: Page

  beforeAll(async () => {
    here = `/organisations/${running.server.organisation.slug}`
    call = await programOf(running.server, { role: 'owner' })
  })

  async function open(path: string, visit: Visit = {}): Promise<void> {
    page = await running.visit(path, visit)
  }
  const button = (name: string | RegExp) => page.getByRole('button', { name })
  const field = (name: string | RegExp) => page.getByLabel(name)
  const dialog = () => page.getByRole('dialog')
  const focused = () => page.evaluate(() => document.activeElement?.textContent ?? '')
  const part = (name: string) => page.getByRole('region', { name })

  /** Also where the rail leaves a table the least room. */
  async function expectToFit(): Promise<void> {
    for (const width of [768, 961, 1024]) {
      await page.setViewportSize({ width, height: 900 })
      expect([width, await sidewaysScroll(page)]).toEqual([width, 0])
    }
  }

  async function made(body: object = {}): Promise<string> {
    const answer = await call<Customer>('POST', `${here}/customers`, {
      body: { email: freshAddress(), ...body },
    })
    return answer.data.id
  }
  const kept = async (id: string) => (await call<Customer>('GET', `${here}/customers/${id}`)).data
  async function accountOf(email: string) {
    const { data } = await call<Found>('GET', `${here}/accounts?q=${encodeURIComponent(email)}`)
    return { id: data.items[0]?.id ?? '', customer: data.items[0]?.customer_id ?? '' }
  }

  /** Refused, since the customer was changed; what is shown is read again beside what is being written. */
  async function linkTooLate(): Promise<void> {
    await button('Link an account').click()
    await dialog().getByRole('searchbox').fill('editor@')
    await dialog().getByRole('radio', { name: 'editor@example.com' }).check()
    await button('Link account').click()
    await dialog().getByText('This was changed since you read it').waitFor()
    await button('Cancel').click()
    await heading(page, 'Theirs').waitFor()
  }

  describe('customers', () => {
    it('are made, with everything that is wrong said at its field', async () => {
      await open('/customers', { role: 'editor' })
      await page.getByRole('link', { name: 'New customer' }).first().click()
      await heading(page, 'New customer').waitFor()
      await field('Telephone').fill('020 7123 4567')
      await field('City').fill('London')
      await button('Create customer').click()
      expect(await page.getByRole('alert').getByRole('link').allTextContents()).toEqual([
        'Enter an e-mail address.',
        'Write the number with its country, such as +44 20 7123 4567.',
        'An address needs its first line.',
        'An address needs a country.',
      ])
      await expectGoodPage(page)
      await field('E-mail address').fill('Ida.Vance@example.org')
      await field('Given name').fill('Ida <b>')
      await field('Family name').fill('Vance')
      await field('Telephone').fill('+44 (20) 7123-4567')
      await field('First line').fill('1 High Street')
      await field('Country').selectOption({ label: 'United Kingdom' })
      await field('Time zone').selectOption('Europe/London')
      await button('Create customer').click()
      await heading(page, 'Ida <b> Vance').waitFor()
      await page.getByText('Nobody signs in as this customer.').waitFor()
      await expectGoodPage(page)
      const { data } = await call<{ items: object[] }>('GET', `${here}/customers?q=ida.vance@`)
      expect(data.items).toMatchObject([
        {
          email: 'Ida.Vance@example.org',
          phone: '+442071234567',
          time_zone: 'Europe/London',
          address: { line1: '1 High Street', city: 'London', country: 'GB' },
        },
      ])
    })

    it('are found by name in an address that can be kept, page by page, and by Ctrl-K', async () => {
      for (let count = 0; count < 21; count += 1)
        await made({
          given_name: `Nr ${String(count).padStart(2, '0')}`,
          family_name: 'Quillfeather',
        })
      await open('/customers', { role: 'viewer' })
      await field('Look for a customer').fill('QUILLF')
      await page.waitForURL('**/customers?q=QUILLF')
      await page.getByRole('link', { name: 'Nr 00 Quillfeather' }).waitFor()
      await expectGoodPage(page)
      await page.getByRole('link', { name: 'Next' }).click()
      await page.getByRole('link', { name: 'Nr 20 Quillfeather' }).waitFor()
      await page.reload()
      await page.getByRole('link', { name: 'Nr 20 Quillfeather' }).waitFor()
      expect(await page.getByRole('link', { name: 'New customer' }).count()).toBe(0)
      await page.keyboard.press('Control+k')
      await dialog().getByRole('combobox').fill('nr 07')
      await page.getByRole('option', { name: /Nr 07 Quillfeather/ }).click()
      await heading(page, 'Nr 07 Quillfeather').waitFor()
      await part('Profile').getByText('Quillfeather').waitFor()
      await expectGoodPage(page)
      for (const name of ['Link an account', 'Save', 'Erase'])
        expect(await button(name).count()).toBe(0)
      await page.goto(running.at('/customers/new'))
      await heading(page, 'Nothing here').waitFor()
    })

    it('are changed, and whoever writes on an older version keeps nothing of another’s', async () => {
      const id = await made({ given_name: 'Before', phone: '+442071234567' })
      await open(`/customers/${id}`, { role: 'editor' })
      await field('Given name').fill('After')
      await button('Save').click()
      await heading(page, 'After').waitFor()

      await field('Given name').fill('Mine')
      await call('PATCH', `${here}/customers/${id}`, {
        body: { phone: null, given_name: 'Theirs' },
      })
      await linkTooLate()
      await button('Save').click()
      await page.locator(':focus').getByText('Somebody else has changed this').waitFor()
      await expectGoodPage(page)
      await button('Show theirs').click()
      await heading(page, 'Theirs').waitFor()
      await eventually(async () => expect(await field('Telephone').inputValue()).toBe(''))
      await field('First line').fill('2 Low Road')
      await field('City').fill('Ghent')
      await field('Country').selectOption('BE')
      await button('Save').click()
      await page.getByText('Theirs is changed.').last().waitFor()
      expect(await kept(id)).toMatchObject({ given_name: 'Theirs', address: { country: 'BE' } })
      for (const name of ['First line', 'City']) await field(name).fill('')
      await field('Country').selectOption('')
      await button('Save').click()
      await button('Save').waitFor({ state: 'detached' })
      expect(await kept(id)).toMatchObject({ address: null })
    })

    it('are linked to an account that is looked up, and unlinked with what they will notice', async () => {
      const { email } = await signedInPerson(running.server)
      const { id: account, customer } = await accountOf(email)
      const other = await made({ given_name: 'Linked', family_name: 'Later' })
      await open(`/customers/${customer}`, { role: 'editor' })
      await button('Unlink').click()
      await dialog()
        .getByText(/no profile, no orders, no bookings/)
        .waitFor()
      await expectGoodPage(page)
      await button('Unlink account').click()
      await page.getByText('Nobody signs in as this customer.').waitFor()
      expect(await kept(customer)).toMatchObject({ account: null })

      await page.goto(running.at(`/customers/${other}`))
      await button('Link an account').click()
      await button('Link account').click()
      await dialog().getByRole('searchbox').fill(email)
      await dialog().getByRole('radio', { name: email }).check()
      await expectGoodPage(page)
      await button('Link account').click()
      await page.getByRole('link', { name: account }).waitFor()
      expect(await kept(other)).toMatchObject({ account: { id: account } })
    })

    it('are erased by owners alone, by their name, with what is kept said first', async () => {
      const { email } = await signedInPerson(running.server)
      const { customer } = await accountOf(email)
      await open(`/customers/${customer}`, { role: 'editor' })
      await heading(page, email).waitFor()
      await part('Profile').waitFor()
      expect(await button('Erase').count()).toBe(0)

      await open(`/customers/${customer}`, { role: 'owner' })
      await button('Erase').click()
      await dialog()
        .getByText(/orders and bookings, which no longer say whose/)
        .waitFor()
      await expectGoodPage(page)
      await button('Erase customer').click()
      await dialog().getByText(`Type ${email}, exactly`).waitFor()
      await dialog().getByRole('textbox').fill(email)
      await button('Erase customer').click()
      await heading(page, 'Customers').waitFor()
      expect((await call('GET', `${here}/customers/${customer}`)).status).toBe(404)
      expect(await accountOf(email)).toEqual({ id: '', customer: '' })
    })
  })

  describe('an account', () => {
    it('shows where somebody is signed in and what they allowed, and loses both', async () => {
      const { server } = running
      const person = await signedInPerson(server)
      const client = await server.register({ kind: 'browser', name: 'Third party' })
      await tokensFor(server, person, { client, parameters: { scope: 'openid profile:read' } })
      const { id } = await accountOf(person.email)
      await open('/accounts', { role: 'editor' })
      await expectGoodPage(page)
      await field('Look for an account').fill(person.email)
      await page.waitForURL('**/accounts?q=*')
      await page.getByRole('link', { name: person.email, exact: true }).click()
      await heading(page, person.email).waitFor()
      await part('Applications').getByText('openid profile:read').waitFor()
      await expectGoodPage(page)
      await expectToFit()

      await button('Remove the permission of Third party').click()
      await expectGoodPage(page)
      await button('Remove permission').click()
      await page.getByText('Third party has no permission any more.').last().waitFor()
      await button('Remove the permission of Third party').waitFor({ state: 'detached' })
      await eventually(async () => expect(await focused()).toBe(person.email))

      await button('Sign out everywhere').click()
      await dialog()
        .getByText(/One session ends/)
        .waitFor()
      await button('Sign out').last().click()
      await page.getByText('They are signed in nowhere just now.').waitFor()
      expect(await isSignedIn(server, person.agent)).toBe(false)
      expect((await call('GET', `${here}/accounts/${id}`)).data).toMatchObject({ live_sessions: 0 })
    })

    it('is disabled, enabled, and erased by owners alone', async () => {
      const { email } = await signedInPerson(running.server)
      const { id, customer } = await accountOf(email)
      await open(`/accounts/${id}`, { role: 'owner' })
      await button('Disable').click()
      await expectGoodPage(page)
      await button('Disable account').click()
      await page.getByText('Disabled', { exact: true }).waitFor()
      expect((await call('GET', `${here}/accounts/${id}`)).data).toMatchObject({
        disabled_at: expect.any(String),
      })
      await button('Enable').click()
      await page.getByText('Active', { exact: true }).waitFor()
      await button('Erase').click()
      await dialog().getByRole('textbox').fill(email)
      await expectGoodPage(page)
      await button('Erase account').click()
      await heading(page, 'Accounts').waitFor()
      expect((await call('GET', `${here}/customers/${customer}`)).status).toBe(404)
    })

    it('that is the operator’s own says so before they lock themselves out', async () => {
      await open('/accounts', { role: 'owner' })
      await page.keyboard.press('Control+k')
      await dialog().getByRole('combobox').fill('owner@')
      await page.getByRole('option', { name: 'owner@example.com Account' }).click()
      await heading(page, 'owner@example.com').waitFor()
      await button('Disable').click()
      await dialog()
        .getByText(/cannot come back by yourself/)
        .waitFor()
    })
  })

  describe('sessions', () => {
    it('are listed for all and for one account, and end one by one', async () => {
      const one = await signedInPerson(running.server)
      const two = await signedInPerson(running.server)
      await open('/sessions', { role: 'editor' })
      await page.getByRole('link', { name: one.email }).waitFor()
      await expectGoodPage(page)
      await expectToFit()
      await button('Only those of one account').click()
      await dialog().getByRole('searchbox').fill(two.email)
      await dialog().getByRole('radio', { name: two.email }).check()
      await expectGoodPage(page)
      await button('Show them').click()
      await page.waitForURL('**/sessions?account=acc_*')
      await page.getByText(`Only those of ${two.email}`).waitFor()
      await page.getByRole('link', { name: one.email }).waitFor({ state: 'detached' })
      await button(new RegExp(`^End the session of ${two.email}`)).click()
      await expectGoodPage(page)
      await button('End session').click()
      await page.getByText('Nothing fits what you are looking for.').waitFor()
      expect(await isSignedIn(running.server, two.agent)).toBe(false)
      expect(await isSignedIn(running.server, one.agent)).toBe(true)
      await button('Show everything').click()
      await page.getByRole('link', { name: one.email }).waitFor()
    })

    it('are only looked at by a viewer', async () => {
      await open('/sessions', { role: 'viewer' })
      await page.getByRole('link', { name: 'viewer@example.com' }).first().waitFor()
      expect(await button(/^End/).count()).toBe(0)
    })
  })
})
