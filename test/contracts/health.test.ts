// What the adapters say of real servers, well and unwell. What they say of MongoDB and Redis together stands with `foyer doctor`.

import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from '@jest/globals'
import { Redis } from 'ioredis'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'
import { inspectSmtp } from '../../adapters/mail/health.ts'
import { inspectMongo } from '../../adapters/mongo/health.ts'
import { inspectRedis, judgeRedis } from '../../adapters/redis/health.ts'
import { systemClock as clock, SECOND } from '../../src/shared/clock.ts'
import { compareClocks, type Finding } from '../../src/shared/finding.ts'
import { selfSigned } from '../support/certificate.ts'
import { startMailServer } from '../support/mail-server.ts'
import { freePort, startOwnMongo, startOwnRedis } from '../support/services/processes.ts'
import { describeWithServices, mongoForTest } from '../support/services/shared.ts'

const stops: (() => Promise<unknown>)[] = []
/** Stopped when the case is over, whatever became of it. */
function untilTheEnd<T extends { stop(): Promise<unknown> }>(server: T): T {
  stops.push(() => server.stop())
  return server
}
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop()
})

const said = (findings: readonly Finding[]): string[] =>
  findings.map(({ check, severity }) => `${check} ${severity}`)

describeWithServices('what is said of MongoDB', () => {
  it('a standalone server is a problem, and its clock is told all the same', async () => {
    const mongo = untilTheEnd(await startOwnMongo({ standalone: true }))
    const findings = await inspectMongo({ uri: mongo.uri, clock, needsCompany: true })
    expect(said(findings)).toEqual([
      ...['mongodb.reachable ok', 'mongodb.replica-set problem', 'clock.mongodb ok'],
    ])
    expect(findings[1]?.remedy).toContain('rs.initiate()')
  })

  it('one member alone is a warning where company is needed', async () => {
    const mongo = mongoForTest()
    stops.push(mongo.drop)
    const findings = await inspectMongo({ uri: mongo.uri, clock, needsCompany: true })
    expect(said(findings)).toEqual([
      ...['mongodb.reachable ok', 'mongodb.replica-set warning'],
      ...['mongodb.majority-writes ok', 'clock.mongodb ok'],
    ])
  })

  it('a server that is not there is a problem, and no password is said', async () => {
    const uri = `mongodb://somebody:open-sesame@127.0.0.1:${await freePort()}/foyer`
    const findings = await inspectMongo({ uri, clock, needsCompany: false })
    expect(said(findings)).toEqual(['mongodb.reachable problem'])
    expect(findings[0]?.message).toContain('ECONNREFUSED')
    expect(JSON.stringify(findings)).not.toContain('open-sesame')
  })
})

describe('what is said of an address of MongoDB', () => {
  it('one that the driver cannot read is a problem', async () => {
    const uri = 'mongodb://127.0.0.1:27017/foyer?replicaSet=rs0&nonsense=1'
    const findings = await inspectMongo({ uri, clock, needsCompany: false })
    expect(said(findings)).toEqual(['mongodb.reachable problem'])
    expect(findings[0]?.message).toContain('nonsense')
  })
})

describeWithServices('what is said of Redis', () => {
  it('eviction is a problem, no append-only file a warning, a replica a problem', async () => {
    const primary = untilTheEnd(await startOwnRedis(['--maxmemory-policy', 'allkeys-lru']))
    expect(said(await inspectRedis({ url: primary.uri, clock }))).toEqual([
      ...['redis.reachable ok', 'redis.version ok', 'redis.eviction problem'],
      ...['redis.append-only warning', 'redis.role ok', 'clock.redis ok'],
    ])
    const { port } = new URL(primary.uri)
    const replica = untilTheEnd(await startOwnRedis(['--replicaof', '127.0.0.1', port]))
    expect(said(await inspectRedis({ url: replica.uri, clock }))).toContain('redis.role problem')
  })

  it('a wrong password, and a server that is not there, are problems', async () => {
    const redis = untilTheEnd(await startOwnRedis())
    const owner = new Redis(redis.uri)
    await owner.config('SET', 'requirepass', 'open-sesame')
    owner.disconnect()
    const url = redis.uri.replace('//', '//:shut-sesame@')
    const wrong = await inspectRedis({ url, clock })
    expect(said(wrong)).toEqual(['redis.reachable problem'])
    expect(wrong[0]?.message).toMatch(/WRONGPASS/)
    expect(wrong[0]?.message).not.toContain('sesame')
    await redis.stop()
    const away = await inspectRedis({ url, clock })
    expect(away[0]?.message).toContain('ECONNREFUSED')
  })
})

