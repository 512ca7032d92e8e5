// The files of front ends, to whoever does not stay until they have come.

import { once } from 'node:events'
import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { signInToConsole } from '../support/console-agent.ts'
import { eventually } from '../support/eventually.ts'
import { runProgram } from '../support/program.ts'
import { startServer, type TestServer } from '../support/server.ts'
import { createUserAgent } from '../support/user-agent.ts'

const OWNER = 'owner@example.com'

describe('a file of a front end', () => {
  let server: TestServer
  let file: string
  beforeAll(async () => {
    expect(await runProgram('scripts/front-ends.js')).toMatchObject({ code: 0, stderr: '' })
    server = await startServer({ env: { OPERATORS: OWNER } })
    const page = await (await fetch(`${server.baseUrl}/demo/`)).text()
    file = String(/src="([^"]+\.js)"/.exec(page)?.[1])
  })
  afterAll(() => server.stop())

  it('whose client leaves in the middle of it is no error', async () => {
    const { hostname, port, host } = new URL(server.baseUrl)
    const client = connect(Number(port), hostname)
    await once(client, 'connect')
    // More than the machine keeps for who reads nothing: one of the answers is under way.
    client.write(`GET ${file} HTTP/1.1\r\nHost: ${host}\r\n\r\n`.repeat(1000))
    await once(client, 'readable')
    client.resetAndDestroy()
    const left = /^a client left before its answer was sent .*(PREMATURE_CLOSE|ECONNRESET|EPIPE)/
    await eventually(async () =>
      expect(server.log.lines.some((line) => left.test(line))).toBe(true),
    )
    expect(server.log.errors).toEqual([])
  })

  it('is sent compressed to who takes that, its page too', async () => {
    const { agent } = await signInToConsole(server, OWNER)
    for (const path of ['/demo/', '/admin/', '/admin/o/acme', file]) {
      const encodingFor = async (accepted: string) => {
        const answer = await agent.request(path, { headers: { 'accept-encoding': accepted } })
        const { status, headers } = answer
        await answer.arrayBuffer()
        return [path, status, headers.get('content-encoding'), headers.get('vary')]
      }
      expect(await encodingFor('gzip')).toEqual([path, 200, 'gzip', 'Accept-Encoding'])
      expect(await encodingFor('identity')).toEqual([path, 200, null, 'Accept-Encoding'])
    }
  })

  it.each(['/api/client/v1', '/api/client/v1/openapi.json', '/api/admin/v1/openapi.json'])(
    'is so, as is what explains an API: %s',
    async (path) => {
      const textFor = async (accepted: string) => {
        const answer = await fetch(`${server.baseUrl}${path}`, {
          headers: { accept: 'text/html', 'accept-encoding': accepted },
        })
        const { headers } = answer
        expect(headers.get('content-encoding')).toBe(accepted === 'gzip' ? 'gzip' : null)
        expect(headers.get('vary')).toContain('Accept-Encoding')
        expect(headers.get('cache-control')).toBe('public, max-age=300')
        return answer.text()
      }
      expect(await textFor('gzip')).toBe(await textFor('identity'))
    },
  )

  it('is not kept by what stands between where its page depends on who is signed in', async () => {
    const { agent } = await signInToConsole(server, OWNER)
    const { headers } = await agent.request('/admin/')
    expect(headers.get('cache-control')).toBe('private, no-cache')
    expect((await agent.request('/demo/')).headers.get('cache-control')).toBe('max-age=0')
  })

  // What an attacker has reflected beside a secret, compressed with it, tells the secret by its length (BREACH).
  it.each(['/admin/sign-in', '/admin/signed-out', '/'])(
    'is alone in that: the page at %s, which is made for each request, is not',
    async (path) => {
      const { status, headers } = await createUserAgent(server.baseUrl).open(path)
      expect([status, headers.get('content-encoding')]).toEqual([200, null])
    },
  )

  it('that cannot be read to its end is one', () => {
    const broken = Object.assign(new Error('i/o error, read'), { code: 'EIO' })
    server.app.emit('error', broken) // as Koa says it
    expect(server.log.errors).toEqual([
      expect.stringMatching(/^an answer could not be sent .*i\/o/),
    ])
  })
})
