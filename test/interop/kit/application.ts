// A relying party as a process of its own, started as its snippet says.

import { spawn } from 'node:child_process'
import { once } from 'node:events'

export type Command = {
  command: string
  args: readonly string[]
  env?: { [name: string]: string }
}

export type Application = {
  origin: string
  /** Everything that it has written. */
  output(): string
  stop(): Promise<void>
}

/** Milliseconds; a virtual machine takes some seconds on a busy computer. */
const START_TIME = 60_000

/** Returns when it answers at its origin; throws what it wrote when it ends before that. */
export async function startApplication(
  { command, args, env = {} }: Command,
  origin: string,
): Promise<Application> {
  const { PATH, HOME } = process.env
  const child = spawn(command, args, { env: { PATH, HOME, ...env } })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (text) => {
      output += text
    })
  const ended = once(child, 'close')
  const isRunning = (): boolean => child.exitCode === null && child.signalCode === null
  const deadline = Date.now() + START_TIME
  while (!(await answers(origin))) {
    if (!isRunning() || Date.now() > deadline) {
      child.kill('SIGKILL')
      throw new Error(`${command} ${args.join(' ')} did not start\n${output}`)
    }
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  return {
    origin,
    output: () => output,
    async stop() {
      if (isRunning()) child.kill('SIGKILL')
      await ended
    },
  }
}

async function answers(origin: string): Promise<boolean> {
  return fetch(origin, { redirect: 'manual' }).then(
    () => true,
    () => false,
  )
}
