// `foyer doctor` beside a running server, and what it makes of clocks, secrets, configuration and the way in from outside.

import { once } from 'node:events'
import { rmSync, writeFileSync } from 'node:fs'
import { type IncomingMessage, request } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import tls from 'node:tls'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { examine } from '../../src/compose/examine.ts'
import { DAY, SECOND, systemClock } from '../../src/shared/clock.ts'
import type { Finding } from '../../src/shared/finding.ts'
import { createSigningKeyStore } from '../../src/stores/signing-keys.ts'
import { selfSigned } from '../support/certificate.ts'
import { newFolder } from '../support/folder.ts'
import { foyer } from '../support/foyer.ts'
import type { Ended } from '../support/program.ts'
import { startServer, type TestServer } from '../support/server.ts'
import { startOwnRedis } from '../support/services/processes.ts'
import { describeWithServices, mongoForTest } from '../support/services/shared.ts'

const SECRET = 'one-secret-of-the-tests-0123456789'
const OTHER_SECRET = 'quite-another-secret-9876543210-abc'

const doctor = (env: { [name: string]: string }, ...args: string[]): Promise<Ended> =>
  foyer(['doctor', ...args], { env })
const unwell = (findings: readonly Finding[]): [string, string][] =>
  findings
    .filter(({ severity }) => severity !== 'ok')
    .map(({ check, severity }) => [check, severity])
const of = (check: string, findings: readonly Finding[]): Finding | undefined =>
  findings.find((each) => each.check === check)

describe('foyer doctor', () => {
  let server: TestServer
  let env: { [name: string]: string }
  beforeAll(async () => {
    server = await startServer({ env: { SECRET } })
    env = { BASE_URL: server.baseUrl, DATA_DIR: server.dataDir, SECRET }
  })
  afterAll(() => server.stop())

  it('finds nothing wrong beside a running server, and says so in a table', async () => {
    const { code, stdout, stderr } = await doctor(env)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' }) // no progress where nobody watches
    expect(stdout).toMatch(/^ok {7}embedded\.documents {5}\S+ can be written to$/m)
    expect(stdout).toMatch(/^ok {7}keys {19}looked at 2 keys of 1 organisation; the next rotation/m)
    expect(stdout).toMatch(/\nproblems: 0, warnings: 0, well: \d+\n$/)
  })

  it('prints an array for programs, and ends with 1 when the keys do not open under SECRET', async () => {
    const { code, stdout } = await doctor({ ...env, SECRET: OTHER_SECRET }, '--json')
    expect(code).toBe(1)
    const findings: Finding[] = JSON.parse(stdout)
    expect(unwell(findings)).toEqual([
      ['keys.open', 'problem'],
      ['keys.open', 'problem'],
    ])
    expect(of('keys.open', findings)).toEqual({
      check: 'keys.open',
      severity: 'problem',
      message: expect.stringMatching(/^key \S+ of \S+ \((RS|ES)256, current\) does not open/),
      remedy: expect.stringMatching(/^Put the value of SECRET/),
    })
    expect(stdout).not.toContain(OTHER_SECRET)
  })

  it('names everything that is wrong with a configuration, each as a problem', async () => {
    const { code, stdout } = await doctor(
      { NODE_ENV: 'production', BASE_URL: 'http://id.example.com', SECRET: 'a'.repeat(40) },
      '--json',
    )
    expect(code).toBe(1)
    const findings: Finding[] = JSON.parse(stdout)
    expect(findings.map(({ message }) => message.split(':', 1)[0])).toEqual([
      ...['MONGODB_URI', 'REDIS_URL', 'SMTP_URL', 'BASE_URL', 'SECRET'],
    ])
  })

  it('says of a key under an older SECRET that it has to stay listed', async () => {
    const findings = await examine(
      { ...env, SECRET: `${OTHER_SECRET},${SECRET}` },
      { clock: systemClock },
    )
    expect(unwell(findings)).toEqual([])
    expect(of('keys.seal', findings)?.message).toMatch(/keep it listed for now$/)
  })

  it('warns of a rotation that nobody did, and looks at every organisation', async () => {
    const { organisation } = await server.addOrganisation('acme')
    const clock = { now: () => Date.now() + 100 * DAY }
    const late = await examine(env, { clock })
    expect(unwell(late)).toEqual([
      ['keys.rotation', 'warning'],
      ['keys.rotation', 'warning'],
    ])
    expect(of('keys', late)?.message).toMatch(/^looked at 2 keys of 2 organisations; /)
    expect(await createSigningKeyStore(server.documents).list(organisation._id)).toEqual([]) // and makes no key
  })

  it('finds a development server at a public address, and proxies that do not fit', async () => {
    const plain = await examine(
      { ...env, BASE_URL: 'http://id.example.com', TRUST_PROXY: '1' },
      { clock: systemClock },
    )
    expect(unwell(plain)).toEqual([
      ['configuration', 'problem'],
      ['configuration.proxies', 'warning'],
    ])
  })

  it('makes nothing where nothing is', async () => {
    const dataDir = join(server.dataDir, 'not', 'there')
    const findings = await examine({ DATA_DIR: dataDir }, { clock: systemClock })
    expect(unwell(findings)).toEqual([])
    expect(of('embedded.documents', findings)?.message).toMatch(/is made at the first start$/)
    expect(() => rmSync(dataDir, { recursive: true })).toThrow('ENOENT')
  })

  it('finds a file that is no store', async () => {
    const dataDir = newFolder('foyer-doctor-')
    writeFileSync(join(dataDir, 'documents.db'), 'A shopping list, and no database. '.repeat(100))
    const findings = await examine({ DATA_DIR: dataDir }, { clock: systemClock })
    expect(of('embedded.documents', findings)).toMatchObject({
      severity: 'problem',
      message: expect.stringContaining('file is not a database'),
    })
    rmSync(dataDir, { recursive: true })
  })
})

