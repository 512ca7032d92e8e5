// How pages are looked at: the screens and schemes, what must be right in each, and a picture of each where one is asked for.

import { mkdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { expect } from '@jest/globals'
import type { Page } from 'playwright-core'
import { accessibilityProblems, desk, phone, sidewaysScroll } from './browser.ts'
import { pageProblems, readingProblems } from './reading.ts'

/** Where pictures go; `npm run screenshots` names it. */
const folder = process.env.SCREENSHOTS

type View = { viewport: { width: number; height: number }; colorScheme: 'light' | 'dark' }

/** The screens and schemes in which every page is looked at. */
const views: readonly View[] = [desk, phone].flatMap(({ viewport }) =>
  (['light', 'dark'] as const).map((colorScheme) => ({ viewport, colorScheme })),
)

/** A desk of 1280 by 1024 pixels at 400 % (WCAG 2.2, 1.4.10). */
const enlarged: View = { viewport: { width: 320, height: 256 }, colorScheme: 'light' }

type Looked = {
  /** What the picture is called; left out, what the test is. */
  name?: string
  /** Rules of axe that do not hold here. */
  except?: readonly string[]
}

/** The page as it stands, in one view: axe finds nothing, nothing is cut off, and it can be listened to. */
export async function expectGoodView(page: Page, looked: Looked = {}): Promise<void> {
  if (folder) await takePicture(page, { ...looked, ...(await viewOf(page)) })
  expect(await sidewaysScroll(page)).toBe(0)
  expect(await accessibilityProblems(page, looked)).toEqual([])
  expect(await readingProblems(page)).toEqual([])
}

/** The page as it stands, in every view, and at 400 %. */
export async function expectGoodPage(page: Page, looked: Looked = {}): Promise<void> {
  const before = page.viewportSize()
  const problems = [...(await readingProblems(page)), ...(await problemsIn(page, views, looked))]
  if (before) await page.setViewportSize(before)
  expect(problems).toEqual([])
}

const turns = new Map<readonly unknown[], number>()

/** Of very many pages each is looked at in one way, the next page in the next; pictures are taken of all. */
export function inTurn<Way>(ways: readonly Way[]): readonly Way[] {
  if (folder) return ways
  const turn = turns.get(ways) ?? 0
  turns.set(ways, turn + 1)
  return ways.slice(turn % ways.length).slice(0, 1)
}

/** The same for such a page: in the view whose turn it is, and at 400 %. */
export async function expectGoodInTurn(page: Page, looked: Looked = {}): Promise<void> {
  const problems = await problemsIn(page, inTurn(views), looked)
  expect([...problems, ...(await pageProblems(page))]).toEqual([])
}

async function problemsIn(
  page: Page,
  shown: readonly View[],
  looked: Looked,
): Promise<readonly string[]> {
  const problems: string[] = []
  const shot = folder ? nextPicture(looked) : undefined
  for (const view of shown) {
    await turnTo(page, view)
    const where = `${view.viewport.width} px, ${view.colorScheme}`
    if (shot) await takePicture(page, { shot, ...view })
    const found = shot ? [] : await accessibilityProblems(page, looked)
    problems.push(...found.map((problem) => `${where}: ${problem}`))
    const sideways = await sidewaysScroll(page)
    if (sideways > 0) problems.push(`${where}: scrolls ${sideways} px sideways`)
  }
  await turnTo(page, enlarged)
  if ((await sidewaysScroll(page)) > 0) problems.push('does not reflow at 320 px')
  return problems
}

/** Returns when the page was laid out anew, which is a moment after the window has its size. */
async function turnTo(page: Page, { viewport, colorScheme }: View): Promise<void> {
  await page.setViewportSize(viewport)
  await page.waitForFunction(({ width }) => innerWidth === width, viewport)
  await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(drawn)))
  await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
}

async function viewOf(page: Page): Promise<View> {
  const isDark = await page.evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches)
  const viewport = page.viewportSize() ?? desk.viewport
  return { viewport, colorScheme: isDark ? 'dark' : 'light' }
}

const taken = new Map<string, number>()

/** A name that sorts as the tests run, and is the same in every view and each run. */
function nextPicture({ name }: Looked): string {
  const { currentTestName = '', testPath = '' } = expect.getState()
  const file = basename(testPath, '.test.ts')
  const title = (name ?? currentTestName).replace(/[^\p{L}\p{N}]+/gu, ' ').trim()
  const count = (taken.get(title) ?? 0) + 1
  taken.set(title, count)
  return join(file, `${title.slice(0, 120)}${name ? '' : ` ${count}`}`)
}

async function takePicture(
  page: Page,
  { shot, viewport, colorScheme, ...looked }: View & Looked & { shot?: string },
): Promise<void> {
  const name = shot ?? nextPicture(looked)
  const path = join(String(folder), `${name} ${viewport.width} ${colorScheme}.png`)
  mkdirSync(join(path, '..'), { recursive: true })
  // A window as high as the page: what sticks to its edges stands where it belongs, and frames are drawn.
  const whole = await page.evaluate(() => document.documentElement.scrollHeight)
  const height = Math.max(viewport.height, whole)
  await page.setViewportSize({ ...viewport, height })
  await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(drawn)))
  await page.screenshot({ path, animations: 'disabled' })
  await page.setViewportSize(viewport)
}
