// A program of the house in a process of its own: run to its end, or the server until it is stopped.

import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { root } from './repository.ts'
import { freePort } from './services/processes.ts'

export type Ended = { code: number; stdout: string; stderr: string }

/** Hundreds of processes read the same files: what the first made of them serves the others. */
export const compiled = { NODE_COMPILE_CACHE: join(root, '.cache/compile') }

/** Runs a TypeScript file of the repository; its environment is `env` and the PATH, and nothing that it reads. */
export function runProgram(
  file: string,
  { args = [], env = {} }: { args?: readonly string[]; env?: { [name: string]: string } } = {},
): Promise<Ended> {
  const { PATH } = process.env
  const options = { cwd: root, env: { PATH, ...compiled, ...env }, timeout: 15_000 }
  return new Promise((resolve) => {
    execFile(process.execPath, [file, ...args], options, (error, stdout, stderr) =>
      resolve({ code: Number(error?.code ?? 0), stdout, stderr }),
    )
  })
}

export type StartedServer = {
  baseUrl: string
  /** Everything that it has written so far. */
  output(): string
  /** The newest code mailed to an address, as its mailbox shows it. */
  codeFor(to: string): Promise<string>
  stop(): Promise<void>
}

/** What `npm start` does in the folder; returns when the server says that it is open. */
export async function npmStart({
  cwd = root,
  env = {},
}: {
  cwd?: string
  env?: { [name: string]: string }
} = {}): Promise<StartedServer> {
  const port = await freePort()
  const { PATH } = process.env
  const child = spawn(process.execPath, ['scripts/start.js'], {
    cwd,
    // The next port may be another test's.
    env: { PATH, PORT: String(port), DEMO_SHOP_PORT: '0', LOG_LEVEL: 'error', ...compiled, ...env },
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (text) => {
      output += text
    })
  const ended = once(child, 'exit').then(() => Promise.reject(new Error(output)))
  const open = (async () => {
    while (!output.includes('Foyer is open')) await once(child.stdout, 'data')
  })()
  await Promise.race([open, ended])
  ended.catch(() => {}) // it is asked for below
  const baseUrl = `http://localhost:${port}`
  return {
    baseUrl,
    output: () => output,
    async codeFor(to) {
      const response = await fetch(`${baseUrl}/dev/mail.json?to=${encodeURIComponent(to)}`)
      const [newest] = (await response.json()) as { text: string }[] // the mailbox's own shape
      const code = /^\d{6,8}$/m.exec(newest?.text ?? '')?.[0]
      if (!code) throw new Error(`no code was mailed to ${to}`)
      return code
    },
    async stop() {
      if (child.exitCode !== null) return
      child.kill('SIGKILL')
      await once(child, 'exit')
    },
  }
}
