// A real Chromium: found, started once for a test file, and visited as a person with a certain screen would.

import { existsSync } from 'node:fs'
import { describe } from '@jest/globals'
import axe from 'axe-core'
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  type Page as BrowserPage,
  chromium,
  type Route,
} from 'playwright-core'

/** The screens that people have. */
export const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }
export const desk = { viewport: { width: 1440, height: 900 } }

/** `describe`, or its skipped form where `SKIP_SERVICES=1` was said aloud. */
export function describeWithBrowser(name: string, run: () => void): void {
  if (process.env.SKIP_SERVICES !== '1') return describe(name, run)
  process.stderr.write(`SKIP_SERVICES=1: skipped, because it needs Chromium: ${name}\n`)
  describe.skip(name, run)
}

/** Where Linux and macOS keep it. */
const usualPlaces = [
  '/usr/bin/google-chrome',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]

/** `CHROME_PATH`, else the one that comes with the development dependencies (Linux x64), else an installed one. */
async function findChromium(): Promise<string> {
  const given = process.env.CHROME_PATH
  if (given) return given
  if (process.platform === 'linux' && process.arch === 'x64') {
    // Read when the package is loaded: with it, it brings the libraries that a bare machine lacks.
    process.env.AWS_LAMBDA_JS_RUNTIME ??= 'nodejs22.x'
    const { default: packed } = await import('@sparticuz/chromium')
    return packed.executablePath()
  }
  const installed = usualPlaces.find((file) => existsSync(file))
  if (installed) return installed
  throw new Error('No Chromium was found. Install Google Chrome, or set CHROME_PATH to one.')
}

export async function startBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: await findChromium(),
    args: [
      '--no-sandbox', // containers run as root
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
}

export type BrowserWindow = {
  page: BrowserPage
  hasScripts: boolean
  /** What the browser complained of: errors of scripts, refused styles and scripts. */
  complaints: string[]
  end(): Promise<void>
}

/** Milliseconds: far more than anything takes, since others may keep the machine busy. */
const PATIENCE = 15_000

/** A window of its own, with no cookies. */
export async function openWindow(
  browser: Browser,
  options: BrowserContextOptions = {},
): Promise<BrowserWindow> {
  const context = await browser.newContext(options)
  context.setDefaultTimeout(PATIENCE)
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('console', (message) => {
    // A page that refuses something has a status that says so; the browser notes it as an error.
    const isRefusal = /status of 4\d\d/.test(message.text())
    if (['error', 'warning'].includes(message.type()) && !isRefusal) complaints.push(message.text())
  })
  const hasScripts = options.javaScriptEnabled !== false
  return { page, hasScripts, complaints, end: () => context.close() }
}

/**
 * Answers the first request for `url` in place of the server; later ones go on to it. They are looked at for as long as
 * the page lives: a browser that stops looking while a page is on its way may lose that page.
 */
export async function routeOnce(
  place: BrowserPage | BrowserContext,
  url: string,
  answer: (route: Route) => Promise<unknown>,
): Promise<void> {
  let isAnswered = false
  await place.route(url, (route) => {
    if (isAnswered) return route.continue()
    isAnswered = true
    return answer(route)
  })
}

declare global {
  interface Window {
    axe: typeof axe
  }
}

/** What axe finds wrong with the page as it stands, in words: WCAG and its best practices. */
export async function accessibilityProblems(
  page: BrowserPage,
  { except = [] }: { except?: readonly string[] } = {},
): Promise<string[]> {
  const isThere = await page.evaluate(() => 'axe' in window)
  if (!isThere) await page.evaluate(axe.source)
  // Put into words there: whatever axe looked at besides is far more than what it found.
  const found = await page.evaluate(async () => {
    // Frames are pages of their own, to be looked at by themselves.
    const { violations } = await window.axe.run({ iframes: false, resultTypes: ['violations'] })
    return violations.map(({ id, help, nodes }) => ({
      id,
      words: `${id}: ${help} at ${nodes.map(({ target }) => target).join(', ')}`,
    }))
  })
  return found.filter(({ id }) => !except.includes(id)).map(({ words }) => words)
}

/** How many pixels one can scroll sideways; 0 when everything fits. */
export function sidewaysScroll(page: BrowserPage): Promise<number> {
  return page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement
    return scrollWidth - clientWidth
  })
}

/** The id of what has the focus, and what a screen reader says of it beside its name. */
export function focusOf(page: BrowserPage): Promise<{ id: string; description: string }> {
  return page.evaluate(() => {
    const focused = document.activeElement
    const described = focused?.getAttribute('aria-describedby')?.split(' ') ?? []
    const description = described.map((id) => document.getElementById(id)?.textContent).join(' ')
    return { id: focused?.id ?? '', description }
  })
}
