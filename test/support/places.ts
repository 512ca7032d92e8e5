// Where people go when they sign in: an application, its issuer, and a browser that visits both.

import { afterAll, beforeAll } from '@jest/globals'
import type { Browser } from 'playwright-core'
import { type Application, startApplication } from './application.ts'
import { startBrowser } from './browser.ts'
import { startServer, type TestServer } from './server.ts'
import { roomyLimits } from './sign-in-pages.ts'

type Places = { application: Application; server: TestServer; browser: Browser }

/** For the tests of a `describe`; the issuer, on another site than the application, has room for many sign-ins. */
export function placesForTest(): Places {
  const places = {} as Places // whole before the first test begins
  beforeAll(async () => {
    places.application = await startApplication()
    places.server = await startServer()
    await places.server.changeSignIn(roomyLimits)
    places.browser = await startBrowser()
  })
  afterAll(async () => {
    await places.browser?.close()
    await places.server?.stop()
    await places.application?.stop()
  })
  return places
}
