// `foyer brand`, beside a running server.

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { eventually } from '../support/eventually.ts'
import { foyerBeside } from '../support/foyer.ts'
import { startServer, type TestServer } from '../support/server.ts'
import { expectWithin } from '../support/stopwatch.ts'

describe('foyer brand', () => {
  let server: TestServer
  beforeAll(async () => {
    server = await startServer()
  })
  afterAll(() => server.stop())
  const brand = (...args: string[]) => foyerBeside(server, ['brand', ...args])

  it('set changes the draft and says what cannot be read; publish adjusts it, and a running server follows', async () => {
    const { stdout } = await brand('set', '--accent', '#FFD400', '--corners', 'round')
    expect(stdout).toMatch(/^light accent +#ffd400$/m)
    expect(stdout).toMatch(
      /^unreadable +light link on background +1\.\d+:1 +#\w{6} reaches 4\.5:1$/m,
    )
    const refused = await brand('publish')
    expect(refused).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^colours\.light\.link: has/m),
    })
    expect((await brand('publish', '--adjust')).stdout).toBe('version 1  is published\n')
    await expectWithin(5000, () =>
      eventually(async () => {
        const page = await fetch(`${server.baseUrl}/nowhere`, { headers: { accept: 'text/html' } })
        expect(await page.text()).toContain('--accent: #ffd400;')
      }),
    )
    const shown = JSON.parse((await brand('show', '--json')).stdout)
    expect(shown).toMatchObject({
      published: { number: 1, published_by: 'command-line', corners: 'round' },
      draft: { colours: { light: { accent: '#ffd400', link: expect.any(String) } } },
      contrast: { passes: true },
    })
  })

  it('logo takes a picture, and what is none is refused', async () => {
    const file = join(server.dataDir, 'logo.svg')
    writeFileSync(
      file,
      '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 1"><path d="M0 0h4v1H0z"/></svg>',
    )
    expect(await brand('logo', file)).toMatchObject({ code: 0, stdout: 'logo  is in the draft\n' })
    const { draft } = JSON.parse((await brand('show', '--json')).stdout)
    expect(draft.pictures.logo).toMatchObject({ width: 480, height: 120 })
    expect(await brand('logo', '--remove')).toMatchObject({ code: 0 })
    writeFileSync(file, '<html></html>')
    expect(await brand('logo', file, '--place', 'favicon')).toMatchObject({
      code: 1,
      stderr: 'favicon: must be a PNG, JPEG, WebP or SVG\n',
    })
    writeFileSync(file, 'x'.repeat(1024 * 1024 + 1))
    expect((await brand('logo', file)).stderr).toMatch(/larger than 1 MB/)
  })

  it('rollback publishes an older version, and versions lists them', async () => {
    await brand('set', '--font', 'system')
    await brand('publish', '--adjust')
    expect((await brand('rollback', '1')).stdout).toMatch(
      /^version 3 .* as version 1 {2}is published$/m,
    )
    const versions = JSON.parse((await brand('versions', '--json')).stdout)
    expect(
      versions.map(({ number, repeats }: { number: number; repeats: number }) => [number, repeats]),
    ).toEqual([
      [3, 1],
      [2, null],
      [1, null],
    ])
    expect((await brand('rollback', '9')).stderr).toBe('there is no version 9\n')
  })

  it.each([
    ['nothing to set', ['set'], 1, /Nothing to change/],
    ['a name for a colour', ['set', '--text', 'red'], 1, /^colours\.light\.text: must be a colour/],
    ['an unknown font', ['set', '--font', 'Comic'], 2, /Allowed choices/],
    ['no file', ['logo'], 1, /Name a file/],
    ['no number', ['rollback', 'one'], 2, /no version/],
  ])('refuses %s', async (_name, args, code, words) => {
    expect(await brand(...args)).toMatchObject({ code, stderr: expect.stringMatching(words) })
  })
})
