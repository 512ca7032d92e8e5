// The files of front ends, to whoever does not stay until they have come.

import { once } from 'node:events'
import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { eventually } from '../support/eventually.ts'
import { runProgram } from '../support/program.ts'
import { startServer, type TestServer } from '../support/server.ts'

describe('a file of a front end', () => {
  let server: TestServer
  let file: string
  beforeAll(async () => {
    expect(await runProgram('scripts/front-ends.js')).toMatchObject({ code: 0, stderr: '' })
    server = await startServer()
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

  it('that cannot be read to its end is one', () => {
    const broken = Object.assign(new Error('i/o error, read'), { code: 'EIO' })
    server.app.emit('error', broken) // as Koa says it
    expect(server.log.errors).toEqual([
      expect.stringMatching(/^an answer could not be sent .*i\/o/),
    ])
  })
})