describe('what is said of a version of Redis', () => {
  it.each([
    ['6.0.16', 'problem'],
    ['5.9.9', 'problem'],
    ['', 'problem'],
    ['6.2.0', 'ok'],
    ['10.0.1', 'ok'],
  ])('%s', (version, severity) => {
    const found = judgeRedis(`# Server\r\nredis_version:${version}\r\n`)
    expect(found.find(({ check }) => check === 'redis.version')?.severity).toBe(severity)
  })
})

describe('what is said of clocks', () => {
  it.each([
    [5 * SECOND, 'ok', '5.0 s apart from this machine'],
    [5.1 * SECOND, 'warning', '5.1 s ahead of this machine'],
    [-3600 * SECOND, 'warning', '3600.0 s behind this machine'],
  ])('%d ms', async (away, severity, message) => {
    const still = { now: () => 1_800_000_000_000 }
    const finding = await compareClocks('clock', still, async () => still.now() + away)
    expect(finding).toMatchObject({ severity, message })
  })

  it('a long way to the store is no difference: its middle counts', async () => {
    let now = 1_800_000_000_000
    const finding = await compareClocks('clock', { now: () => now }, async () => {
      now += 20 * SECOND
      return now - 10 * SECOND
    })
    expect(finding.severity).toBe('ok')
  })
})

describe('what is said of a mail server', () => {
  /** Lets in who knows the word. */
  async function listen(options: SMTPServerOptions) {
    const server = new SMTPServer({
      disableReverseLookup: true,
      onAuth: ({ password }, _session, answer) =>
        password === 'open-sesame' ? answer(null, { user: 'foyer' }) : answer(new Error('no')),
      ...options,
    })
    server.on('error', () => {}) // clients that do not trust its certificate
    const listening = server.listen(0, '127.0.0.1')
    await once(listening, 'listening')
    const { port } = listening.address() as AddressInfo // a port was asked for
    return { port, stop: () => new Promise<void>((resolve) => server.close(() => resolve())) }
  }

  it('one that takes mails is well, and gets none', async () => {
    const server = untilTheEnd(await startMailServer())
    expect(said(await inspectSmtp({ url: server.url }))).toEqual(['mail.server ok', 'mail.tls ok'])
    expect(server.offered).toEqual([])
  })

  it('a wrong password is a problem, the right one is well', async () => {
    const server = untilTheEnd(
      await listen({ allowInsecureAuth: true, disabledCommands: ['STARTTLS'] }),
    )
    const as = (password: string) =>
      inspectSmtp({ url: `smtp://foyer:${password}@127.0.0.1:${server.port}` })
    const refused = await as('shut-sesame')
    expect(said(refused)).toEqual(['mail.server problem'])
    expect(refused[0]?.message).toMatch(/535/)
    expect(refused[0]?.message).not.toContain('shut-sesame')
    expect(said(await as('open-sesame'))).toEqual(['mail.server ok', 'mail.tls ok'])
  })

  it('a certificate that nobody trusts is a problem; encryption is noticed', async () => {
    const server = untilTheEnd(await listen({ ...selfSigned(), authOptional: true }))
    const url = `smtp://localhost:${server.port}`
    const refused = await inspectSmtp({ url })
    expect(said(refused)).toEqual(['mail.server problem'])
    expect(refused[0]?.message).toContain('self-signed certificate')
    const trusting = await inspectSmtp({ url: `${url}?tls.rejectUnauthorized=false` })
    expect(trusting[1]?.message).toBe('the connection is encrypted')
  })

  it('one that is not there is a problem', async () => {
    const findings = await inspectSmtp({ url: `smtp://127.0.0.1:${await freePort()}` })
    expect(said(findings)).toEqual(['mail.server problem'])
    expect(findings[0]?.message).toContain('ECONNREFUSED')
  })
})
