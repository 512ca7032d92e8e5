// `foyer policies`, beside a running server.

import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { eventually } from '../support/eventually.ts'
import { foyerBeside } from '../support/foyer.ts'
import type { Ended } from '../support/program.ts'
import { createRelyingParty } from '../support/relying-party.ts'
import { startServer, type TestServer } from '../support/server.ts'
import { askCode, freshAddress, wordsOf } from '../support/sign-in-pages.ts'

describe('foyer policies', () => {
  let server: TestServer
  const folder = mkdtempSync(join(tmpdir(), 'foyer-texts-'))
  beforeAll(async () => {
    server = await startServer()
  })
  afterAll(async () => {
    await server.stop()
    rmSync(folder, { recursive: true })
  })

  const foyer = (...args: string[]): Promise<Ended> => foyerBeside(server, ['policies', ...args])
  const json = async (...args: string[]) => {
    const { code, stdout, stderr } = await foyer(...args, '--json')
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    return JSON.parse(stdout)
  }
  const file = (name: string, text: string): string => {
    const path = join(folder, name)
    writeFileSync(path, text)
    return path
  }
  const pageOf = async (path: string): Promise<string> =>
    (await fetch(`${server.baseUrl}/policies/${path}`)).text()

  it('publishes files in every language, shows them, rolls back, and the server follows', async () => {
    const english = '# Terms\n\nFirst.\n'
    const made = await json(
      'publish',
      'terms',
      file('terms.md', english),
      file('terms.de.md', '# AGB'),
    )
    expect(made).toMatchObject({
      kind: 'terms',
      number: 1,
      needs_acceptance: true,
      published_by: 'command-line',
      sha256: { en: createHash('sha256').update(english).digest('hex') },
    })
    await eventually(async () => expect(await pageOf('terms')).toContain('<p>First.</p>'))
    expect((await foyer('show', 'terms')).stdout).toBe(english)
    expect((await foyer('show', 'terms', '--language', 'de')).stdout).toBe('# AGB\n')

    await json('publish', 'terms', file('new.md', 'Second.'))
    const back = await json('publish', 'terms', '--version', '1', '--needs-acceptance')
    expect(back).toMatchObject({
      number: 3,
      repeats: 1,
      needs_acceptance: true,
      sha256: made.sha256,
    })
    const history = await json('history', 'terms')
    expect(history.map(({ number }: { number: number }) => number)).toEqual([3, 2, 1])
    expect((await foyer('show', 'terms', '--version', '2')).stdout).toBe('Second.\n')
    expect((await foyer('history', 'terms')).stdout).toMatch(
      /^version 3 .* the texts of version 1$/m,
    )
    await eventually(async () => expect(await pageOf('terms')).toMatch(/Version 3,/))
  })

  it('asks customers, and no longer, while the server runs', async () => {
    await json('publish', 'privacy', file('privacy.md', 'Private.'))
    expect(await json('ask', 'privacy')).toEqual({ kinds: ['privacy'] })
    const list = await json('list')
    expect(list.map(({ kind, asked }: { kind: string; asked: boolean }) => [kind, asked])).toEqual([
      ['terms', false],
      ['privacy', true],
      ['refund', false],
    ])
    const party = await createRelyingParty(server, await server.register({ firstParty: true }))
    const email = freshAddress()
    await eventually(async () => {
      // As requests find it.
      expect((await server.organisations.findDefault())?.asksAcceptance).toEqual(['privacy'])
    })
    const visit = await askCode(server, party, { email })
    const code = await server.codeFor(email)
    const page = await visit.agent.submit(visit.page, { code })
    expect(wordsOf(page).heading).toBe('Before you go on')
    expect((await foyer('ask')).stdout).toBe('customers accept: nothing\n')
  })

  it.each([
    ['an unknown kind', ['publish', 'imprint', 'x.md'], /^kind: must be one of/],
    ['a file in no language of the pages', ['publish', 'refund', 'refund.fr.md'], /^texts\.fr: /],
    [
      'two files in one language',
      ['publish', 'refund', 'refund.md', 'refund.en.md'],
      /second text in en/,
    ],
    ['a file and a version', ['publish', 'refund', 'refund.md', '--version', '1'], /^version: /],
    ['nothing to publish', ['publish', 'refund'], /^draft: is empty/],
    ['a file that is not there', ['publish', 'refund', 'missing.md'], /ENOENT/],
    ['a policy that is not published', ['show', 'refund'], /^refund is not published$/m],
    [
      'a version that is not there',
      ['show', 'terms', '--version', '99'],
      /^terms 99 is not published$/m,
    ],
    ['a language that is not there', ['show', 'terms', '--language', 'ar'], /^language: /],
    ['a policy that nobody can accept', ['ask', 'refund'], /^kinds: /],
  ])('refuses %s', async (_name, args, words) => {
    for (const name of ['refund.md', 'refund.en.md', 'refund.fr.md', 'x.md']) file(name, 'Text')
    const inFolder = args.map((each) => (each.endsWith('.md') ? join(folder, each) : each))
    const { code, stderr } = await foyer(...inFolder)
    expect(code).toBe(1)
    expect(stderr).toMatch(words)
  })
})
