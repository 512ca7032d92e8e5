// Ten thousand refreshes by two servers, with lost answers and racing tabs: nobody honest is signed out.

import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { Pool } from 'undici'
import { drawing } from '../support/drawing.ts'
import type { Credentials } from '../support/endpoints.ts'
import { signedInPerson, tokensFor } from '../support/journeys.ts'
import { startServer, type TestServer } from '../support/server.ts'
import { describeWithServices, mongoForTest, redisForTest } from '../support/services/shared.ts'

const REFRESHES = 10_000
const CUSTOMERS = 16
const TABS = 3
const LOST = 0.05

describeWithServices('a public client whose tabs all refresh at once, at two servers', () => {
  const mongo = mongoForTest()
  const processes: TestServer[] = []
  const connections: Pool[] = []
  let client: Credentials
  const seed = Number(process.env.SEED ?? Date.now() % 2 ** 31)
  const draw = drawing(seed)

  beforeAll(async () => {
    const env = {
      MONGODB_URI: mongo.uri,
      REDIS_URL: redisForTest().url,
      SECRET: 'a-secret-that-two-processes-share-0123456789',
    }
    const first = await startServer({ env })
    // The name in BASE_URL is the first one's; the second is asked at its own port.
    processes.push(first, await startServer({ env: { ...env, BASE_URL: first.baseUrl } }))
    for (const { http } of processes) {
      const { port } = http.address() as AddressInfo // it listens
      connections.push(new Pool(`http://localhost:${port}`, { connections: 12 }))
    }
    client = await first.register({ kind: 'browser' })
  })
  afterAll(async () => {
    await Promise.all(connections.map((each) => each.close()))
    await Promise.all(processes.map((each) => each.stop()))
    await mongo.drop()
  })

  async function refresh(token: unknown): Promise<{ status: number; text: string }> {
    const [first] = processes as [TestServer]
    const pool = connections[draw() < 0.5 ? 0 : 1] as Pool // there are two
    const { statusCode, body } = await pool.request({
      method: 'POST',
      path: '/oauth/token',
      headers: {
        host: new URL(first.baseUrl).host,
        'content-type': 'application/x-www-form-urlencoded',
      },
      body: new URLSearchParams({
        grant_type: 'refresh_token',
        client_id: client.client_id,
        refresh_token: String(token),
      }).toString(),
    })
    return { status: statusCode, text: await body.text() }
  }

  /** One tab: sends its token until an answer arrives; `sent` counts every request. */
  async function tab(token: unknown, sent: { count: number }): Promise<unknown> {
    for (;;) {
      sent.count += 1
      const { status, text } = await refresh(token)
      if (status !== 200) throw new Error(`signed out: ${text} (SEED=${seed})`)
      if (draw() >= LOST) return JSON.parse(text).refresh_token
    }
  }

  it('R04: signs nobody out in ten thousand refreshes, though one answer in twenty is lost', async () => {
    const sent = { count: 0 }
    const chains = await Promise.all(
      Array.from({ length: CUSTOMERS }, async () => {
        const [server] = processes as [TestServer]
        const person = await signedInPerson(server)
        const parameters = { scope: 'openid orders:read' }
        const { refresh_token } = await tokensFor(server, person, { client, parameters })
        return refresh_token as unknown
      }),
    )
    while (sent.count < REFRESHES) {
      const answers = await Promise.all(
        chains.map((token) => Promise.all(Array.from({ length: TABS }, () => tab(token, sent)))),
      )
      for (const [index, tabs] of answers.entries()) {
        // Every tab of a customer was given the same successor: one chain, never three.
        expect(new Set(tabs).size).toBe(1)
        chains[index] = tabs[0]
      }
    }
    expect(new Set(chains).size).toBe(CUSTOMERS)
  }, 180_000)
})
