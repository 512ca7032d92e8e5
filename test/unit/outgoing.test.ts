// Requests of ours to others, sent to real listeners: none of them leads inside, waits for ever or swallows too much.

import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import { createServer as createSocketServer, type Socket } from 'node:net'
import tls from 'node:tls'
import { gzipSync } from 'node:zlib'
import { afterAll, afterEach, describe, expect, it } from '@jest/globals'
import { createOutgoingFetch, type Lookup } from '../../adapters/outgoing/fetch.ts'
import { mayConnect, type OutgoingRules, targetProblem } from '../../src/shared/outgoing.ts'
import { selfSigned } from '../support/certificate.ts'
import { expectWithin } from '../support/stopwatch.ts'

/** As in production, but that plain http is allowed, so that only addresses matter. */
const strict: OutgoingRules = { privateHosts: [], allowLoopback: false, allowPlainHttp: true }
const development: OutgoingRules = { ...strict, allowLoopback: true }

type Listener = { port: number; connections: () => number }
const stops: (() => void)[] = []

async function listen(server: Server | ReturnType<typeof createSocketServer>): Promise<Listener> {
  const open = new Set<Socket>()
  let connections = 0
  server.on('connection', (socket: Socket) => {
    connections += 1
    open.add(socket.on('error', () => {}))
  })
  server.listen(0, '::') // both families
  await once(server, 'listening')
  stops.push(() => {
    server.close()
    for (const socket of open) socket.destroy()
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return { port: address.port, connections: () => connections }
}
const serve = (handler: RequestListener): Promise<Listener> => listen(createServer(handler))
const answering = (): Promise<Listener> => serve((_request, response) => response.end('here'))

afterEach(() => {
  for (const stop of stops.splice(0)) stop()
})

describe('A01: a request', () => {
  it.each([
    '127.0.0.1',
    '127.0.0.1.',
    '127.1',
    '2130706433',
    '0x7f000001',
    '0177.0.0.1',
    '017700000001',
    '１２７.0.0.1',
    '0.0.0.0',
    '0',
    '[::1]',
    '[::]',
    '[0:0:0:0:0:0:0:1]',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '[::127.0.0.1]',
    '[64:ff9b::127.0.0.1]',
    '[2002:7f00:1::]',
    'localhost',
    'LOCALHOST',
    'localhost.',
    'app.localhost',
  ])('to %s makes no connection, unless its host was listed', async (host) => {
    const listener = await answering()
    const target = `http://${host}:${listener.port}/`
    await expect(createOutgoingFetch({ rules: strict })(target)).rejects.toThrow(/^not sent: /)
    expect(listener.connections()).toBe(0)
    expect(targetProblem(new URL(target), strict)).toContain('no public address')

    const listed = { ...strict, privateHosts: [new URL(target).hostname] }
    expect(targetProblem(new URL(target), listed)).toBeUndefined()
  })

  it('to a host that was listed gets its answer, and to no other', async () => {
    const listener = await answering()
    const send = createOutgoingFetch({ rules: { ...strict, privateHosts: ['0.0.0.0'] } })
    const answer = await send(`http://0.0.0.0:${listener.port}/`)
    expect(await answer.text()).toBe('here')
    await expect(send(`http://127.0.0.1:${listener.port}/`)).rejects.toThrow('not sent')
    expect(listener.connections()).toBe(1)
  })

  /** Answers with the next address each time. */
  const resolving = (...addresses: string[]): Lookup & { asked: string[] } => {
    const asked: string[] = []
    const lookup: Lookup = (host, _options, done) => {
      asked.push(host)
      const address = addresses[asked.length - 1] ?? ''
      done(null, [{ address, family: address.includes(':') ? 6 : 4 }])
    }
    return Object.assign(lookup, { asked })
  }

  it.each(['127.0.0.1', '::1', '0.0.0.0', '::ffff:127.0.0.1', '::ffff:7f00:1'])(
    'to a name that resolves to %s makes no connection',
    async (address) => {
      const listener = await answering()
      const lookup = resolving(address)
      const send = createOutgoingFetch({ rules: strict, lookup })
      await expect(send(`http://inside.example.com:${listener.port}/`)).rejects.toThrow(
        'not sent: inside.example.com leads to no public address',
      )
      expect(listener.connections()).toBe(0)
      expect(lookup.asked).toEqual(['inside.example.com'])
    },
  )

  it('resolves a name once, goes where it looked, and looks again the next time', async () => {
    const listener = await answering()
    const lookup = resolving('127.0.0.1', '0.0.0.0', '127.0.0.1')
    const send = createOutgoingFetch({ rules: development, lookup })
    const target = `http://rebinding.example.com:${listener.port}/`
    expect((await send(target)).status).toBe(200)
    expect(lookup.asked).toHaveLength(1)
    await expect(send(target)).rejects.toThrow('not sent')
    expect(listener.connections()).toBe(1)
  })

  it('of several addresses uses only the public ones', async () => {
    const listener = await answering()
    const lookup: Lookup = (_host, _options, done) =>
      done(null, [
        { address: '0.0.0.0', family: 4 },
        { address: '10.0.0.1', family: 4 },
        { address: '127.0.0.1', family: 4 },
      ])
    const send = createOutgoingFetch({ rules: development, lookup })
    expect((await send(`http://app.example.com:${listener.port}/`)).status).toBe(200)
  })

  it('follows no redirect', async () => {
    const inside = await answering()
    const outside = await serve((_request, response) =>
      response.writeHead(307, { location: `http://127.0.0.1:${inside.port}/` }).end(),
    )
    const send = createOutgoingFetch({ rules: development })
    const answer = await send(`http://127.0.0.1:${outside.port}/`, { method: 'POST', body: 'x' })
    expect(answer.status).toBe(307)
    expect(inside.connections()).toBe(0)
  })

  it.each(['http://example.com/', 'ftp://example.com/', 'file:///etc/passwd', 'data:,x'])(
    'is never sent to %s while BASE_URL is https',
    async (target) => {
      const send = createOutgoingFetch({ rules: { ...strict, allowPlainHttp: false } })
      await expect(send(target)).rejects.toThrow('not sent: it is not https')
    },
  )
})

describe('A01: an address', () => {
  it.each([
    ['this network', '0.1.2.3'],
    ['private, class A', '10.255.255.255'],
    ['private, class B', '172.16.0.1'],
    ['private, class B, the last', '172.31.255.254'],
    ['private, class C', '192.168.1.1'],
    ['carrier-grade NAT', '100.64.0.1'],
    ['carrier-grade NAT, the last', '100.127.255.255'],
    ['cloud metadata', '169.254.169.254'],
    ['protocol assignments', '192.0.0.192'],
    ['benchmarking', '198.19.0.1'],
    ['documentation', '203.0.113.9'],
    ['6to4 relay', '192.88.99.1'],
    ['multicast', '239.1.1.1'],
    ['reserved', '250.1.1.1'],
    ['broadcast', '255.255.255.255'],
    ['unspecified', '::'],
    ['unique local', 'fd00:ec2::254'],
    ['unique local, the other half', 'fc00::1'],
    ['link-local', 'fe80::1'],
    ['link-local with a zone', 'fe80::1%lo'],
    ['site-local', 'fec0::1'],
    ['IPv6 multicast', 'ff02::1'],
    ['mapped public', '::ffff:8.8.8.8'],
    ['mapped loopback', '::ffff:127.0.0.1'],
    ['mapped private', '::ffff:10.0.0.1'],
    ['NAT64 of a private one', '64:ff9b::a00:1'],
    ['local NAT64', '64:ff9b:1::a00:1'],
    ['6to4 of a private one', '2002:a00:1::1'],
    ['Teredo', '2001:0:a00:1::1'],
    ['IPv6 documentation', '2001:db8::1'],
    ['newer IPv6 documentation', '3fff::1'],
    ['discard', '100::1'],
    ['segment routing', '5f00::1'],
    ['no address at all', 'example.com'],
    ['empty', ''],
  ])('that is %s is not reached: %s', (_name, address) => {
    expect(mayConnect('app.example.com', address, strict)).toBe(false)
    expect(mayConnect('app.example.com', address, development)).toBe(false)
    expect(
      mayConnect('app.example.com', address, { ...strict, privateHosts: ['app.example.com'] }),
    ).toBe(true)
  })

  it.each([
    '8.8.8.8',
    '100.63.255.255',
    '100.128.0.1',
    '172.15.255.255',
    '172.32.0.1',
    '192.0.3.1',
    '223.255.255.255',
    '2606:4700::1111',
    '2a00:1450:4001:800::200e',
    '2001:4860:4860::8888',
  ])('that is public is reached: %s', (address) => {
    expect(mayConnect('app.example.com', address, strict)).toBe(true)
  })
})

describe('A02: an answer', () => {
  const send = createOutgoingFetch({ rules: development })

  it('that does not come, trickles in, or whose name is never resolved is given up after five seconds', async () => {
    const silent = await listen(createSocketServer())
    const slowHead = await listen(
      createSocketServer((socket) => {
        socket.write('HTTP/1.1 200 OK\r\n')
        const timer = setInterval(() => socket.write('x-more: 1\r\n'), 50)
        socket.on('close', () => clearInterval(timer))
      }),
    )
    const slowBody = await serve((_request, response) => {
      const timer = setInterval(() => response.write('.'), 50)
      response.on('close', () => clearInterval(timer))
    })
    const unresolved = createOutgoingFetch({ rules: development, lookup: () => {} })
    const outcomes = await expectWithin(5500, () =>
      Promise.allSettled([
        ...[silent, slowHead, slowBody].map(({ port }) => send(`http://127.0.0.1:${port}/`)),
        unresolved('http://app.example.com/'),
      ]),
    )
    for (const outcome of outcomes)
      expect(outcome).toMatchObject({
        status: 'rejected',
        reason: { message: 'no answer within 5 s' },
      })
  }, 10_000)

  it('without an end is cut off, however it is announced', async () => {
    let written = 0
    const chunk = Buffer.alloc(64 * 1024, 'x')
    const endless = await serve((_request, response) => {
      const more = (): void => {
        while (!response.destroyed && response.write(chunk)) written += chunk.length
      }
      response.on('drain', more)
      more()
    })
    await expect(send(`http://127.0.0.1:${endless.port}/`)).rejects.toThrow('longer than 64 KiB')
    expect(written).toBeLessThan(20 * 1024 * 1024) // what the buffers of the system took
  })

  it('that is packed is not unpacked', async () => {
    const bomb = gzipSync(Buffer.alloc(20 * 1024 * 1024))
    const listener = await serve((request, response) => {
      expect(request.headers).toMatchObject({
        'accept-encoding': 'identity',
        'user-agent': 'Foyer',
      })
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb)
    })
    const answer = await send(`http://127.0.0.1:${listener.port}/`)
    expect((await answer.arrayBuffer()).byteLength).toBe(bomb.length)
  })

  it('is the other’s own: status, headers and text; and nobody listening is told plainly', async () => {
    const listener = await serve((request, response) => {
      response.writeHead(418, { 'x-method': String(request.method), 'x-type': 'a' })
      request.pipe(response)
    })
    const body = new URLSearchParams({ a: 'b c' })
    const answer = await send(`http://localhost:${listener.port}/`, { method: 'POST', body })
    expect(answer.status).toBe(418)
    expect(answer.headers.get('x-method')).toBe('POST')
    expect(await answer.text()).toBe('a=b+c')
    await expect(send('http://localhost:9/')).rejects.toThrow('ECONNREFUSED')
  })
})

describe('over TLS', () => {
  const trusted = tls.getCACertificates('default')
  afterAll(() => tls.setDefaultCACertificates(trusted))

  it('an answer counts only under a certificate that is trusted', async () => {
    const certificate = selfSigned()
    const { port } = await listen(
      createSecureServer(certificate, (_request, response) => response.end('secure')),
    )
    const send = createOutgoingFetch({ rules: { ...development, allowPlainHttp: false } })
    await expect(send(`https://localhost:${port}/`)).rejects.toThrow('self-signed certificate')
    tls.setDefaultCACertificates([...trusted, certificate.cert])
    expect(await (await send(`https://localhost:${port}/`)).text()).toBe('secure')
    await expect(send(`https://app.localhost:${port}/`)).rejects.toThrow(/altnames|ENOTFOUND/)
  })
})
