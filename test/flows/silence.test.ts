// The engine prints a notice for each placeholder that was left in it: a server at work prints nothing at all.

import { afterAll, beforeAll, expect, it, jest } from '@jest/globals'
import { basic, postForm, refresh, userinfo } from '../support/endpoints.ts'
import { signedInPerson, tokensFor } from '../support/journeys.ts'
import { REDIRECT_URI, startServer, type TestServer } from '../support/server.ts'

const printed: unknown[] = []
const warn = (warning: Error): unknown => printed.push(warning.message)
const methods = ['debug', 'info', 'log', 'warn', 'error'] as const

let server: TestServer

beforeAll(async () => {
  for (const method of methods)
    jest.spyOn(console, method).mockImplementation((...words) => void printed.push(words))
  process.on('warning', warn)
  server = await startServer()
})
afterAll(async () => {
  await server.stop()
  process.off('warning', warn)
  jest.restoreAllMocks()
})

it('a server prints no notice and no warning, at its start or at any endpoint', async () => {
  const client = await server.register({ apiScopes: [] })
  const machine = await server.register({ kind: 'machine' })
  const person = await signedInPerson(server)
  const origin = new URL(REDIRECT_URI).origin
  const tokens = await tokensFor(server, person, { client, parameters: { scope: 'openid' } })
  const token = String(tokens.refresh_token)

  const answers = [
    await userinfo(server, tokens.access_token),
    await refresh(server, client, { refresh_token: token }),
    await postForm(server, 'introspect', { client, fields: { token } }),
    await postForm(server, 'token', {
      client: machine,
      fields: { grant_type: 'client_credentials' },
    }),
    await postForm(server, 'revoke', { client, fields: { token }, headers: { origin } }),
  ]
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200])
  await postForm(server, 'token', { headers: basic({ client_id: 'nobody' }) })
  await person.agent.open('/oauth/authorize?client_id=nobody')
  await person.agent.submit(await person.agent.open('/oauth/logout'))
  expect(printed).toEqual([])
})
