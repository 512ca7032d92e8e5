// A server whose stores lose answers on purpose: what they did, nobody hears of.

import { eventually } from './eventually.ts'
import { type FaultProxy, startFaultProxy } from './fault-proxy.ts'
import { startServer, type TestServer } from './server.ts'
import { mongoForTest, redisForTest } from './services/shared.ts'

/** Which answers are lost: of which store, and how many in a row. */
export type Loss = { store: 'MongoDB' | 'Redis'; count: number }

/** One turn of a sweep: only what happens in `act` is lost. */
export type Turn<Given, Told> = {
  prepare(): Promise<Given>
  act(given: Given): Promise<Told>
  /** Afterwards, when the stores answer again. */
  check(given: Given, told: Told): Promise<void>
}

export type LossyServer = {
  server: TestServer
  /**
   * Takes turn after turn: in the first the first answer is lost, in the second the second, until there is none
   * to lose. Returns what the turns were told, the last one in peace.
   */
  sweep<Given, Told>(loss: Loss, turn: Turn<Given, Told>): Promise<Told[]>
  stop(): Promise<void>
}

export async function startLossyServer(): Promise<LossyServer> {
  const mongo = mongoForTest()
  const mongoUri = new URL(mongo.uri)
  const proxies: { [store in Loss['store']]: FaultProxy } = {
    MongoDB: await startFaultProxy(mongoUri.href, isNoHeartbeat),
    Redis: await startFaultProxy(redisForTest().url),
  }
  // Directly: else the driver asks the set for its members' own addresses, past the proxy.
  const direct = `mongodb://127.0.0.1:${proxies.MongoDB.port}${mongoUri.pathname}?directConnection=true`
  const server = await startServer({
    env: { MONGODB_URI: direct, REDIS_URL: `redis://127.0.0.1:${proxies.Redis.port}` },
  })
  const ready = async (): Promise<void> => {
    const { status } = await fetch(`${server.baseUrl}/readyz`)
    if (status !== 200) throw new Error(`/readyz answers ${status}`)
  }

  return {
    server,

    async sweep({ store, count }, { prepare, act, check }) {
      const told = []
      let lost = 0
      do {
        const given = await prepare()
        server.clock.forward(10_000) // what is remembered for seconds is asked for again
        proxies[store].loseAnswers(told.length + 1, count)
        const answer = await act(given).finally(() => {
          lost = proxies[store].heal()
        })
        await eventually(ready)
        server.clock.forward(1000) // an outage is remembered for a moment
        await check(given, answer)
        told.push(answer)
      } while (lost > 0)
      return told
    },

    async stop() {
      await server.stop()
      await Promise.all([proxies.MongoDB.stop(), proxies.Redis.stop()])
      await mongo.drop()
    },
  }
}

/** The driver's own look-outs are answered all the time. */
function isNoHeartbeat(bytes: Buffer): boolean {
  return !bytes.includes('isWritablePrimary') && !bytes.includes('ismaster')
}
