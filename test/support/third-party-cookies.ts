// Cookies of other sites: blocked on a page, as most browsers do it, and proven to be.

import { once } from 'node:events'
import { createServer } from 'node:http'
import type { Page } from 'playwright-core'

/** From now on the page neither sends nor keeps them, whatever they say of themselves. */
export async function blockThirdPartyCookies(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page)
  await session.send('Network.enable')
  await session.send('Network.setCookieControls', {
    enableThirdPartyCookieRestriction: true,
  })
}

/** What another site, on localhost, gets of a cookie that it gave this page: `undefined` where it was refused. */
export async function thirdPartyCookieOf(page: Page): Promise<string | undefined> {
  const seen: (string | undefined)[] = []
  const server = createServer((request, response) => {
    seen.push(request.headers.cookie)
    response.writeHead(200, {
      'access-control-allow-origin': request.headers.origin ?? '',
      'access-control-allow-credentials': 'true',
      'set-cookie': 'third=party; SameSite=None; Secure; Path=/',
    })
    response.end()
  }).listen(0, 'localhost')
  try {
    await once(server, 'listening')
    const address = server.address()
    if (address === null || typeof address === 'string') throw new Error('no port')
    await page.evaluate(async (url) => {
      for (const _time of [1, 2]) await fetch(url, { credentials: 'include' })
    }, `http://localhost:${address.port}/`)
    return /third=\w+/.exec(seen[1] ?? '')?.[0]
  } finally {
    server.closeAllConnections()
    server.close()
  }
}
