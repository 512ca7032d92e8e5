// What `--json` prints is what the Admin API answers about the same thing: the same names, in the same form.

import { adminApi } from '@foyer/contract'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { z } from 'zod'
import { foyerBeside } from '../support/foyer.ts'
import { signedInPerson } from '../support/journeys.ts'
import { startServer, type TestServer } from '../support/server.ts'

const EMAIL = 'ana@example.com'
const MACHINE = ['--kind', 'machine', '--name', 'Till']
const {
  accounts,
  apiKeys,
  brand,
  clients,
  customers,
  keys,
  organisations,
  policies,
  registration,
} = adminApi
const { sessions, settings } = adminApi

let server: TestServer
let customer: string
beforeAll(async () => {
  server = await startServer()
  await signedInPerson(server, EMAIL)
  const [found] = await printed('customers', 'list', EMAIL)
  customer = found.id
  await printed('registration', 'tokens', 'create', '--name', 'Set-up')
  await printed(
    'api-keys',
    'create',
    '--name',
    'Export',
    '--role',
    'viewer',
    '--scope',
    'keys:read',
  )
})
afterAll(() => server.stop())

async function printed(...args: string[]) {
  const { code, stdout, stderr } = await foyerBeside(server, [...args, '--json'])
  expect({ args, code, stderr }).toEqual({ args, code: 0, stderr: '' })
  return JSON.parse(stdout)
}

/** The lists of the command line are all of a list, without its pages. */
const rowsOf = ({ answer }: { answer: z.ZodObject<{ items: z.ZodArray }> }) => answer.shape.items

describe('foyer --json', () => {
  it.each<[string, string[], z.ZodType]>([
    ['clients', ['clients', 'list'], rowsOf(clients.listClients)],
    ['a new client', ['clients', 'create', ...MACHINE], clients.createClient.answer],
    ['customers', ['customers', 'list'], rowsOf(customers.listCustomers)],
    ['accounts', ['accounts', 'list'], rowsOf(accounts.listAccounts)],
    ['an account', ['accounts', 'show', EMAIL], accounts.showAccount.answer],
    ['sessions', ['sessions', 'list'], rowsOf(sessions.listSessions)],
    ['a brand', ['brand', 'show'], brand.showBrand.answer],
    ['the draft of a brand', ['brand', 'set', '--font', 'serif'], brand.saveBrandDraft.answer],
    ['a brand that is published', ['brand', 'publish'], brand.publishBrand.answer],
    ['versions of a brand', ['brand', 'versions'], rowsOf(brand.listBrandVersions)],
    ['policies', ['policies', 'list'], rowsOf(policies.listPolicies)],
    ['what is accepted', ['policies', 'ask', 'terms'], policies.setPolicyAcceptance.answer],
    ['keys', ['keys', 'list'], rowsOf(keys.listKeys)],
    ['the next keys', ['keys', 'rotate'], keys.rotateKeys.answer],
    ['settings', ['settings', 'list'], settings.listSettings.answer.shape.settings],
    ['an organisation', ['organisations', 'show'], organisations.showOrganisation.answer],
    ['organisations', ['organisations', 'list'], rowsOf(organisations.listOrganisations)],
    ['an overview', ['organisations', 'overview'], organisations.showOverview.answer],
    ['tokens', ['registration', 'tokens', 'list'], rowsOf(registration.listRegistrationTokens)],
    ['API keys', ['api-keys', 'list'], apiKeys.listApiKeys.answer.shape.items],
    // Last: it ends the sessions.
    ['an account that is enabled', ['accounts', 'enable', EMAIL], accounts.enableAccount.answer],
  ])('prints %s as the Admin API answers', async (_name, args, shape) => {
    const told = await printed(...args)
    // A field that the contract does not name is left out by its shape, and so would be seen.
    expect(shape.parse(told)).toEqual(told)
    if (Array.isArray(told)) expect(told.length).toBeGreaterThan(0)
  })

  it('prints a client and its secrets as the Admin API answers', async () => {
    const { client } = await printed('clients', 'create', ...MACHINE)
    for (const [args, { answer }] of [
      [['add-secret', client.id], clients.addClientSecret],
      [['show', client.id], clients.showClient],
      [['update', client.id, '--name', 'Counter'], clients.updateClient],
    ] as const) {
      const told = await printed('clients', ...args)
      expect(answer.parse(told)).toEqual(told)
    }
  })

  it('prints a customer as the Admin API answers', async () => {
    const told = await printed('customers', 'show', customer)
    expect(customers.showCustomer.answer.parse(told)).toEqual(told)
  })
})
