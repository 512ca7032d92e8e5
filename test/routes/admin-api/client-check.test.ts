// What the wizard asks while somebody types: whether an application's server can be told of sign-outs.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type Call, programOf } from '../../support/admin-api.ts'
import { type LogoutListener, startLogoutListener } from '../../support/logout-listener.ts'
import { startServer, type TestServer } from '../../support/server.ts'

type Problem = { path: string; message: string }
type Checked = { problems: Problem[]; warnings: Problem[] }

let server: TestServer
let editor: Call
let listener: LogoutListener
beforeAll(async () => {
  server = await startServer()
  editor = await programOf(server, { role: 'editor' })
  listener = await startLogoutListener()
})
afterAll(async () => {
  await server.stop()
  await listener.stop()
})

async function check(uri: string): Promise<Checked> {
  const body = {
    kind: 'web',
    name: 'Shop',
    redirect_uris: ['https://shop.example.com/callback'],
    back_channel_logout_uri: uri,
  }
  const { slug } = server.organisation
  const answer = await editor<Checked>('POST', `/organisations/${slug}/clients/check`, { body })
  expect(answer.status).toBe(200)
  return answer.data
}

describe('a back-channel logout URI', () => {
  it('at which somebody answers, whatever it is, is good', async () => {
    listener.answerWith(405)
    expect(await check(listener.uri)).toEqual({ problems: [], warnings: [] })
    expect(listener.told).toMatchObject([{ method: 'HEAD' }])
  })

  it('is asked once a minute, however often somebody types', async () => {
    const before = listener.told.length
    for (let turn = 0; turn < 5; turn += 1) await check(`${listener.uri}&again`)
    expect(listener.told.length - before).toBe(1)
  })

  it('at which nobody answers is told, and not refused', async () => {
    const { problems, warnings } = await check('http://localhost:9/nobody')
    expect(problems).toEqual([])
    expect(warnings).toEqual([
      {
        path: 'back_channel_logout_uri',
        message: expect.stringMatching(/^cannot be reached just now: .*ECONNREFUSED/),
      },
    ])
  })

  it.each([
    'http://169.254.169.254/latest/meta-data',
    'http://10.0.0.1/',
    'http://[::ffff:10.0.0.1]/',
    'http://167772161/',
    'file:///etc/passwd',
  ])('A01: %s is refused, and nothing is sent', async (uri) => {
    const { problems, warnings } = await check(uri)
    expect(problems.map(({ path }) => path)).toEqual(['back_channel_logout_uri'])
    expect(warnings).toEqual([])
  })
})
