// The secrets of clients: what is kept of them, which are right, and what becomes of them while `SECRET` is changed.

import { describe, expect, it } from '@jest/globals'
import { createSecretMaker } from '../../src/services/identity/clients/client-secrets.ts'
import { DAY, HOUR } from '../../src/shared/clock.ts'
import { createKeyring, systemRandom } from '../../src/shared/secrets.ts'
import { type Client, clientsCollection } from '../../src/stores/clients.ts'
import { StoreUnavailable } from '../../src/stores/errors.ts'
import { createClientGround, SECRET } from '../support/client-ground.ts'

const NEXT = 'the-next-secret-of-the-tests-that-is-long'
const ORGANISATION = 'org_one'

const { clock, documents, store, processWith, clients } = createClientGround()
const collection = documents.collection<Client>(clientsCollection)

const registration = (kind: Client['kind'] = 'web') => ({
  organisation: ORGANISATION,
  kind,
  name: 'Shop',
  redirectUris: kind === 'machine' ? [] : ['https://shop.example.com/callback'],
})

describe('a client’s secret', () => {
  it('A03: is made for web and machine only, shown once, and kept as a digest', async () => {
    for (const kind of ['browser', 'native'] as const) {
      const made = await clients.create(registration(kind))
      expect(made).not.toHaveProperty('secret')
      expect(made.client.secrets).toEqual([])
    }
    for (const kind of ['web', 'machine'] as const) {
      const { client, secret = '' } = await clients.create(registration(kind))
      expect(secret).toMatch(/^fys_[\w-]{43}$/)
      expect(JSON.stringify(await store.find(ORGANISATION, client._id))).not.toContain(secret)
    }
  })

  it('is right for its own client only, whole', async () => {
    const one = await clients.create(registration())
    const two = await clients.create(registration())
    const secret = String(one.secret)
    expect(await clients.verifySecret(one.client, secret)).toBe(true)
    for (const wrong of ['', secret.slice(0, -1), `${secret}a`, secret.toUpperCase(), 'fys_'])
      expect(await clients.verifySecret(one.client, wrong)).toBe(false)
    expect(await clients.verifySecret(two.client, secret)).toBe(false)
  })

  it('goes on while SECRET is changed, and fits no more without the value it was digested under', async () => {
    const { client, secret = '' } = await clients.create(registration())
    expect(await processWith([NEXT, SECRET]).verifySecret(client, secret)).toBe(true)
    expect(await processWith([NEXT]).verifySecret(client, secret)).toBe(false)
  })

  it('that was used while SECRET was being changed needs the old value no more; another one does', async () => {
    const made = [await clients.create(registration()), await clients.create(registration())]
    const [used, unused] = made
    const changing = processWith([NEXT, SECRET])
    const found = async (one = used): Promise<Client> => {
      const client = await processWith().find(ORGANISATION, String(one?.client._id))
      if (!client) throw new Error('the client is gone')
      return client
    }
    expect(changing.needsOlderSecret(await found())).toBe(true)
    expect(await changing.verifySecret(await found(), `${used?.secret}x`)).toBe(false)
    expect(changing.needsOlderSecret(await found())).toBe(true)
    expect(await changing.verifySecret(await found(), String(used?.secret))).toBe(true)
    expect(changing.needsOlderSecret(await found())).toBe(false)
    expect(changing.needsOlderSecret(await found(unused))).toBe(true)
    const after = processWith([NEXT])
    expect(await after.verifySecret(await found(), String(used?.secret))).toBe(true)
    expect(await after.verifySecret(await found(unused), String(unused?.secret))).toBe(false)
  })

  it('that is digested anew leaves the others of its client as they are', async () => {
    const { client, secret: first = '' } = await clients.create(registration())
    const keyring = createKeyring([SECRET])
    const second = createSecretMaker({ keyring, clock, random: systemRandom })(client._id, DAY)
    const secrets = [...client.secrets, second.record]
    const both = await store.change(client, { secrets }, clock.at)
    if (!both) throw new Error('the client is gone')
    const changing = processWith([NEXT, SECRET])
    expect(await changing.verifySecret(both, first)).toBe(true)
    const kept = await store.find(ORGANISATION, client._id)
    expect(kept?.secrets[1]).toEqual(second.record)
    expect(kept && changing.needsOlderSecret(kept)).toBe(true)
    expect(kept && (await changing.verifySecret(kept, second.secret))).toBe(true)
  })

  it('costs one write an hour, to note its use', async () => {
    const { client, secret = '' } = await clients.create(registration())
    const written: string[] = []
    const { verifySecret } = processWith([SECRET], {
      ...store,
      redigest: async () => void written.push('digests'),
      noteUse: async () => void written.push('use'),
    })
    for (let at = 0; at < 3; at += 1) await verifySecret(client, secret)
    expect(written).toEqual(['use'])
    clock.at += HOUR
    await verifySecret(client, secret)
    expect(written).toEqual(['use', 'use'])
  })

  it('is checked whether or not what follows can be written, and its use is noted the next time', async () => {
    const { client, secret = '' } = await clients.create(registration())
    let failures = 0
    const fail = async () => {
      failures += 1
      throw new StoreUnavailable('MongoDB')
    }
    const broken = processWith([NEXT, SECRET], { ...store, noteUse: fail, redigest: fail })
    expect(await broken.verifySecret(client, secret)).toBe(true)
    expect(failures).toBe(2)
    expect(await broken.verifySecret(client, secret)).toBe(true)
    expect(failures).toBe(4)
  })

  it('is not digested anew for a client that was changed meanwhile', async () => {
    const { client, secret } = await clients.create(registration())
    await collection.updateOne({ _id: client._id }, { $set: { secrets: [] }, $inc: { version: 1 } })
    const changing = processWith([NEXT, SECRET])
    expect(await changing.verifySecret(client, String(secret))).toBe(true)
    expect(await collection.findOne({ _id: client._id })).toMatchObject({ secrets: [] })
  })

  it('can be one of several, and ends at its time', async () => {
    const { client, secret = '' } = await clients.create(registration())
    const other = await clients.create(registration())
    const [first] = client.secrets
    if (!first) throw new Error('the client has no secret')
    const both = { ...client, secrets: [...other.client.secrets, first] }
    expect(await clients.verifySecret(both, secret)).toBe(true)
    const ending = { ...client, secrets: [{ ...first, expiresAt: clock.now() + DAY }] }
    expect(await clients.verifySecret(ending, secret)).toBe(true)
    clock.at += DAY
    expect(await clients.verifySecret(ending, secret)).toBe(false)
    const { expiresAt: _end, ...endless } = first // of an earlier program
    expect(await clients.verifySecret({ ...client, secrets: [endless] }, secret)).toBe(true)
  })
})
