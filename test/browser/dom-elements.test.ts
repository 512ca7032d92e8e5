// <foyer-sign-in> as people meet it: on a page of another site with the strictest policy, by keyboard alone, in every view.

import { describe, expect, it } from '@jest/globals'
import { describeWithBrowser, desk, phone } from '../support/browser.ts'
import {
  codeField,
  elementsForTest,
  focusIn,
  headingOn,
  place,
  problemOn,
  sendAddress,
  signedIn,
  toldOn,
} from '../support/embedded-elements.ts'
import { freshAddress, roomyLimits, wrongCode } from '../support/sign-in-pages.ts'
import { expectGoodView } from '../support/views.ts'

describeWithBrowser('<foyer-sign-in>', () => {
  const shop = elementsForTest()

  const views = [phone, desk].flatMap((screen) =>
    (['light', 'dark'] as const).map((colorScheme) => ({ ...screen, colorScheme })),
  )
  const nameOf = ({ viewport, colorScheme }: (typeof views)[number]) =>
    `${viewport.width} pixels wide, ${colorScheme}`

  it.each(views.map((view) => [nameOf(view), view] as const))(
    '%s, is done with the keyboard alone, and its page’s policy has nothing to complain of',
    async (_name, options) => {
      const window = await shop.open({ options, attributes: { theme: 'auto' } })
      const { page, complaints } = window
      const email = freshAddress()
      await page.getByLabel('E-mail address').waitFor()
      await expectGoodView(page)

      await page.keyboard.press('Tab')
      expect(await focusIn(page)).toBe('email')
      await page.keyboard.type('nobody')
      await page.keyboard.press('Enter')
      expect(await problemOn(page)).toContain('cannot write to this address')
      expect(await focusIn(page)).toBe('email')
      await expectGoodView(page)

      await page.keyboard.type(email) // what was wrong is selected
      await page.keyboard.press('Enter')
      await codeField(page).waitFor()
      expect(await focusIn(page)).toBe('code')
      expect(await page.getByRole('status').textContent()).toContain(`We sent a code to ${email}`)
      await expectGoodView(page)

      const code = await shop.server.codeFor(email)
      await page.keyboard.type(wrongCode(code))
      expect(await problemOn(page)).toBe('That code is not right.')
      expect(await focusIn(page)).toBe('code')
      await expectGoodView(page)

      await page.keyboard.type(code)
      await signedIn(page)
      expect(await page.getByRole('status').textContent()).toBe('You are signed in.')
      expect(await headingOn(page).count()).toBe(0)
      await expectGoodView(page)
      expect(await toldOn(page)).toEqual(['foyer-code-sent', 'foyer-error', 'foyer-signed-in'])
      expect(complaints).toEqual([])
      await window.end()
    },
  )

  it('ties label and mistake to the field, for those who do not see them', async () => {
    const { page, code, end } = await shop.openAtCode()
    const field = page.getByLabel('6-digit code')
    expect(await field.getAttribute('aria-invalid')).toBe(null)
    await field.fill(wrongCode(code))
    await problemOn(page)
    expect(await field.getAttribute('aria-invalid')).toBe('true')
    const described = await field.evaluate((input) => {
      const root = input.getRootNode() as ShadowRoot // the element's
      return root.getElementById(input.getAttribute('aria-describedby') ?? '')?.textContent
    })
    expect(described).toBe('That code is not right.')
    await end()
  })

  describe('takes a code', () => {
    it.each([
      ['with spaces', (code: string) => ` ${code.slice(0, 3)} ${code.slice(3)} `],
      ['with a hyphen', (code: string) => `${code.slice(0, 3)}-${code.slice(3)}`],
      ['in a sentence', (code: string) => `Your code: ${code}.`],
      ['in full-width digits', (code: string) => moved(code, 0xff10)],
      ['in Arabic digits', (code: string) => moved(code, 0x660)],
      ['in Persian digits', (code: string) => moved(code, 0x6f0)],
    ])('that is pasted %s, and sends it by itself', async (_name, written) => {
      const { page, code, end } = await shop.openAtCode()
      await page.keyboard.insertText(written(code))
      await signedIn(page)
      await end()
    })

    it('that the browser fills in', async () => {
      const { page, code, end } = await shop.openAtCode()
      const field = codeField(page)
      expect(await field.getAttribute('autocomplete')).toBe('one-time-code')
      expect(await field.getAttribute('inputmode')).toBe('numeric')
      await field.evaluate((input: HTMLInputElement, filled) => {
        input.value = filled
        input.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true }))
      }, code)
      await signedIn(page)
      await end()
    })

    it('not before it is complete, and says how long one is', async () => {
      const { page, code, end } = await shop.openAtCode()
      await page.keyboard.type(code.slice(0, 4))
      await page.keyboard.press('Enter')
      expect(await problemOn(page)).toBe('The code has 6 digits.')
      await page.keyboard.type(code)
      await signedIn(page)
      await end()
    })

    it('of eight digits', async () => {
      await shop.server.changeSignIn({ ...roomyLimits, codeLength: 8 })
      const { page, code, end } = await shop.openAtCode()
      expect(await page.getByLabel('8-digit code').count()).toBe(1)
      await page.keyboard.type(code)
      await signedIn(page)
      await shop.server.changeSignIn(roomyLimits)
      await end()
    })
  })

  it('is drawn once: who types while it is being found out who is there goes on typing', async () => {
    const { page, end } = await shop.open()
    await page.getByLabel('E-mail address').waitFor()
    await page.clock.install()
    await page.clock.pauseAt(Date.now() + 1000) // other tabs are asked, and time stands still
    await page.goto(shop.site.origin)
    await place(page, { attributes: shop.attributes })
    const field = page.locator('input[name=email]')
    expect(await field.isVisible()).toBe(false)
    await field.evaluate((input) => input.setAttribute('data-first', ''))
    await page.clock.resume()
    await page.getByLabel('E-mail address').waitFor()
    expect(await field.getAttribute('data-first')).toBe('')
    await end()
  })

  it('sends nothing twice, however often Enter is pressed', async () => {
    const { page, end } = await shop.open()
    let asked = 0
    await page.route('**/oauth/challenge', async (route) => {
      asked += 1
      await route.continue()
    })
    await page.getByLabel('E-mail address').fill(freshAddress())
    for (let press = 0; press < 5; press += 1) await page.keyboard.press('Enter')
    await codeField(page).waitFor()
    expect(asked).toBe(1)
    await end()
  })

  it('keeps its height while it waits, and its button moves', async () => {
    const { page, end } = await shop.open()
    const moving = () =>
      page.getByRole('button').evaluate((button) => button.getAnimations().length)
    const height = () => page.locator('foyer-sign-in').evaluate(({ clientHeight }) => clientHeight)
    const { promise: answered, resolve: answer } = Promise.withResolvers<void>()
    await page.route('**/oauth/challenge', async (route) => {
      await answered
      await route.continue()
    })
    await page.getByLabel('E-mail address').fill(freshAddress())
    const before = await height()
    expect(await moving()).toBe(0)
    await page.keyboard.press('Enter')
    await page.getByRole('status').filter({ hasText: 'One moment' }).waitFor({ state: 'attached' })
    expect(await height()).toBe(before)
    expect(await moving()).toBe(1)
    await expectGoodView(page)
    answer()
    await codeField(page).waitFor()
    await end()
  })

  it('shows what the page put into its slot once somebody is signed in, with the focus on it', async () => {
    const { page, code, end } = await shop.openAtCode({ content: 'Welcome back' })
    expect(await page.getByText('Welcome back').isVisible()).toBe(false)
    await page.keyboard.type(code)
    await page.getByText('Welcome back').waitFor()
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Welcome back')
    await expectGoodView(page)
    await end()
  })

  it('shares one client with the other elements of its page, by issuer and client id', async () => {
    const { page, code, end } = await shop.openAtCode()
    await place(page, { attributes: shop.attributes })
    await place(page, { tag: 'foyer-account', attributes: shop.attributes })
    await codeField(page).fill(code)
    await page.locator('foyer-account [part=button]').waitFor()
    expect(await page.locator('input').count()).toBe(0)
    const isOne = await page.evaluate(() => {
      const [first, ...others] = document.querySelectorAll<Element & { client?: unknown }>(
        'foyer-sign-in, foyer-account',
      )
      return others.every(({ client }) => client === first?.client)
    })
    expect(isOne).toBe(true)
    await end()
  })

  it('begins again when somebody signs out, and is done when another tab signs in', async () => {
    const { page, end } = await shop.open()
    await page.getByLabel('E-mail address').waitFor()
    const other = await page.context().newPage()
    await other.goto(shop.site.origin)
    await place(other, { attributes: shop.attributes })
    const email = freshAddress()
    await sendAddress(other, email)
    await codeField(other).fill(await shop.server.codeFor(email))
    await signedIn(page)
    await page.evaluate(() =>
      document
        .querySelector<Element & { client: { signOut(): Promise<void> } }>('foyer-sign-in')
        ?.client.signOut(),
    )
    for (const tab of [page, other]) {
      await tab.getByLabel('E-mail address').waitFor()
      expect(await tab.getByRole('status').textContent()).toBe('')
    }
    await end()
  })
})

/** The digits of another script, whose zero is given. */
function moved(code: string, zero: number): string {
  return code.replace(/\d/g, (digit) => String.fromCharCode(zero + Number(digit)))
}
