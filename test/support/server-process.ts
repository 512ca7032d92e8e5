// The real server in a process of its own, to be killed, ended and started again.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { request } from 'node:http'
import { Readable } from 'node:stream'
import { compiled } from './program.ts'
import { root } from './repository.ts'
import type { Send } from './user-agent.ts'

export type ServerProcess = {
  baseUrl: string
  stdout(): string
  stderr(): string
  /** The newest code mailed to an address, from the mailbox of development. */
  codeFor(to: string): Promise<string>
  /** Sends a signal and returns how the process ended: an exit code, or the signal. */
  end(signal: 'SIGKILL' | 'SIGTERM' | 'SIGINT'): Promise<number | string>
}

/**
 * Starts `src/main.ts` with this environment and the PATH, nothing else; returns when its output matches.
 * Throws what it wrote when it ends before that.
 */
export async function startProcess(
  env: { [name: string]: string },
  until = /Foyer (is open at|serves) /,
): Promise<ServerProcess> {
  const { PATH } = process.env
  const child = spawn(process.execPath, ['src/main.ts'], {
    cwd: root,
    env: { PATH, DEMO_SHOP_PORT: '0', ...compiled, ...env }, // the next port may be another test's
  })
  const written = { stdout: '', stderr: '' }
  const ended = once(child, 'exit')
  await new Promise<void>((resolve, reject) => {
    for (const name of ['stdout', 'stderr'] as const)
      child[name].on('data', (text) => {
        written[name] += text
        if (until.test(written[name])) resolve()
      })
    ended.then(() => reject(new Error(`${written.stdout}${written.stderr}`)))
  })
  const baseUrl = env.BASE_URL ?? `http://localhost:${env.PORT}`
  return {
    baseUrl,
    stdout: () => written.stdout,
    stderr: () => written.stderr,
    async codeFor(to) {
      const response = await fetch(`${baseUrl}/dev/mail.json?to=${encodeURIComponent(to)}`)
      const [newest] = (await response.json()) as { text: string }[] // the mailbox's own shape
      return /^\d{6}$/m.exec(newest?.text ?? '')?.[0] ?? ''
    },
    async end(signal) {
      child.kill(signal)
      const [code, by] = await ended
      return code ?? by
    },
  }
}

/** Requests to whatever address reach this port of this machine, as through a proxy that ends TLS. */
export function sendThrough(port: number): Send {
  return async (url, init) => {
    const outgoing = request({
      host: '127.0.0.1',
      port,
      method: init.method ?? 'GET',
      path: `${url.pathname}${url.search}`,
      headers: { ...Object.fromEntries(new Headers(init.headers)), host: url.host },
    })
    outgoing.end(init.body === undefined ? undefined : String(init.body))
    const [answer] = await once(outgoing, 'response')
    const headers = new Headers()
    for (let at = 0; at < answer.rawHeaders.length; at += 2)
      headers.append(answer.rawHeaders[at], answer.rawHeaders[at + 1])
    const body = [204, 304].includes(answer.statusCode)
      ? null
      : await new Response(Readable.toWeb(answer) as ReadableStream).text()
    return new Response(body, { status: answer.statusCode, headers })
  }
}
