// The console in a real Chromium: the whole server, an operator who is signed in.

import { afterAll, afterEach, beforeAll, expect } from '@jest/globals'
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core'
import { type OperatorRole, PLATFORM } from '../../src/stores/operator-roles.ts'
import { type BrowserWindow, desk, openWindow, startBrowser } from './browser.ts'
import { eventually } from './eventually.ts'
import { runProgram } from './program.ts'
import { startServer, type TestServer } from './server.ts'

export type ConsoleServer = {
  server: TestServer
  browser: Browser
  /** The console's address of a page of the default organisation; `path` begins with a slash or is empty. */
  at(path: string): string
  /** A window on a page of the default organisation, with an operator signed in there. */
  open(path?: string, options?: Visit): Promise<BrowserWindow>
  stop(): Promise<void>
}

export type Visit = BrowserContextOptions & {
  /** In the default organisation, its owner unless told otherwise; `none` is nobody's operator. */
  role?: OperatorRole | 'platform-owner' | 'none'
}

/** The embedded store, the built console, and Chromium. Sign in once for each role, however many windows. */
export async function startConsole(): Promise<ConsoleServer> {
  const built = await runProgram('scripts/front-ends.js')
  if (built.code !== 0) throw new Error(built.stderr)
  const server = await startServer()
  const browser = await startBrowser()
  const home = `${server.baseUrl}/admin/o/${server.organisation.slug}`
  const sessions = new Map<string, ReturnType<typeof signedIn>>()

  async function signedIn(role: NonNullable<Visit['role']>) {
    const email = `${role}@example.com`
    await appoint(server, { email, role })
    const window = await openWindow(browser)
    await window.page.goto(home)
    await signIn(server, window.page, email)
    const state = await window.page.context().storageState()
    await window.end()
    return state
  }

  return {
    server,
    browser,
    at: (path) => `${home}${path}`,
    async open(path = '', { role = 'owner', ...options } = {}) {
      const session = sessions.get(role) ?? signedIn(role)
      sessions.set(role, session)
      const window = await openWindow(browser, {
        ...desk,
        ...options,
        storageState: await session,
        permissions: ['clipboard-read', 'clipboard-write'],
      })
      await window.page.goto(`${home}${path}`)
      await heading(window.page).waitFor()
      return window
    },
    async stop() {
      await browser.close()
      await server.stop()
    },
  }
}

/** Resolves once the page has this title, which follows what it shows. */
export async function titled(page: Page, title: string): Promise<void> {
  await eventually(async () => expect(await page.title()).toBe(title))
}

export type ConsoleForTest = ConsoleServer & {
  /** Opens a window that is closed when the test is over; nothing may have been complained of in it. */
  visit(path?: string, options?: Visit): Promise<Page>
}

/** A console for the tests of a file, or of the `describe` where it is called; `isExpected` tells which complaints are. */
export function consoleForTest(isExpected = (_complaint: string) => false): ConsoleForTest {
  const windows: BrowserWindow[] = []
  const running = {
    async visit(path, options) {
      const window = await running.open(path, options)
      windows.push(window)
      return window.page
    },
  } as ConsoleForTest // whole before the first test begins
  beforeAll(async () => {
    Object.assign(running, await startConsole())
  })
  afterAll(() => running.stop?.())
  afterEach(async () => {
    const ended = windows.splice(0)
    for (const { end } of ended) await end()
    const complaints = ended.flatMap((each) => each.complaints)
    expect(complaints.filter((each) => !isExpected(each))).toEqual([])
  })
  return running
}

async function appoint(
  { operators, organisation }: TestServer,
  { email, role }: { email: string; role: NonNullable<Visit['role']> },
): Promise<void> {
  if (role === 'none') return
  const isOwnerOfAll = role === 'platform-owner'
  await operators.add(
    isOwnerOfAll ? PLATFORM : organisation._id,
    { email, role: isOwnerOfAll ? 'owner' : role },
    { actor: 'command-line' },
  )
}

/** From the page that asks for the address to the console. */
export async function signIn(server: TestServer, page: Page, email: string): Promise<void> {
  await page.getByLabel('E-mail address').fill(email)
  await page.keyboard.press('Enter')
  await page.locator('#code:focus').waitFor()
  await page.keyboard.type(await server.codeFor(email))
  await page.waitForURL('**/admin/**')
  await heading(page).waitFor()
}

/** The one heading of the first level. */
export function heading(page: Page, name?: string | RegExp): Locator {
  return page.getByRole('heading', { level: 1, ...(name !== undefined && { name }) })
}
