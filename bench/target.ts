// A server under measurement, in a process of its own: what it tells, and what it can be asked.

import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

/** What a target tells when it listens. */
export type Ready = {
  baseUrl: string
  /** A public client with refresh tokens. */
  publicClient: string
  /** A client for client credentials. */
  machine: { id: string; secret: string }
  /** How customers sign in: by address and code, or on a small page with whatever name they type. */
  signIn: 'code' | 'page'
}

export type Target = Ready & {
  name: string
  /** CPU time of the server's process so far, in milliseconds. */
  cpu(): Promise<number>
  stop(): Promise<void>
}

export type TargetPlan = {
  name: string
  file: string
  env: { [name: string]: string }
}

export async function startTarget({ name, file, env }: TargetPlan): Promise<Target> {
  const child = fork(join(import.meta.dirname, 'targets', file), [], {
    env: { ...process.env, ...env },
    execArgv: ['--disable-warning=ExperimentalWarning'],
  })
  const ready = await answer<Ready>(child)
  return {
    ...ready,
    name,
    async cpu() {
      child.send('cpu')
      return answer<number>(child)
    },
    async stop() {
      const gone = once(child, 'exit')
      child.kill('SIGTERM')
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

/** For the target's side: tells that it listens, and answers questions about its CPU time. */
export function serveQuestions(ready: Ready): void {
  process.on('message', () => {
    const { user, system } = process.cpuUsage()
    process.send?.((user + system) / 1000)
  })
  process.once('SIGTERM', () => process.exit(0))
  process.once('disconnect', () => process.exit(0))
  process.send?.(ready)
}
