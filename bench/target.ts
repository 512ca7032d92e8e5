// A server under measurement, in a process of its own: what it tells, and what it can be asked.

import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import { join } from 'node:path'

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
}

export type Target = Ready & {
  name: string
  /** CPU time of the server's process so far, in milliseconds. */
  cpu(): Promise<number>
  /** Its resident memory now, in bytes. */
  memory(): Promise<number>
  stop(): Promise<void>
}

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
    execArgv: ['--disable-warning=ExperimentalWarning', '--heap-growing-percent=60'],
  })
  const ready = await answer<Ready>(child)
  return {
    ...ready,
    name,
    async cpu() {
      child.send('cpu')
      return answer<number>(child)
    },
    async memory() {
      child.send('memory')
      return answer<number>(child)
    },
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
  process.on('message', (question) => {
    const { user, system } = process.cpuUsage()
    process.send?.(question === 'memory' ? process.memoryUsage.rss() : (user + system) / 1000)
  })
  process.once('disconnect', () => process.exit(0))
  process.send?.({ publicClient: '', machine: { id: '', secret: '' }, code: '', ...ready })
}
