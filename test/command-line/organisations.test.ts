// `foyer organisations` and `foyer settings`, beside a running server.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { eventually } from '../support/eventually.ts'
import { foyerBeside } from '../support/foyer.ts'
import { credentialsOf } from '../support/printed-client.ts'
import { createRelyingParty, signIn } from '../support/relying-party.ts'
import { REDIRECT_URI, startServer, type TestServer } from '../support/server.ts'
import { askCode, freshAddress, roomyLimits } from '../support/sign-in-pages.ts'
import { expectWithin } from '../support/stopwatch.ts'

describe('foyer organisations', () => {
  let server: TestServer
  beforeAll(async () => {
    server = await startServer()
  })
  afterAll(() => server.stop())
  const foyer = (...args: string[]) => foyerBeside(server, args)

  it('create makes an issuer that works at once, with clients of its own', async () => {
    const made = JSON.parse(
      (await foyer('organisations', 'create', '--slug', 'acme', '--name', 'Acme', '--json')).stdout,
    )
    expect(made).toMatchObject({ slug: 'acme', issuer: `${server.baseUrl}/o/acme`, default: false })
    const client = credentialsOf(
      (
        await foyer(
          ...['--organisation', 'acme', 'clients', 'create', '--kind', 'web', '--name', 'Shop'],
          ...['--redirect-uri', REDIRECT_URI, '--first-party', '--json'],
        )
      ).stdout,
    )
    const issuer = { baseUrl: made.issuer, codeFor: server.codeFor }
    const party = await createRelyingParty(issuer, client)
    const pending = await party.authorize()
    const callback = await signIn(issuer, { url: pending.url, email: freshAddress() })
    expect((await party.exchange(callback, pending)).claims()?.iss).toBe(made.issuer)

    const own = await foyer('clients', 'list', '--organisation', 'acme', '--json')
    expect(JSON.parse(own.stdout)).toHaveLength(1)
    const listed = JSON.parse((await foyer('organisations', 'list', '--json')).stdout)
    expect(listed.map(({ slug }: { slug: string }) => slug)).toEqual([
      'acme',
      server.organisation.slug,
    ])
  })

  it.each([
    ['an unknown organisation', ['clients', 'list', '--organisation', 'nobody'], /no organisation/],
    ['a slug that is taken', ['--slug', 'casa-aurora'], /^slug: is taken$/m],
    ['a reserved slug', ['--slug', 'oauth'], /^slug: is reserved$/m],
    ['a slug with dots', ['--slug', '..'], /^slug: must be/m],
    ['a slug of look-alikes', ['--slug', 'аcme'], /^slug: must be/m],
    ['a slug that is too long', ['--slug', 'a'.repeat(200)], /^slug: must be/m],
    ['an unknown time zone', ['--slug', 'x', '--time-zone', 'Mars/One'], /^time_zone: /m],
    ['an unknown currency', ['--slug', 'x', '--currency', 'XXZ'], /^currency: /m],
  ])('refuses %s', async (_name, args, words) => {
    const whole =
      args[0] === 'clients' ? args : ['organisations', 'create', '--name', 'Any', ...args]
    const { code, stderr } = await foyer(...whole)
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(words) })
  })

  it('update changes what is named and nothing else, and show shows it', async () => {
    await foyer('organisations', 'create', '--slug', 'cafe', '--name', 'Cafe')
    const { stdout, code } = await foyer(
      ...['organisations', 'update', '--organisation', 'cafe', '--json'],
      ...['--name', 'Café', '--time-zone', 'Europe/Vienna', '--sign-up', 'closed'],
      ...['--makes-customers', 'no', '--mail-reply-to', 'cafe@example.com'],
      ...['--support-url', 'https://help.example.com/'],
    )
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({
      name: 'Café',
      time_zone: 'Europe/Vienna',
      currency: 'GBP',
      makes_customers: false,
      sign_up: 'closed',
      mail_sender: { name: 'Cafe', address: null, reply_to: 'cafe@example.com' },
      support_url: 'https://help.example.com/',
      version: 1,
    })
    await foyer('organisations', 'update', '--organisation', 'cafe', '--support-url', '')
    const shown = await foyer('organisations', 'show', '--organisation', 'cafe', '--json')
    expect(JSON.parse(shown.stdout)).toMatchObject({ support_url: null, version: 2 })
    const rows = await foyer('audit', 'list', '--organisation', 'cafe', '--json')
    expect(rows.stdout).toContain('"organisation.changed"')
  })

  it.each([
    ['a word that is neither open nor closed', ['--sign-up', 'ajar'], /^sign_up: must be/m],
    [
      'a support page that is a script',
      ['--support-url', 'javascript:alert(1)'],
      /^support_url: /m,
    ],
    ['a sender of a foreign domain', ['--mail-address', 'a@gmail.com'], /^mail_sender.address: /m],
  ])('update refuses %s', async (_name, args, words) => {
    const { code, stderr } = await foyer('organisations', 'update', ...args)
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(words) })
  })

  it('remove asks for the slug once more, and restore takes it back for who is early enough', async () => {
    await foyer('organisations', 'create', '--slug', 'shortlived', '--name', 'Short')
    const whose = ['--organisation', 'shortlived']
    const asked = await foyer('organisations', 'remove', ...whose)
    expect(asked).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/0 customers, 0 clients and 0 live.*--confirm shortlived/),
    })
    const wrong = await foyer('organisations', 'remove', ...whose, '--confirm', 'shortlive')
    expect(wrong).toMatchObject({ code: 1, stderr: 'confirm: must be shortlived\n' })
    expect((await foyer('organisations', 'remove', ...whose, '--confirm', 'shortlived')).code).toBe(
      0,
    )
    expect((await foyer('organisations', 'show', ...whose)).code).toBe(1)
    const { stdout } = await foyer('organisations', 'list', '--removed', '--json')
    expect(JSON.parse(stdout)).toMatchObject([{ slug: 'shortlived', name: 'Short' }])
    const early = await foyer('organisations', 'restore', 'shortlived')
    expect(early).toMatchObject({ code: 1, stderr: expect.stringContaining('try again') })
    const rows = await foyer(
      'audit',
      'list',
      ...whose,
      '--action',
      'organisation.removed',
      '--json',
    )
    expect(JSON.parse(rows.stdout)).toMatchObject([{ actor: 'command-line' }])
    const reused = await foyer('organisations', 'create', '--slug', 'shortlived', '--name', 'Again')
    expect(reused.stderr).toBe('slug: is taken\n')

    const deadline = 30_000
    server.clock.forward(deadline)
    await server.jobs.runDue()
    expect((await foyer('organisations', 'restore', 'shortlived')).code).toBe(0)
    expect((await foyer('organisations', 'show', ...whose)).code).toBe(0)
  })

  it('D12: twenty creates of one slug at the same instant make one', async () => {
    const all = await Promise.allSettled(
      Array.from({ length: 20 }, () => server.organisations.create({ slug: 'twin', name: 'Twin' })),
    )
    expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    for (const { status, reason } of all.filter(
      (each) => 'reason' in each,
    ) as PromiseRejectedResult[])
      expect({ status, fields: reason.fields }).toEqual({
        status: 'rejected',
        fields: [{ path: 'slug', message: 'is taken' }],
      })
  })

  describe('set-host', () => {
    const setHost = (host: string, ...more: string[]) =>
      foyer('organisations', 'set-host', host, ...more)
    beforeAll(() => foyer('organisations', 'create', '--slug', 'bistro', '--name', 'Bistro'))

    it('asks for a DNS record that proves the host', async () => {
      const { code, stderr } = await setHost('id.bistro.invalid', '--organisation', 'bistro')
      expect(code).toBe(1)
      expect(stderr).toMatch(/_foyer\.id\.bistro\.invalid TXT "foyer-organisation=[\w-]{43}"/)
    })

    it('shows the record beforehand, and whether it is there', async () => {
      const host = 'id.bistro.invalid'
      const { stdout } = await foyer(
        ...['organisations', 'show-host-record', host, '--organisation', 'bistro', '--json'],
      )
      expect(JSON.parse(stdout)).toEqual({
        host,
        name: `_foyer.${host}`,
        type: 'TXT',
        value: expect.stringMatching(/^foyer-organisation=[\w-]{43}$/),
        needed: true,
        found: false,
      })
    })

    it('takes a name below localhost without one, outside production', async () => {
      const { stdout } = await setHost('bistro.localhost', '--organisation', 'bistro', '--json')
      expect(JSON.parse(stdout).issuer).toBe(`http://bistro.localhost:${server.config.port}`)
    })

    it('release-host leads back to the path, and refuses what was issued under the host', async () => {
      await foyer('organisations', 'create', '--slug', 'tavern', '--name', 'Tavern')
      const whose = ['--organisation', 'tavern']
      await setHost('tavern.localhost', ...whose)
      const { stdout } = await foyer('organisations', 'release-host', ...whose, '--json')
      expect(JSON.parse(stdout)).toMatchObject({
        issuer: `${server.baseUrl}/o/tavern`,
        host: null,
      })
      const rows = await foyer('audit', 'list', ...whose, '--json')
      expect(JSON.parse(rows.stdout)[0]).toMatchObject({ action: 'organisation.host-released' })
      // It is free: whoever proves it next has it.
      expect((await setHost('tavern.localhost', '--organisation', 'acme')).code).toBe(0)
      await foyer('organisations', 'release-host', '--organisation', 'acme')
    })

    it('a host of a removed organisation is free for who proves it', async () => {
      const { organisation } = await server.addOrganisation('closing')
      await setHost('closing.localhost', '--organisation', 'closing')
      await foyer('organisations', 'remove', '--organisation', 'closing', '--confirm', 'closing')
      expect((await setHost('closing.localhost', '--organisation', 'acme')).code).toBe(0)
      expect(
        (await server.organisations.findByHost(`closing.localhost:${server.config.port}`))?._id,
      ).not.toBe(organisation._id)
      await foyer('organisations', 'release-host', '--organisation', 'acme')
    })

    it.each([
      ['the default organisation', ['other.localhost']],
      ['the host of BASE_URL', ['localhost', '--organisation', 'bistro']],
      ['an address', ['127.0.0.1', '--organisation', 'bistro']],
      ['a host that another has', ['bistro.localhost', '--organisation', 'acme']],
    ])('refuses %s', async (_name, [host = '', ...more]) => {
      const { code, stderr } = await setHost(host, ...more)
      expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(/^host: /) })
    })
  })
})

