// The streams of sessions among themselves: how many there may be, what keeps them open, and that none is left behind.

import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterEach, describe, expect, it } from '@jest/globals'
import Router from '@koa/router'
import Koa from 'koa'
import { sendFailure } from '../../../src/http/envelope.ts'
import { errorHandler } from '../../../src/http/error-handler.ts'
import { createEventStreams, type StreamLimits } from '../../../src/http/event-streams.ts'
import { type Listener, listen } from '../../../src/http/listener.ts'
import type { Caller, Guard } from '../../../src/routes/client-api/guard.ts'
import { ownSessionRoutes } from '../../../src/routes/client-api/session.ts'
import { createDenials } from '../../../src/services/identity/sessions/denials.ts'
import { SECOND } from '../../../src/shared/clock.ts'
import { eventsIn, type OpenStream, openStream } from '../../support/event-stream.ts'
import { eventually } from '../../support/eventually.ts'
import { movableClock } from '../../support/movable-clock.ts'
import { recordingLog } from '../../support/recording-log.ts'

const ORGANISATION = 'org'
const ROOMY: StreamLimits = { perGroup: 100, perOwner: 100, inAll: 100 }

const listeners: Listener[] = []
const opened: OpenStream[] = []
afterEach(async () => {
  // Who hangs does not see that the listener has gone, and would keep its socket for ever.
  for (const stream of opened.splice(0)) stream.leave()
  for (const listener of listeners.splice(0)) await listener.close({ notice: 0, limit: 0 })
})

/** The route on its own: whoever asks names account and session in the address; `meanwhile` runs during the guard's check. */
async function startStreams({
  limits = ROOMY,
  patience = {},
  meanwhile = async () => {},
}: {
  limits?: StreamLimits
  patience?: Parameters<typeof listen>[0]['patience']
  meanwhile?: (denials: ReturnType<typeof createDenials>) => Promise<void>
} = {}) {
  const clock = movableClock()
  const log = recordingLog()
  const nobody = async () => {}
  const denials = createDenials({
    store: { put: nobody, lift: nobody, since: async () => [] },
    announce: nobody,
    listen: nobody,
    clock,
    log,
  })
  const streams = createEventStreams({ limits, clock })
  const heard: WeakRef<() => void>[] = []
  const guard: Pick<Guard, 'ownApplication'> = {
    async ownApplication(ctx): Promise<Caller> {
      await meanwhile(denials)
      const { account = 'ana', sid = account } = ctx.query as { account?: string; sid?: string }
      const expiresAt = clock.now() / SECOND + 3600
      const scopes = new Set<string>()
      return { organisation: ORGANISATION, account, sid, clientId: 'cli', scopes, expiresAt }
    },
  }
  const router = new Router()
  ownSessionRoutes(router, guard as Guard, {
    // it asks nothing else of the guard
    sessions: { signOut: async () => 0, endAll: async () => 0 },
    streams,
    onDenied(origin, hear) {
      heard.push(new WeakRef(hear))
      return denials.onDenied(origin, hear)
    },
  })
  const app = new Koa()
  app.silent = true
  app.use(errorHandler({ log, classify: () => undefined, answer: sendFailure }))
  app.use(async (ctx, next) => {
    await next()
    // More than the machine keeps for a reader who takes nothing.
    if (ctx.query.padded !== undefined) ctx.res.write(Buffer.alloc(32 * 2 ** 20))
  })
  app.use(router.routes() as Koa.Middleware) // the router's own context type says more than Koa's
  const handler = app.callback()
  const listener = await listen({ port: 0, host: 'localhost', handler, patience })
  listeners.push(listener)
  const at = {
    baseUrl: `http://localhost:${listener.port}`,
    http: { address: () => ({ port: listener.port }) },
  }
  return {
    clock,
    denials,
    heard,
    log,
    port: listener.port,
    drain: () => streams.drain(),
    async open(query = ''): Promise<OpenStream> {
      const stream = await openStream(at, { path: `/session/events?${query}` })
      opened.push(stream)
      return stream
    },
  }
}

const isOpen = async ({ ended }: OpenStream): Promise<boolean> => {
  const still = Symbol('still open')
  return (await Promise.race([ended, Promise.resolve(still)])) === still
}

