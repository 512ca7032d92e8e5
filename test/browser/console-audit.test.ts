// The console's audit log, in a real Chromium on the whole server: looked through, taken elsewhere, verified.

import { readFileSync } from 'node:fs'
import { beforeAll, expect, it } from '@jest/globals'
import type { Page } from 'playwright-core'
import { auditActions } from '../../packages/contract/audit-actions.ts'
import { type AuditEntry, auditCollection } from '../../src/stores/audit.ts'
import { programOf } from '../support/admin-api.ts'
import { describeWithBrowser, sidewaysScroll } from '../support/browser.ts'
import { consoleForTest, heading, type Visit } from '../support/console.ts'
import { eventually } from '../support/eventually.ts'
import { expectGoodPage } from '../support/views.ts'

/** With the one that makes the client: more than a page. */
const KEYS = 25

describeWithBrowser('the audit log in the console', () => {
  const console = consoleForTest()
  let client: string
  let page: Page

  beforeAll(async () => {
    const { server } = console
    const by = { actor: 'command-line', role: 'platform-owner' } as const
    const input = { role: 'viewer', scopes: ['clients:read', 'audit:read'] }
    for (let made = 1; made < KEYS; made += 1)
      await server.apiKeys.create(server.organisation._id, { ...input, name: `Key ${made}` }, by)
    const program = await programOf(server, { role: 'owner' })
    const clients = `/organisations/${server.organisation.slug}/clients`
    const { data } = await program<{ client: { id: string } }>('POST', clients, {
      body: { kind: 'machine', name: 'The shop' },
    })
    client = data.client.id
    const change = await program('PATCH', `${clients}/${client}`, { body: { name: '=The store' } })
    expect(change.status).toBe(200)
  })

  async function open(search = '', visit: Visit = {}): Promise<void> {
    page = await console.visit(`/audit${search}`, visit)
  }

  const table = () => page.getByRole('table', { name: 'Audit log' })
  const rows = () => table().locator('tbody > tr')
  /** The page before stays until the next one is there. */
  const rowsAre = (count: number) =>
    eventually(async () => expect(await rows().count()).toBe(count))
  const button = (name: string) => page.getByRole('button', { name })
  const asked = (name: string) => new URL(page.url()).searchParams.get(name)

  it('is read page by page, and filtered by what stands in the address', async () => {
    await open()
    await page.getByLabel('What', { exact: true }).selectOption('api-key.created')
    await page.getByText('Key 1', { exact: true }).waitFor({ state: 'detached' })
    await expectGoodPage(page)
    await page.getByRole('link', { name: 'Next' }).click()
    await page.getByRole('link', { name: 'Previous' }).waitFor()
    await rowsAre(KEYS - 20)
    await page.reload()
    await page.getByRole('link', { name: 'First page' }).waitFor()
    await rowsAre(KEYS - 20)

    await page.getByLabel('Who', { exact: true }).selectOption('The command line')
    await page.waitForURL(/actor=command-line/)
    expect(asked('cursor')).toBeNull()
    const day = localDay()
    await page.getByLabel('From', { exact: true }).fill(day)
    await page.getByLabel('To', { exact: true }).fill(day)
    await page.waitForURL(/to=/)
    await rows().first().waitFor()
    const [from, to] = [asked('from'), asked('to')].map((at) => Date.parse(at ?? ''))
    expect(Number(to) - Number(from)).toBeGreaterThan(22 * 60 * 60 * 1000) // a day with a change of clocks, too
    expect(Number(from)).toBeLessThanOrEqual(Date.now())
    await page.getByLabel('From', { exact: true }).fill('2001-02-03')
    await page.getByLabel('To', { exact: true }).fill('2001-02-03')
    await page.getByText('Nothing fits').waitFor()
    expect(await page.getByLabel('To', { exact: true }).inputValue()).toBe('2001-02-03')
    await page.getByRole('status').getByRole('button', { name: 'Show everything' }).click()
    await rows().first().waitFor()
    expect(new URL(page.url()).search).toBe('')
  })

  it('breaks ids that are wider than a phone', async () => {
    await open('', { viewport: { width: 320, height: 640 } })
    await rows().first().waitFor()
    await page.evaluate(() => {
      for (const code of document.querySelectorAll('main td code'))
        code.textContent = 'W'.repeat(43)
    })
    expect(await page.locator('main td code').count()).toBeGreaterThan(0)
    expect(await sidewaysScroll(page)).toBe(0)
  })

  it('knows every action by its words', async () => {
    await open()
    const options = page.getByLabel('What', { exact: true }).locator('option')
    const values = await options.evaluateAll((all) =>
      all.map((each) => each.getAttribute('value') ?? ''),
    )
    expect(values.filter(Boolean)).toEqual([...auditActions])
  })

  it('opens a row to what changed, and leads to what it was done to', async () => {
    await open(`?target=${client}&action=client.changed`)
    await button('Details').press('Enter')
    const changes = page.getByRole('table', { name: 'What changed' })
    const name = changes.getByRole('row').filter({ hasText: 'name' })
    expect(await name.getByRole('cell').allTextContents()).toEqual(['The shop', '=The store'])
    await expectGoodPage(page)
    await page.getByRole('link', { name: 'Everything that was done to it' }).click()
    await page.getByRole('rowheader', { name: 'Client created' }).waitFor()
    expect(asked('action')).toBeNull()
    await table().getByRole('link', { name: client }).first().click()
    await heading(page, '=The store').waitFor()
  })

  it('P15: is downloaded as it is filtered, with nothing that a spreadsheet would calculate', async () => {
    await open('?action=client.changed')
    await rows().first().waitFor()
    const coming = page.waitForEvent('download')
    await page.getByRole('link', { name: 'Download as CSV' }).click()
    const download = await coming
    expect(download.suggestedFilename()).toBe(`audit-${console.server.organisation.slug}.csv`)
    const lines = readFileSync(await download.path(), 'utf8')
      .trimEnd()
      .split('\r\n')
    expect(lines).toHaveLength(2)
    expect(lines[1]).toMatch(new RegExp(`client.changed,key_\\w+,${client}`))
    expect(lines[1]).not.toMatch(/(^|,)"?=/)
  })

  it('is verified in words, and says where somebody altered it', async () => {
    const { server } = console
    await server.jobs.runDue()
    await open()
    await button('Verify').click()
    await page.getByText('written, from the first to the last').waitFor()
    await expectGoodPage(page)
    const head = await page.getByText(/^\d+:[\w-]{43}$/).textContent()
    await page.getByLabel('A head that you kept (optional)').fill('812')
    await button('Verify').click()
    await page.getByRole('link', { name: /^A head is a number/ }).waitFor()
    await page.getByLabel('A head that you kept (optional)').fill(head ?? '')
    await button('Verify').click()
    await page.getByText('The head that you kept is in it').waitFor()

    const stored = server.documents.collection<AuditEntry>(auditCollection)
    const third = { organisation: server.organisation._id, sequence: 3 }
    expect(await stored.updateOne(third, { $set: { actor: 'somebody' } })).toBeDefined()
    await button('Verify').click()
    await page.getByText('Row 3 was altered.').waitFor()
    await expectGoodPage(page)
  })

  it('is an owner’s alone', async () => {
    await open('', { role: 'editor' })
    await heading(page, 'Nothing here').waitFor()
    expect(await page.getByRole('link', { name: 'Audit log' }).count()).toBe(0)
  })
})

/** Today where the browser is, which has the time zone of this machine. */
function localDay(): string {
  const now = new Date()
  const parts = [now.getFullYear(), now.getMonth() + 1, now.getDate()]
  return parts.map((part) => String(part).padStart(2, '0')).join('-')
}
