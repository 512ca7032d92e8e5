// Secrets that end: who hears of it, when, how often, and in which words.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { DAY, HOUR } from '../../src/shared/clock.ts'
import { clientsCollection } from '../../src/stores/clients.ts'
import { PLATFORM } from '../../src/stores/operator-roles.ts'
import { programOf } from '../support/admin-api.ts'
import { type OtherOrganisation, startServer, type TestServer } from '../support/server.ts'

const BY = { actor: 'tests' }

describe('operators', () => {
  let server: TestServer
  beforeAll(async () => {
    server = await startServer()
    await server.operators.add(PLATFORM, { email: 'platform@example.com', role: 'owner' }, BY)
  })
  afterAll(() => server.stop())

  let places = 0
  /** An organisation with an owner, an editor and a viewer, unless told that it has nobody. */
  async function place({ hasOperators = true } = {}) {
    places += 1
    const slug = `place-${places}`
    const other = await server.addOrganisation(slug)
    const address = (role: string) => `${role}@${slug}.example`
    for (const role of hasOperators ? ['owner', 'editor', 'viewer'] : [])
      await server.operators.add(other.organisation._id, { email: address(role), role }, BY)
    return { ...other, slug, address }
  }

  /** What is due, done by two at once. */
  async function tended(forward: number): Promise<void> {
    server.clock.forward(forward)
    for (let round = 0; round < 3; round += 1)
      await Promise.all([server.jobs.runDue(), server.jobs.runDue()])
  }
  const subjects = async (to: string) => (await server.mails(to)).map(({ subject }) => subject)
  const machine = (at: OtherOrganisation, name: string) => at.register({ kind: 'machine', name })

  it('are told 30, 7 and 1 days before, once each; viewers are not', async () => {
    const acme = await place()
    await machine(acme, 'Tills')
    const told = async () =>
      Promise.all(['owner', 'editor', 'viewer'].map((role) => subjects(acme.address(role))))
    const subject = 'A secret of Tills ends soon'
    const times = (count: number) => Array(count).fill(subject)
    await tended(150 * DAY - HOUR)
    expect(await told()).toEqual([[], [], []])
    await tended(HOUR)
    expect(await told()).toEqual([times(1), times(1), []])
    await tended(2 * HOUR)
    expect(await told()).toEqual([times(1), times(1), []])
    await tended(23 * DAY)
    expect(await told()).toEqual([times(2), times(2), []])
    await tended(6 * DAY)
    expect(await told()).toEqual([times(3), times(3), []])
    await tended(2 * DAY)
    expect(await told()).toEqual([times(3), times(3), []])
  })

  it('are told what ends, when, whether it is used, and where to go, in the organisation’s language', async () => {
    const acme = await place()
    await server.organisations.change(acme.organisation._id, { locale: 'de' })
    const { client_id, client_secret } = await machine(acme, 'Kasse <b>"1"</b>')
    const client = await server.clients.find(acme.organisation._id, client_id)
    expect(client && (await server.clients.verifySecret(client, String(client_secret)))).toBe(true)
    await tended(150 * DAY)
    const [mail] = await server.mails(acme.address('owner'))
    expect(mail?.subject).toBe('Ein Secret von Kasse <b>"1"</b> läuft bald ab')
    expect(mail?.text).toContain(String(client_secret?.slice(-4)))
    expect(mail?.text).toContain('Zuletzt benutzt wurde es am')
    expect(mail?.text).toContain(`${server.baseUrl}/admin/o/${acme.slug}/clients/${client_id}`)
    expect(mail?.html).not.toContain('<b>')
    expect(JSON.stringify(mail)).not.toContain(client_secret)
  })

  it('hear nothing of what was revoked, removed or disabled, and of one that was forgotten once', async () => {
    const acme = await place()
    const owner = await programOf(server, { role: 'owner', organisation: acme.organisation })
    const clients = `/organisations/${acme.slug}/clients`
    const [revoked, removed, disabled] = await Promise.all(
      ['Revoked', 'Removed', 'Disabled'].map((name) => machine(acme, name)),
    )
    const { data } = await owner<{ secrets: { id: string }[] }>(
      'GET',
      `${clients}/${revoked?.client_id}`,
    )
    await owner('DELETE', `${clients}/${revoked?.client_id}/secrets/${data.secrets[0]?.id}`)
    await owner('DELETE', `${clients}/${removed?.client_id}`)
    await owner('POST', `${clients}/${disabled?.client_id}/disable`)
    await machine(acme, 'Forgotten')
    // Down from before the first warning until after the second.
    await tended(174 * DAY)
    expect(await subjects(acme.address('owner'))).toEqual(['A secret of Forgotten ends soon'])
    const later = await programOf(server, { role: 'viewer', organisation: acme.organisation })
    const list = await later<{ items: { name: string; expires_soon: boolean }[] }>('GET', clients)
    expect(list.data.items.find(({ name }) => name === 'Forgotten')?.expires_soon).toBe(true)
  })

  it('of the platform are told where an organisation has nobody', async () => {
    await machine(await place({ hasOperators: false }), 'Orphan')
    await tended(150 * DAY)
    expect(await subjects('platform@example.com')).toContain('A secret of Orphan ends soon')
  })

  it('are told of a secret that an earlier program made, whose clients can then be found', async () => {
    const acme = await place()
    const { client_id } = await machine(acme, 'Earlier')
    await server.documents
      .collection(clientsCollection)
      .updateOne({ _id: client_id }, { $unset: { search: true, warnAt: true } })
    const viewer = await programOf(server, { role: 'viewer', organisation: acme.organisation })
    const found = async () => {
      const path = `/organisations/${acme.slug}/clients?q=earl`
      return (await viewer<{ items: unknown[] }>('GET', path)).data.items.length
    }
    expect(await found()).toBe(0)
    await tended(HOUR)
    expect(await found()).toBe(1)
    await tended(150 * DAY)
    expect(await subjects(acme.address('editor'))).toEqual(['A secret of Earlier ends soon'])
  })
})
