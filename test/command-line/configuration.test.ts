// `foyer export` and `foyer apply`, beside a running server, of itself and of another installation.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { parse, stringify } from 'yaml'
import { keyOf, programOf } from '../support/admin-api.ts'
import { foyerBeside } from '../support/foyer.ts'
import type { Ended } from '../support/program.ts'
import { startServer, type TestServer } from '../support/server.ts'

const folder = mkdtempSync(join(tmpdir(), 'foyer-configuration-'))
let server: TestServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(async () => {
  await server.stop()
  rmSync(folder, { recursive: true })
})

function foyer(args: string[], more: { [name: string]: string } = {}): Promise<Ended> {
  return foyerBeside(server, args, { LOG_LEVEL: 'silent', ...more })
}

async function printed(args: string[], more: { [name: string]: string } = {}): Promise<string> {
  const { code, stdout, stderr } = await foyer(args, more)
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  return stdout
}

/** Without a port, such a command says nothing of jobs and mails. */
function fileOf(name: string, content: object): string {
  const file = join(folder, `${name}.yaml`)
  writeFileSync(file, stringify(content))
  return file
}

type Plan = { organisation: string; steps: { action: string; what: string; changes: object[] }[] }
type Applied = { plan: Plan[]; applied: boolean; secrets: { client_secret: string }[] }
const applied = async (file: string, ...options: string[]): Promise<Applied> =>
  JSON.parse(await printed(['apply', file, '--json', ...options]))
const stepsOf = ({ plan }: Applied): string[] =>
  plan.flatMap(({ steps }) => steps.map(({ action, what }) => `${action} ${what}`))

const acme = {
  slug: 'acme',
  name: 'Acme',
  locale: 'de',
  time_zone: 'Europe/Vienna',
  currency: 'EUR',
  sign_up: 'closed',
  support_email: 'help@acme.example',
  settings: { code_life: 300 },
  policies: { terms: { de: '# AGB\n', en: '# Terms\n' } },
  asks_acceptance: ['terms'],
  registration: { enabled: true, kinds: ['web'] },
  operators: [
    { email: 'Ann@acme.example', role: 'owner' },
    { email: 'jo@bücher.example', role: 'viewer' },
  ],
  clients: [
    { kind: 'web', name: 'Shop', redirect_uris: ['https://shop.acme.example/cb'] },
    { kind: 'machine', name: 'Nightly', redirect_uris: [], disabled: true },
  ],
}

/** Nothing forbids two clients of one name. */
const twins = {
  slug: 'twins',
  clients: ['a', 'b', 'c'].map((host) => ({
    kind: 'browser',
    name: 'Shop',
    redirect_uris: [`https://${host}.twins.example/cb`],
  })),
}

