// A page as it is read out: Chromium's own accessibility tree, and what somebody who only hears it would miss. What axe looks for is not looked for again.

import type { Page } from 'playwright-core'

type Heard = {
  role: string
  name: string
  description: string
  /** Of the tree's own words, such as `level`, `invalid`, `modal` and `url`. */
  said: ReadonlyMap<string, unknown>
}

/** What is wrong with the page as it stands, in words. */
export async function readingProblems(page: Page): Promise<string[]> {
  const heard = await treeOf(page)
  return [...headingProblems(heard), ...fieldProblems(heard), ...(await orderProblems(page))]
}

/** The same for a page that people meet without knowing us: its links and lists too. */
export async function pageProblems(page: Page): Promise<string[]> {
  const heard = await treeOf(page)
  return [...(await readingProblems(page)), ...linkProblems(heard), ...(await listProblems(page))]
}

/** In the order in which it is read. */
async function treeOf(page: Page): Promise<Heard[]> {
  const session = await page.context().newCDPSession(page)
  const { nodes } = await session.send('Accessibility.getFullAXTree')
  await session.detach()
  return nodes
    .filter(({ ignored }) => !ignored)
    .map(({ role, name, description, properties = [] }) => ({
      role: String(role?.value ?? ''),
      name: String(name?.value ?? ''),
      description: String(description?.value ?? ''),
      said: new Map(properties.map((property) => [property.name, property.value.value])),
    }))
}

/** One says what the page is; behind an open dialog nothing is read. */
function headingProblems(heard: readonly Heard[]): string[] {
  const { length } = heard.filter(({ role, said }) => role === 'heading' && said.get('level') === 1)
  const isBehind = heard.some(({ said }) => said.get('modal') === true)
  return length === 1 || isBehind ? [] : [`has ${length} headings of the first level`]
}

/** What is wrong with a field is said at the field. */
function fieldProblems(heard: readonly Heard[]): string[] {
  return heard
    .filter(({ said }) => said.get('invalid') === 'true')
    .filter(({ description }) => description === '')
    .map(({ name }) => `“${name}” is wrong, and does not say why`)
}

/** Links are heard one by one, without what stands around them. */
function linkProblems(heard: readonly Heard[]): string[] {
  const links = heard.filter(({ role }) => role === 'link')
  const byWords = Map.groupBy(links, ({ name, description }) => `${name}, ${description}`)
  return [...byWords]
    .filter(([, same]) => new Set(same.map(({ said }) => said.get('url'))).size > 1)
    .map(([words]) => `links called “${words}” lead to different places`)
}

/** What comes later is not drawn above what comes before it, in the same column. */
function orderProblems(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const read = document.querySelector('dialog[open]') ?? document
    const shown = [
      ...read.querySelectorAll(':is(main, dialog) :is(h1, h2, h3, label, input, button, a)'),
    ]
      .map((element) => ({ element, place: element.getBoundingClientRect() }))
      .filter(({ element, place }) => place.height > 1 && element.checkVisibility())
      // What sticks to the window's edge stands above whatever is there.
      .filter(({ element }) => !element.closest('.unsaved-bar'))
    return shown.flatMap(({ element, place }, at) => {
      const before = shown[at - 1]
      if (!before) return []
      const isBeside = place.left >= before.place.right || place.right <= before.place.left
      if (isBeside || place.bottom > before.place.top) return []
      return [
        `“${element.textContent}” is read after “${before.element.textContent}”, and above it`,
      ]
    })
  })
}

/** Safari takes a list without markers for none, unless it stands in a navigation or says what it is. */
function listProblems(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll(':is(ul, ol):not(nav *, [role])')]
      .filter((list) => getComputedStyle(list).listStyleType === 'none')
      .map(
        (list) =>
          `the list “${list.textContent?.trim().slice(0, 40)}” has neither markers nor a role`,
      ),
  )
}
