// <foyer-sign-in> where the straight way ends: codes that are over, another address, policies, outages, refusals.

import { describe, expect, it } from '@jest/globals'
import type { Page } from 'playwright-core'
import { describeWithBrowser, phone } from '../support/browser.ts'
import {
  codeField,
  elementsForTest,
  focusIn,
  headingOn,
  nextCode,
  openShopOf,
  place,
  problemOn,
  sendAddress,
  signedIn,
  toldOn,
} from '../support/embedded-elements.ts'
import { freshAddress, wrongCode } from '../support/sign-in-pages.ts'
import { expectGoodView } from '../support/views.ts'

const MINUTE = 60_000

describeWithBrowser('<foyer-sign-in>, where', () => {
  const shop = elementsForTest()

  const press = (page: Page, name: string) => page.getByRole('button', { name }).click()
  const heading = (page: Page, text: string) => headingOn(page).filter({ hasText: text }).waitFor()

  describe('a code does not arrive', () => {
    it('counts the seconds down in silence, and sends another one after them', async () => {
      const { page, end } = await shop.open()
      await page.clock.install()
      const email = freshAddress()
      await sendAddress(page, email)
      const first = await shop.server.codeFor(email)
      const wait = page.getByRole('button', { name: /^New code in/ })
      expect(await wait.getAttribute('aria-disabled')).toBe('true')
      const isLive = await wait.evaluate((button) => button.closest('[aria-live], [role]') !== null)
      expect(isLive).toBe(false)
      await wait.dispatchEvent('click')
      expect(await shop.server.mails(email)).toHaveLength(1)
      await page.clock.fastForward(30_000)
      await page.getByRole('button', { name: /^New code in (29|30) s/ }).waitFor()
      await page.clock.fastForward(31_000)
      shop.server.clock.forward(61_000)
      await press(page, 'Send a new code')
      await page.getByText(`We sent a new code to ${email}.`).first().waitFor()
      expect(await focusIn(page)).toBe('code')
      await expectGoodView(page)
      expect(await shop.server.mails(email)).toHaveLength(2)
      await codeField(page).fill(first) // the one before stays good
      await signedIn(page)
      expect(await toldOn(page)).toEqual(['foyer-code-sent', 'foyer-code-sent', 'foyer-signed-in'])
      await end()
    })

    it('goes back to the address, which can be mended', async () => {
      const { page, email, end } = await shop.openAtCode()
      await press(page, 'Use another address')
      const field = page.getByLabel('E-mail address')
      expect(await field.inputValue()).toBe(email)
      expect(await focusIn(page)).toBe('email')
      const other = freshAddress()
      await sendAddress(page, other)
      await codeField(page).fill(await shop.server.codeFor(other))
      await signedIn(page)
      await end()
    })
  })

  describe('a code is over', () => {
    it('says that it has expired, and sends a new one', async () => {
      const { page, email, code, complaints, end } = await shop.openAtCode()
      shop.server.clock.forward(11 * MINUTE)
      await codeField(page).fill(code)
      await heading(page, 'That code has expired')
      expect(await focusIn(page)).toBe('That code has expired')
      await expectGoodView(page)
      await press(page, 'Send a new code')
      await codeField(page).waitFor()
      await codeField(page).fill(await nextCode(shop.server, email, code))
      await signedIn(page)
      expect(complaints).toEqual([])
      await end()
    })

    it('tells the tries left from two on, and begins again after the last', async () => {
      const { page, email, code, complaints, end } = await shop.openAtCode()
      const wrong = wrongCode(code)
      const left = ['', '', '', ' 2 tries left.', ' One try left.']
      for (const words of left.slice(1)) {
        await codeField(page).fill(wrong)
        await page
          .getByRole('alert')
          .filter({ hasText: `That code is not right.${words}` })
          .waitFor()
        expect(await problemOn(page)).toBe(`That code is not right.${words}`)
        await codeField(page).fill('')
      }
      await codeField(page).fill(wrong)
      await heading(page, 'Too many wrong codes')
      await expectGoodView(page)
      await press(page, 'Start again')
      expect(await page.getByLabel('E-mail address').inputValue()).toBe(email)
      await page.keyboard.press('Enter')
      await codeField(page).waitFor()
      await codeField(page).fill(await nextCode(shop.server, email, code))
      await signedIn(page)
      expect(complaints).toEqual([])
      await end()
    })
  })

  it('policies are due: names them, and nothing is accepted by a key too many', async () => {
    const other = await openShopOf(shop.browser, shop.server, { slug: 'policies' })
    const organisation = other.organisation._id
    const by = { actor: 'test' }
    const texts = { texts: { en: 'Read me' }, needsAcceptance: true }
    for (const kind of ['terms', 'privacy'] as const)
      await shop.server.policies.publish({ organisation, kind }, texts, by)
    await shop.server.policies.ask(organisation, ['terms', 'privacy'], by)

    const { page, code, complaints, end } = await other.openAtCode({ options: phone })
    await page.keyboard.type(code)
    await page.keyboard.press('Enter')
    await heading(page, 'Before you go on')
    await page.keyboard.press('Enter')
    await expectGoodView(page)
    const links = page.getByRole('link')
    expect(await links.allTextContents()).toEqual(['Terms of service', 'Privacy policy'])
    expect(await links.first().getAttribute('href')).toBe(`${other.baseUrl}/policies/terms/1`)
    expect(await toldOn(page)).toEqual(['foyer-code-sent'])
    await press(page, 'Agree and continue')
    await signedIn(page)
    expect(complaints).toEqual([])
    await end()
    await other.site.stop()
  })

  it('the connection breaks: says so, keeps what was typed, and goes on when it is back', async () => {
    const { page, code, end } = await shop.openAtCode()
    await page.context().setOffline(true)
    await codeField(page).fill(code)
    expect(await problemOn(page)).toContain('No connection')
    expect(await codeField(page).inputValue()).toBe(code)
    expect(await codeField(page).getAttribute('aria-invalid')).toBe('false')
    await page.context().setOffline(false)
    await press(page, 'Continue')
    await signedIn(page)
    const [, failure] = await page.evaluate(() => window.told)
    expect(failure?.[0]).toBe('foyer-error')
    await end()
  })

  it('the address is guessed at by too many: leads to the issuer, with the address', async () => {
    const settings = { guessBudget: 5, triesPerChallenge: 10 }
    const other = await openShopOf(shop.browser, shop.server, { slug: 'guessed', settings })
    const { page, email, code, end } = await other.openAtCode()
    for (let guess = 0; guess < 5; guess += 1) {
      await codeField(page).fill(wrongCode(code))
      await problemOn(page)
      await codeField(page).fill('')
    }
    await codeField(page).fill(code)
    await heading(page, 'One more step')
    await expectGoodView(page)
    expect(await page.getByText('you sign in at').first().textContent()).toContain('localhost')
    await press(page, 'Continue')
    await page.waitForURL(`${other.baseUrl}/sign-in/**`)
    expect(await page.getByRole('textbox').inputValue()).toBe(email)
    await end()
    await other.site.stop()
  })

  it('too many codes were asked for: says when to come back', async () => {
    const settings = { sendsPerSource: 1 }
    const other = await openShopOf(shop.browser, shop.server, { slug: 'busy', settings })
    const { page, end } = await other.openAtCode()
    await press(page, 'Use another address')
    await page.getByLabel('E-mail address').fill(freshAddress())
    await page.keyboard.press('Enter')
    expect(await problemOn(page)).toMatch(
      /^Too many tries\. Try again in (one minute|\d+ minutes)\.$/,
    )
    await end()
    await other.site.stop()
  })

  it('the page is not registered: says it plainly to people, and to developers what to do', async () => {
    const redirectUris = ['https://elsewhere.example/']
    const { client_id } = await shop.server.register({
      kind: 'browser',
      firstParty: true,
      redirectUris,
    })
    const { page, complaints, end } = await shop.open({ attributes: { 'client-id': client_id } })
    await page.getByLabel('E-mail address').fill(freshAddress())
    await page.keyboard.press('Enter')
    expect(await problemOn(page)).toBe('You cannot sign in on this page.')
    expect(complaints).toEqual([
      `Foyer: register ${shop.site.origin} as an origin of ${client_id}.`,
    ])
    await end()
  })

  it('somebody else’s answer comes back to the page: says so, and takes no focus', async () => {
    const { page, end } = await shop.open()
    const query = new URLSearchParams({ code: 'theirs', state: 'theirs', iss: shop.server.baseUrl })
    await page.goto(`${shop.site.origin}/?${query}`)
    await place(page, { attributes: shop.attributes })
    expect(await problemOn(page)).toBe('That did not work. Try again.')
    expect(await toldOn(page)).toEqual(['foyer-error'])
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('BODY')
    await end()
  })
})
