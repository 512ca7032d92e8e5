// A server under measurement, in a process of its own: what it tells, and what it can be asked.

import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'

/** What a target tells when it listens. */
export type Ready = {
  kind: 'foyer' | 'engine' | 'koa'
  baseUrl: string
  /** A public client with refresh tokens. */
  publicClient: string
  /** A client for client credentials. */
  machine: { id: string; secret: string }
  /** The code that every mail carries. */
  code: string
  /** The default organisation, and a key that may do everything to all of them by the Admin API. */
  administration: { slug: string; key: string }
}

/** What a process holds, after what it has dropped was collected. */
export type Holding = {
  /** Bytes. */
  heap: number
  external: number
  memory: number
  /** Open files and sockets, where the system tells. */
  descriptors: number
  timers: number
  /** Milliseconds that the event loop was late, of all but one turn in a hundred, since it was asked last. */
  late: number
}

export type Target = Ready & {
  name: string
  /** CPU time of the server's process so far, in milliseconds. */
  cpu(): Promise<number>
  /** Its resident memory now, in bytes. */
  memory(): Promise<number>
  holding(): Promise<Holding>
  stop(): Promise<void>
}

type Question = 'cpu' | 'memory' | 'holding'

export type TargetPlan = {
  name: string
  /** In `targets`. */
  file: string
  env: { [name: string]: string }
}

export async function startTarget({ name, file, env }: TargetPlan): Promise<Target> {
  const child = fork(join(import.meta.dirname, 'targets', file), [], {
    // A target has the stores that its plan names, and no others.
    env: { ...process.env, MONGODB_URI: '', REDIS_URL: '', ...env },
    // The heap of each as this server's is started.
    execArgv: ['--disable-warning=ExperimentalWarning', '--heap-growing-percent=60', '--expose-gc'],
  })
  const ready = await answer<Ready>(child)
  const ask = <T>(question: Question): Promise<T> => {
    child.send(question)
    return answer<T>(child)
  }
  return {
    ...ready,
    name,
    cpu: () => ask<number>('cpu'),
    memory: () => ask<number>('memory'),
    holding: () => ask<Holding>('holding'),
    async stop() {
      const gone = once(child, 'exit')
      child.disconnect()
      await gone
    },
  }
}

async function answer<T>(child: ChildProcess): Promise<T> {
  const listening = new AbortController()
  const { signal } = listening
  try {
    const ended = once(child, 'exit', { signal }).then(() =>
      Promise.reject(new Error('a target has ended')),
    )
    const [message] = await Promise.race([once(child, 'message', { signal }), ended])
    return message as T // our own targets send nothing else
  } finally {
    listening.abort()
  }
}

/** For the target's side: listens, tells so, and answers what it costs until nobody asks any more. */
export async function serve(
  handler: RequestListener,
  ready: Partial<Ready> & Pick<Ready, 'kind' | 'baseUrl'>,
): Promise<void> {
  const { hostname, port } = new URL(ready.baseUrl)
  const http = createServer({ keepAliveTimeout: 65_000 }, handler).listen(Number(port), hostname)
  await once(http, 'listening')
  const delays = monitorEventLoopDelay()
  const answers: { [question in Question]: () => unknown } = {
    cpu() {
      const { user, system } = process.cpuUsage()
      return (user + system) / 1000
    },
    memory: () => process.memoryUsage.rss(),
    holding: () => holdingOf(delays),
  }
  process.on('message', (question: Question) => process.send?.(answers[question]()))
  process.once('disconnect', () => process.exit(0))
  const nothing = { machine: { id: '', secret: '' }, administration: { slug: '', key: '' } }
  process.send?.({ publicClient: '', code: '', ...nothing, ...ready })
}

function holdingOf(delays: ReturnType<typeof monitorEventLoopDelay>): Holding {
  const late = delays.percentile(99) / 1e6
  globalThis.gc?.()
  const { heapUsed, external, rss } = process.memoryUsage()
  const open = '/proc/self/fd'
  // Collecting holds the loop up, too: that is none of the server's doing.
  delays.reset()
  delays.enable()
  return {
    heap: heapUsed,
    external,
    memory: rss,
    descriptors: existsSync(open) ? readdirSync(open).length : 0,
    timers: process.getActiveResourcesInfo().filter((each) => each === 'Timeout').length,
    late,
  }
}
