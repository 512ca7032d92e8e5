// POST /refresh: a new pair of tokens, for public clients by the token alone, for confidential ones by proof.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type Call, callerOf, type Tokens, tokensOf } from '../../support/client-api.ts'
import { createRelyingParty, signIn } from '../../support/relying-party.ts'
import type { TestServer } from '../../support/server.ts'
import { describeOnAllStores } from '../../support/stores.ts'

type Registered = { client_id: string; client_secret?: string }
type Pair = { access_token: string; refresh_token: string }

const REFUSED = '{"success":false,"error":"Invalid or expired refresh token"}'
const DAY = 24 * 60 * 60 * 1000

describeOnAllStores('POST /refresh', (start, stores) => {
  let server: TestServer
  let call: Call
  let count = 0

  beforeAll(async () => {
    server = await start({ TRUST_PROXY: '1' })
    call = callerOf(server)
  })
  afterAll(() => server.stop())

  /** Somebody new, signed in at this client. */
  const signedInAt = (client: Registered): Promise<Tokens> => {
    count += 1
    return tokensOf(server, { email: `refreshing-${count}@example.org`, client })
  }
  const refresh = (json: unknown, headers = {}) => call('POST', '/refresh', { json, headers })
  const basic = ({ client_id, client_secret }: Registered) => ({
    authorization: `Basic ${btoa(`${client_id}:${client_secret}`)}`,
  })

  describe.each(['browser', 'native'] as const)('for a public client, kind %s', (kind) => {
    let client: Registered
    let tokens: Tokens
    let pair: Pair

    beforeAll(async () => {
      client = await server.register({ kind })
      tokens = await signedInAt(client)
    })

    it('needs the refresh token and nothing more, and answers with a pair that works', async () => {
      const { status, data, headers } = await refresh({ refresh_token: tokens.refresh_token })
      expect(status).toBe(200)
      expect(data).toMatchObject({ expires_in: 3600, token_type: 'Bearer' })
      expect(headers.get('cache-control')).toBe('no-store')
      pair = data as Pair // checked against the contract
      expect(pair.access_token).not.toBe(tokens.access_token)
      expect(pair.refresh_token).not.toBe(tokens.refresh_token)
      expect((await callerOf(server, pair.access_token)('GET', '/profile')).status).toBe(200)
    })

    it('takes the new token in its turn, the client’s id and the old access token beside it', async () => {
      const { status, data } = await refresh(
        { refresh_token: pair.refresh_token, client_id: client.client_id },
        { authorization: `Bearer ${tokens.access_token}` },
      )
      expect(status).toBe(200)
      expect(data.refresh_token).not.toBe(pair.refresh_token)
    })

    it('R05: refuses the token to another client', async () => {
      const { refresh_token } = await signedInAt(client)
      const other = await server.register({ kind })
      const answer = await refresh({ refresh_token, client_id: other.client_id })
      expect([answer.status, answer.text]).toEqual([401, REFUSED])
      expect((await refresh({ refresh_token })).status).toBe(200)
    })

    it('R01: refuses a token that was used, once its successor was, and ends the successors', async () => {
      const first = await signedInAt(client)
      const second = (await refresh({ refresh_token: first.refresh_token })).data as Pair
      const third = (await refresh({ refresh_token: second.refresh_token })).data as Pair
      expect((await refresh({ refresh_token: first.refresh_token })).text).toBe(REFUSED)
      expect((await refresh({ refresh_token: third.refresh_token })).text).toBe(REFUSED)
    })
  })

  describe('for a confidential client', () => {
    let client: Registered
    let refresh_token: string

    beforeAll(async () => {
      client = await server.register({ kind: 'web' })
      refresh_token = (await signedInAt(client)).refresh_token
    })

    it('R05: refuses who does not authenticate, or wrongly, and does no harm to the token', async () => {
      const other = await server.register({ kind: 'web' })
      const browser = await server.register({ kind: 'browser' })
      const { client_id } = client
      const attempts: [body: object, headers?: object][] = [
        [{}],
        [{ client_id }],
        [{ client_id, client_secret: 'fys_wrong' }],
        [{ client_id, client_secret: other.client_secret }],
        [{ ...other }],
        [{ client_id: browser.client_id }],
        [{}, basic({ client_id, client_secret: 'fys_wrong' })],
        [{}, basic(other)],
        [{}, { authorization: 'Basic !' }],
        [{ ...client }, basic(other)],
      ]
      for (const [body, headers] of attempts) {
        const answer = await refresh({ refresh_token, ...body }, headers)
        expect({ body, headers, text: answer.text }).toEqual({ body, headers, text: REFUSED })
        expect(answer.status).toBe(401)
      }
      expect((await refresh({ refresh_token }, basic(client))).status).toBe(200)
    })

    it('takes the secret by Basic and in the body, as the token endpoint does', async () => {
      for (const [body, headers] of [
        [{}, basic(client)],
        [client, {}],
      ] as const) {
        const { status, data } = await refresh({ refresh_token, ...body }, headers)
        expect(status).toBe(200)
        const { access_token } = data as Pair
        expect((await callerOf(server, access_token)('GET', '/profile')).status).toBe(200)
        refresh_token = String(data.refresh_token)
      }
    })
  })

  it('answers an unknown, garbled or foreign token with the same 401', async () => {
    const { access_token } = await signedInAt(await server.register({ kind: 'browser' }))
    const garbled = ['x', '../../x', '{"$gt":""}', 'ü', access_token, 'a'.repeat(2048), ' ', '%2e']
    for (const refresh_token of garbled) {
      const { status, text, headers } = await refresh({ refresh_token })
      expect([status, text]).toEqual([401, REFUSED])
      expect(headers.get('www-authenticate')).toMatch(
        /^Bearer error="invalid_grant", resource_metadata="http:.*\/api\/client\/v1"$/,
      )
    }
  })

  it.each<[name: string, json: unknown]>([
    ['no token', {}],
    ['an empty one', { refresh_token: '' }],
    ['an operator', { refresh_token: { $gt: '' } }],
    ['several', { refresh_token: ['a', 'b'] }],
    ['a number', { refresh_token: 7 }],
    ['one that is too long', { refresh_token: 'a'.repeat(2049) }],
    ['a member that is unknown', { refresh_token: 'a', grant_type: 'password' }],
    ['a list', ['a']],
  ])('D01: answers 422 to %s', async (_name, json) => {
    const { status, failure } = await refresh(json)
    expect([status, failure.code]).toEqual([422, 'invalid_fields'])
  })

  it('answers 400 to broken JSON and NUL, 415 to what is no JSON, 413 to 10 MB', async () => {
    const send = (body: string, type = 'application/json') =>
      call('POST', '/refresh', { body, headers: { 'content-type': type } })
    expect((await send('{')).status).toBe(400)
    expect((await send('{"refresh_token":"a\\u0000"}')).status).toBe(400)
    expect((await send('refresh_token=a', 'application/x-www-form-urlencoded')).status).toBe(415)
    expect((await send('{"refresh_token":"a"}', 'text/plain')).status).toBe(415)
    expect((await send('x'.repeat(10 * 1024 * 1024))).status).toBe(413)
  })

  it('answers 429 to a loop that repeats one token, and serves others', async () => {
    const json = { refresh_token: 'looping' }
    const answers = []
    for (let round = 0; round < 21; round += 1) answers.push(await refresh(json))
    const left = answers.map(({ headers }) => Number(headers.get('ratelimit-remaining')))
    expect(left).toEqual([...Array.from({ length: 20 }, (_, index) => 19 - index), 0])
    const last = answers.at(-1)
    expect([last?.status, last?.failure.code]).toEqual([429, 'rate_limited'])
    expect(Number(last?.headers.get('retry-after'))).toBeGreaterThan(0)
    const { refresh_token } = await signedInAt(await server.register({ kind: 'browser' }))
    expect((await refresh({ refresh_token })).status).toBe(200)
  })

  if (stores === 'embedded')
    it('answers 429 to who tries one token after the other, from all addresses of a network', async () => {
      const guess = async (number: number): Promise<number> => {
        const json = { refresh_token: `guessed-${number}` }
        const headers = { 'x-forwarded-for': `2001:db8:1:2::${number.toString(16)}` }
        return (await refresh(json, headers)).status
      }
      const answers = await Promise.all(Array.from({ length: 240 }, (_, number) => guess(number)))
      expect(new Set(answers)).toEqual(new Set([401]))
      expect(await guess(240)).toBe(429)
    })

  it('R06: gives no more than was granted', async () => {
    const client = await server.register({ kind: 'browser' })
    const party = await createRelyingParty(server, client)
    const pending = await party.authorize({ scope: 'openid orders:read' })
    const callback = await signIn(server, { url: pending.url, email: 'narrow@example.org' })
    const { refresh_token } = await party.exchange(callback, pending)
    const { data } = await refresh({ refresh_token })
    expect(data.scope).toBe('openid orders:read')
    const narrow = callerOf(server, String(data.access_token))
    expect((await narrow('GET', '/orders')).status).toBe(200)
    expect((await narrow('GET', '/profile')).status).toBe(403)
  })

  if (stores === 'embedded')
    it('R07: refuses a token that was not used for thirty days', async () => {
      const { refresh_token } = await signedInAt(await server.register({ kind: 'browser' }))
      server.clock.forward(31 * DAY)
      expect((await refresh({ refresh_token })).text).toBe(REFUSED)
    })
})