describe('foyer settings', () => {
  let server: TestServer
  beforeAll(async () => {
    server = await startServer()
  })
  afterAll(() => server.stop())
  const settings = (...args: string[]) => foyerBeside(server, ['settings', ...args])
  const settingOf = async (name: string): Promise<string | undefined> => {
    const { stdout } = await settings('list')
    return new RegExp(`^${name} +(\\S+)`, 'm').exec(stdout)?.[1]
  }

  it('set is followed by the running server within five seconds, and unset goes back', async () => {
    await server.changeSignIn(roomyLimits)
    const party = await createRelyingParty(server, await server.register())
    const digits = async (): Promise<string | undefined> => {
      const { page } = await askCode(server, party, { email: freshAddress() })
      return /data-digits="(\d)"/.exec(page.html)?.[1]
    }
    expect(await digits()).toBe('6')
    expect((await settings('set', 'codeLength', '8')).code).toBe(0)
    await expectWithin(5000, () => eventually(async () => expect(await digits()).toBe('8')))
    expect(await settingOf('codeLength')).toBe('8')
    expect((await settings('unset', 'codeLength')).code).toBe(0)
    expect(await settingOf('codeLength')).toBe('6')
  })

  it('takes times with their unit, and prints them so', async () => {
    expect((await settings('set', 'guessLock', '90m')).code).toBe(0)
    expect(await settingOf('guessLock')).toBe('90m')
    expect((await settings('set', 'guessLock', '2h')).code).toBe(0)
    expect(await settingOf('guessLock')).toBe('2h')
  })

  it.each([
    ['an unknown setting', 'colour', '1', /^colour: is no setting/],
    ['a name of the language itself', '__proto__', '1', /^__proto__: is no setting/],
    ['a number outside its range', 'codeLength', '4', /^codeLength: must lie between 6 and 8/],
    ['a time without a unit', 'codeLife', '600', /^codeLife: must be a time/],
    ['words', 'codeLength', 'six', /^codeLength: must be a number/],
    ['what makes codes easy to guess', 'guessBudget', '100', /at the most 1 in 10000 is allowed/],
  ])('refuses %s', async (_name, name, value, words) => {
    const { code, stderr } = await settings('set', name, value)
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(words) })
  })
})