describe('foyer apply', () => {
  it('shows a plan, and does nothing of it unless it is told to', async () => {
    const file = fileOf('planned', { foyer: 1, organisations: [acme] })
    const plan = await applied(file, '--plan')
    expect(plan.applied).toBe(false)
    expect(stepsOf(plan)).toEqual([
      'create organisation acme',
      'change organisation acme',
      'change settings',
      'create policy terms',
      'change what customers accept',
      'change dynamic registration',
      'create invitation of Ann@acme.example',
      'create invitation of jo@bücher.example',
      'create client Shop',
      'create client Nightly',
    ])
    const { code, stdout, stderr } = await foyer(['apply', file])
    expect({ code, stderr }).toEqual({ code: 1, stderr: 'Nothing was done: say --yes to do it.\n' })
    expect(stdout).toContain('  + client Shop\n      kind: "web"\n')
    expect(await server.organisations.findBySlug('acme')).toBeUndefined()
  })

  it('makes an installation what the file says, once: the second time there is nothing to do', async () => {
    const file = fileOf('acme', { foyer: 1, organisations: [acme] })
    const first = await applied(file, '--yes')
    expect(first.applied).toBe(true)
    expect(first.secrets.map(({ client_secret }) => client_secret)).toEqual([
      expect.stringMatching(/^fys_/),
      expect.stringMatching(/^fys_/),
    ])
    const organisation = await server.organisations.findBySlug('acme')
    expect(organisation).toMatchObject({
      name: 'Acme',
      locale: 'de',
      signUp: 'closed',
      supportEmail: 'help@acme.example',
      signIn: { codeLife: 300_000 },
      asksAcceptance: ['terms'],
      policies: { terms: { number: 1 } },
    })
    expect(stepsOf(await applied(file, '--prune', '--yes'))).toEqual([])
    expect(await printed(['apply', file])).toBe('acme: nothing to change\n')
  })

  it('tells clients of one name apart, and removes none of them', async () => {
    const file = fileOf('twins', { foyer: 1, organisations: [twins] })
    expect(stepsOf(await applied(file, '--yes'))).toHaveLength(4)
    expect(stepsOf(await applied(file, '--prune', '--yes'))).toEqual([])
    const [, ...others] = twins.clients
    const fewer = fileOf('fewer', { foyer: 1, organisations: [{ ...twins, clients: others }] })
    const { plan } = await applied(fewer, '--prune', '--plan')
    expect(plan[0]?.steps.map(({ action, what }) => `${action} ${what}`)).toEqual([
      'remove client Shop',
    ])
  })

  it('changes what is named and leaves the rest; removes only where it is told to', async () => {
    const shop = {
      kind: 'web',
      name: 'Shop',
      redirect_uris: ['https://shop.acme.example/cb', 'https://new.acme.example/cb'],
    }
    const entry = { slug: 'acme', name: 'Acme & Co', settings: {}, clients: [shop] }
    const file = fileOf('changed', { foyer: 1, organisations: [entry] })
    expect(stepsOf(await applied(file, '--yes'))).toEqual([
      'change organisation acme',
      'change settings',
      'change client Shop',
    ])
    const organisation = await server.organisations.findBySlug('acme')
    const { data } = await (
      await programOf(server, { role: 'owner', ...(organisation && { organisation }) })
    )<{
      items: { name: string; redirect_uris: string[] }[]
    }>('GET', '/organisations/acme/clients')
    expect(data.items.map(({ name }) => name)).toEqual(['Shop', 'Nightly'])
    expect(data.items[0]?.redirect_uris).toEqual(shop.redirect_uris)
    expect(stepsOf(await applied(file, '--prune', '--yes'))).toEqual(['remove client Nightly'])
  })

  it('P02: refuses what the format does not have, each with its place, before anything is read', async () => {
    const file = fileOf('wrong', {
      foyer: 1,
      organisations: [
        { slug: 'acme', owner: 'me', clients: [{ kind: 'web', name: 'x', secrets: ['s'] }] },
      ],
    })
    const { code, stderr } = await foyer(['apply', file, '--yes'])
    expect(code).toBe(1)
    expect(stderr.split('\n').sort()).toEqual([
      '',
      'organisations.0.clients.0.secrets: unknown field',
      'organisations.0.owner: unknown field',
    ])
  })

  it('says how far it came when a change is refused', async () => {
    const clients = [
      { kind: 'browser', name: 'Good', redirect_uris: ['https://good.acme.example/cb'] },
      { kind: 'browser', name: 'Bad', redirect_uris: ['javascript:alert(1)'] },
    ]
    const file = fileOf('refused', { foyer: 1, organisations: [{ slug: 'acme', clients }] })
    const { code, stderr } = await foyer(['apply', file, '--yes'])
    expect(code).toBe(1)
    expect(stderr).toContain('client Bad: redirect_uris.0: javascript:alert(1): ')
    expect(stderr).toContain('1 of 2 changes were made.')
  })
})

describe('foyer export', () => {
  it('prints what apply reads, without a secret, and of which nothing is to be changed', async () => {
    const text = await printed(['export'])
    expect(text).not.toMatch(/fys_|fyk_|fyr_|digest|client_secret:/)
    const file = join(folder, 'exported.yaml')
    writeFileSync(file, text)
    const { organisations } = parse(text) as { organisations: { slug: string }[] }
    expect(organisations.map(({ slug }) => slug)).toEqual([
      'acme',
      server.organisation.slug,
      'twins',
    ])
    expect(stepsOf(await applied(file, '--plan'))).toEqual([])
  })

  it('is taken to another installation by its address and an API key, and stands there', async () => {
    const other = await startServer()
    try {
      const file = join(folder, 'moved.yaml')
      writeFileSync(file, await printed(['export', '--organisation', 'acme']))
      const more = { FOYER_API_KEY: await keyOf(other, { role: 'platform-owner' }) }
      const there = ['--url', other.baseUrl]
      const first = JSON.parse(await printed(['apply', file, '--yes', '--json', ...there], more))
      expect(first).toMatchObject({ applied: true })
      const again = JSON.parse(await printed(['apply', file, '--json', ...there], more))
      expect(stepsOf(again)).toEqual([])
      expect(await other.organisations.findBySlug('acme')).toMatchObject({ name: 'Acme & Co' })
    } finally {
      await other.stop()
    }
  })

  it('leaves no key behind', async () => {
    const keys = await server.apiKeys.list('platform')
    expect(keys.filter(({ name, isLive }) => name === 'foyer apply' && isLive)).toEqual([])
  })
})
