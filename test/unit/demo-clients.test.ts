// The registrations of the demo: made at the first start, and moved by each that serves it elsewhere.

import { describe, expect, it } from '@jest/globals'
import { ensureDemoClients } from '../../src/services/identity/clients/demo-client.ts'
import { createClientGround } from '../support/client-ground.ts'

const { clock, store, clients } = createClientGround({ outgoing: { allowLoopback: true } })
const parts = { store, clock, clients, organisation: 'org_demo' }
const found = (id: string) => store.find('org_demo', id)

describe('the clients of the demo', () => {
  it('move to where they are served now, and keep what an operator changed otherwise', async () => {
    await ensureDemoClients({ ...parts, baseUrl: 'http://localhost:3000' })
    expect(await found('demo')).toMatchObject({
      kind: 'browser',
      firstParty: false,
      redirectUris: ['http://localhost:3000/demo/'],
      postLogoutRedirectUris: ['http://localhost:3000/demo/'],
      apiScopes: [
        'profile:read',
        'profile:write',
        'orders:read',
        'bookings:read',
        'enquiries:read',
      ],
    })
    expect(await found('demo-shop')).toBeUndefined()
    const made = await found('demo')
    if (made) await store.change(made, { name: 'Mine' }, clock.now())
    const [baseUrl, shop] = ['http://localhost:4000', 'http://127.0.0.1:4001']
    await ensureDemoClients({ ...parts, baseUrl, shop })
    expect(await found('demo')).toMatchObject({
      name: 'Mine',
      redirectUris: [`${baseUrl}/demo/`],
      postLogoutRedirectUris: [`${baseUrl}/demo/`],
      homeUri: `${baseUrl}/demo/`,
      origins: [baseUrl],
    })
    expect(await found('demo-shop')).toMatchObject({
      firstParty: true,
      redirectUris: [`${shop}/`, `${shop}/module.html`],
      postLogoutRedirectUris: [`${shop}/`],
      origins: [shop],
    })
  })

  it('do not hide that they could not be registered', async () => {
    const baseUrl = 'http://192.0.2.7' // plain http, and not this machine
    const refused = ensureDemoClients({ ...parts, baseUrl })
    await expect(refused).rejects.toMatchObject({ code: 'invalid_fields' })
  })
})