describe('foyer doctor, from outside', () => {
  const { key, cert } = selfSigned()
  const before = tls.getCACertificates('default')
  const stops: (() => unknown)[] = []
  let manner: 'pass' | 'own host' | 'redirect' = 'pass'
  let server: TestServer
  let env: { [name: string]: string }

  beforeAll(async () => {
    const proxy = createServer({ key, cert }, async (request, response) => {
      if (manner === 'redirect') return response.writeHead(301, { location: '/elsewhere' }).end()
      const { port } = server.http.address() as AddressInfo // it listens on a port
      const host = manner === 'pass' ? (request.headers.host ?? '') : `internal:${port}`
      const { accept = '' } = request.headers
      const { body, status } = await asked(port, request.url ?? '/', { host, accept })
      response.writeHead(status).end(body)
    }).listen(0, 'localhost')
    await once(proxy, 'listening')
    stops.push(() => proxy.close())
    const { port } = proxy.address() as AddressInfo // likewise
    env = { SECRET, BASE_URL: `https://localhost:${port}`, TRUST_PROXY: '1' }
    server = await startServer({ env })
    stops.push(() => server.stop())
    env.DATA_DIR = server.dataDir
  })
  afterAll(async () => {
    tls.setDefaultCACertificates(before)
    for (const stop of stops) await stop()
  })
  const address = async (changes = {}): Promise<Finding | undefined> =>
    of('address.public', await examine({ ...env, ...changes }, { clock: systemClock }))

  it('a certificate that nobody trusts is a problem', async () => {
    expect(await address()).toMatchObject({
      severity: 'problem',
      message: expect.stringContaining('self-signed certificate'),
    })
    tls.setDefaultCACertificates([...before, cert])
  })

  it('a proxy that passes everything on is well', async () => {
    expect(await address()).toMatchObject({ severity: 'ok' })
  })

  it('a proxy with a host of its own is a problem, and it says what to change', async () => {
    manner = 'own host'
    expect(await address()).toMatchObject({
      severity: 'problem',
      remedy: expect.stringContaining('pass on Host unchanged'),
    })
  })

  it('a redirect is a problem', async () => {
    manner = 'redirect'
    expect(await address()).toMatchObject({
      severity: 'problem',
      message: expect.stringContaining('answers with status 301'),
    })
  })

  it('another issuer is a problem', async () => {
    manner = 'pass'
    const { port } = new URL(env.BASE_URL ?? '')
    const finding = await address({ BASE_URL: `https://127.0.0.1:${port}` })
    expect(finding?.severity).toBe('problem')
  })

  it('TRUST_PROXY left at 0 behind https is a warning', async () => {
    const findings = await examine({ ...env, TRUST_PROXY: '' }, { clock: systemClock })
    expect(unwell(findings)).toEqual([['configuration.proxies', 'warning']])
  })
})

describeWithServices('foyer doctor, on MongoDB and Redis', () => {
  const stops: (() => Promise<unknown>)[] = []
  afterAll(async () => {
    for (const stop of stops.reverse()) await stop()
  })

  it('looks at both, their clocks, the schema and the keys', async () => {
    const mongo = mongoForTest()
    stops.push(mongo.drop)
    const redis = await startOwnRedis(['--appendonly', 'yes'])
    stops.push(() => redis.stop())
    const env = { MONGODB_URI: mongo.uri, REDIS_URL: redis.uri, SECRET }
    const empty = await examine(env, { clock: systemClock })
    expect(of('store.schema', empty)?.message).toMatch(/^empty/)
    const server = await startServer({ env })
    stops.push(() => server.stop())
    const steps: string[] = []
    const findings = await examine(
      { ...env, BASE_URL: server.baseUrl },
      { clock: systemClock, onStep: (what) => steps.push(what) },
    )
    expect(unwell(findings)).toEqual([])
    expect(findings.map(({ check }) => check)).toEqual([
      ...['configuration', 'configuration.proxies'],
      ...['mongodb.reachable', 'mongodb.replica-set', 'mongodb.majority-writes', 'clock.mongodb'],
      ...['store.schema', 'keys', 'keys.open', 'redis.reachable', 'redis.version'],
      ...['redis.eviction', 'redis.append-only', 'redis.role', 'clock.redis', 'mail.server'],
    ])
    expect(steps).toHaveLength(4)
    const clock = { now: () => Date.now() - 60 * SECOND }
    const apart = await examine({ ...env, BASE_URL: server.baseUrl }, { clock })
    expect(unwell(apart)).toEqual([
      ['clock.mongodb', 'warning'],
      ['clock.redis', 'warning'],
    ])
    expect(of('clock.redis', apart)?.message).toMatch(/^(59|60)\.\d s ahead of this machine$/)
  })
})

/** One request to the server with a host of the proxy's choice, which `fetch` does not allow. */
async function asked(
  port: number,
  path: string,
  headers: { host: string; accept: string },
): Promise<{ status: number; body: string }> {
  const sent = request({ host: 'localhost', port, path, headers, agent: false }).end()
  const [answer] = (await once(sent, 'response')) as [IncomingMessage] // so the event says
  return { status: answer.statusCode ?? 0, body: await text(answer) }
}