describe('streams of sessions', () => {
  it('a denial between the check of the token and the stream is not lost', async () => {
    const { open } = await startStreams({
      meanwhile: (denials) => denials.deny(ORGANISATION, 'session', 's1'),
    })
    expect(eventsIn(await (await open('sid=s1')).ended)).toEqual(['event: signed-out data: {}'])
    expect(await isOpen(await open('sid=s2'))).toBe(true)
  })

  it('of one session are few: the oldest makes room, and is told to stay away for a while', async () => {
    const { open } = await startStreams({ limits: { ...ROOMY, perGroup: 2 } })
    const [first, second] = [await open('sid=a'), await open('sid=a')]
    const other = await open('sid=b')
    const third = await open('sid=a')
    expect(eventsIn(await first.ended)).toEqual(['retry: 60000'])
    for (const each of [second, other, third]) expect(await isOpen(each)).toBe(true)
  })

  it.each([
    ['of one account', { perOwner: 3 }, 'account=ana', 429, 'account=ben'],
    ['of the process', { inAll: 3 }, 'account=ana', 503, undefined],
  ])(
    '%s are refused when they are too many, until one is closed',
    async (_what, limits, who, status, others) => {
      const { open } = await startStreams({ limits: { ...ROOMY, ...limits } })
      const held = [
        await open(`${who}&sid=1`),
        await open(`${who}&sid=2`),
        await open(`${who}&sid=3`),
      ]
      const refused = await open(`${who}&sid=4`)
      expect(refused.status).toBe(status)
      expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0)
      if (others) expect((await open(others)).status).toBe(200)
      held[0]?.leave()
      await eventually(async () => expect((await open(`${who}&sid=4`)).status).toBe(200))
    },
  )

  it('a thousand that were opened and left leave nothing behind', async () => {
    setFlagsFromString('--expose-gc')
    const collect: () => void = runInNewContext('gc')
    const limits = { perGroup: 2, perOwner: 20, inAll: 20 }
    const { open, heard } = await startStreams({ limits })
    for (let round = 0; round < 100; round += 1) {
      const some = await Promise.all(Array.from({ length: 10 }, (_, each) => open(`sid=${each}`)))
      expect(some.map(({ status }) => status)).toEqual(Array(10).fill(200))
      for (const stream of some) stream.leave()
    }
    expect(heard).toHaveLength(1000)
    await eventually(async () => {
      collect()
      expect(heard.filter((each) => each.deref() !== undefined)).toEqual([])
    })
  })

  it('are kept open by heartbeats', async () => {
    const { open, clock } = await startStreams()
    const stream = await open()
    expect(stream.text()).toBe(':\n\n')
    clock.forward(25 * SECOND)
    await eventually(async () => expect(stream.text()).toBe(':\n\n:\n\n'), 3000)
  })

  it('a reader who takes nothing any more is cut off at the next heartbeat', async () => {
    const { open, clock } = await startStreams({ limits: { ...ROOMY, inAll: 1 } })
    const stream = await open('padded')
    stream.hang()
    clock.forward(25 * SECOND)
    await eventually(async () => expect((await open()).status).toBe(200), 5000)
  })

  it('a reader who does not take the end is cut off, too', async () => {
    const { open, clock, denials } = await startStreams({ limits: { ...ROOMY, inAll: 1 } })
    const stream = await open('padded')
    stream.hang()
    await denials.deny(ORGANISATION, 'session', 'ana')
    expect((await open('account=ben')).status).toBe(503)
    clock.forward(6 * SECOND)
    await eventually(async () => expect((await open('account=ben')).status).toBe(200), 5000)
  })

  it('outlive what a connection is given for its request', async () => {
    const patience = {
      headersTimeout: 50,
      requestTimeout: 50,
      keepAliveTimeout: 50,
      connectionsCheckingInterval: 10,
    }
    const { open, clock, port } = await startStreams({ patience })
    const stream = await open()
    // Whoever is slow with the request itself is cut off: so long it has been open by then.
    const slow: Socket = connect(port, 'localhost')
    await once(slow, 'connect')
    slow.write('GET /session/events HTTP/1.1\r\n')
    slow.resume()
    await once(slow, 'close')
    clock.forward(25 * SECOND)
    await eventually(async () => expect(stream.text()).toBe(':\n\n:\n\n'), 3000)
  })

  it('end when the server drains, told to come back one after the other, and none is opened', async () => {
    const { open, drain } = await startStreams()
    const some = await Promise.all(Array.from({ length: 10 }, (_, sid) => open(`sid=${sid}`)))
    drain()
    const told = await Promise.all(some.map(async ({ ended }) => eventsIn(await ended).join()))
    const times = told.map((each) => Number(/^retry: (\d+)$/.exec(each)?.[1]))
    expect(new Set(times).size).toBe(10)
    for (const time of times) expect(time >= 3000 && time <= 8000).toBe(true)
    const late = await open()
    expect([late.status, late.headers['retry-after']]).toEqual([503, '3'])
  })
})
