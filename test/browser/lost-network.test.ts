// Sign-in where the network is gone for a moment: nothing is sent twice, and nothing has to be done again.

import { expect, it } from '@jest/globals'
import {
  type BrowserWindow,
  describeWithBrowser,
  openWindow,
  phone,
  routeOnce,
} from '../support/browser.ts'
import { eventually } from '../support/eventually.ts'
import { placesForTest } from '../support/places.ts'
import { createRelyingParty } from '../support/relying-party.ts'
import { freshAddress, wrongCode } from '../support/sign-in-pages.ts'

describeWithBrowser('sign-in where the network fails', () => {
  const places = placesForTest()

  /** A window in front of the page that asks for the address. */
  async function open(): Promise<BrowserWindow> {
    const { callback } = places.application
    const client = await places.server.register({ firstParty: true, redirectUris: [callback] })
    const party = await createRelyingParty(places.server, client, callback)
    const window = await openWindow(places.browser, phone)
    await window.page.goto((await party.authorize()).url.href)
    return window
  }

  /** A window in front of the page that asks for the code. */
  async function openAtCode() {
    const email = freshAddress()
    const window = await open()
    await window.page.locator('#email').fill(email)
    await window.page.keyboard.press('Enter')
    await window.page.locator('#code').waitFor()
    return { ...window, code: await places.server.codeFor(email) }
  }

  it('keeps the address where the connection was gone as it was sent, and sends it when told to again', async () => {
    const email = freshAddress()
    const { page, end } = await open()
    await routeOnce(page, '**/email?*', (route) => route.abort('internetdisconnected'))
    const field = page.locator('#email')
    await field.fill(email)
    await Promise.all([page.waitForEvent('requestfailed'), page.keyboard.press('Enter')])
    await eventually(() => page.goBack()) // from what the browser shows in its place
    expect(await field.inputValue()).toBe(email)
    expect(await places.server.mails(email)).toEqual([])
    await field.press('Enter')
    await page.locator('#code').fill(await places.server.codeFor(email))
    await page.waitForURL(`${places.application.callback}*`)
    await end()
  })

  it('sends nothing anew where a page that said what was wrong is reloaded or come back to', async () => {
    const { page, code, end } = await openAtCode()
    const alert = page.getByRole('alert')
    await page.keyboard.type(wrongCode(code))
    await alert.waitFor()
    const sent: string[] = []
    page.on('request', (request) => sent.push(request.method()))
    await page.reload()
    expect(await alert.count()).toBe(0)
    await page.keyboard.type(wrongCode(code))
    await alert.waitFor()
    await page.goto('about:blank')
    await page.goBack()
    await page.locator('#code').fill(code)
    await page.waitForURL(`${places.application.callback}*`)
    expect(sent.filter((method) => method === 'POST')).toHaveLength(2)
    await end()
  })

  it('goes on where the connection was gone once the code was right', async () => {
    const { page, code, end } = await openAtCode()
    await page.route('**/code?*', async (route) => {
      await route.fetch({ maxRedirects: 0 })
      await route.abort('internetdisconnected')
    })
    await page.keyboard.type(code)
    await page.waitForEvent('requestfailed')
    await eventually(() => page.goBack()) // from what the browser shows in its place
    await page.waitForURL(`${places.application.callback}*`)
    await end()
  })
})
