// A snippet as whoever pastes it has it: a file beside its libraries, run, and signed in with.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { signIn } from './relying-party.ts'
import { root } from './repository.ts'
import type { TestServer } from './server.ts'
import { freshAddress } from './sign-in-pages.ts'
import { createUserAgent } from './user-agent.ts'

/** Runs the server of the snippet, and signs a customer in with it; `told` is what it answers at the end. */
export async function signInWithPasted(
  server: Pick<TestServer, 'baseUrl' | 'codeFor'>,
  snippet: string,
): Promise<{ email: string; told: unknown }> {
  const folder = mkdtempSync(join(tmpdir(), 'foyer-pasted-'))
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  writeFileSync(join(folder, 'sign-in.mjs'), snippet)
  const child = spawn(process.execPath, [join(folder, 'sign-in.mjs')])
  try {
    const [line] = await Promise.race([
      once(child.stdout, 'data'),
      once(child.stderr, 'data').then(([text]) => Promise.reject(new Error(String(text)))),
    ])
    const begun = await fetch(/http:\S+/.exec(String(line))?.[0] ?? '', { redirect: 'manual' })
    const email = freshAddress()
    const callback = await signIn(server, {
      url: new URL(begun.headers.get('location') ?? ''),
      email,
      agent: createUserAgent(server.baseUrl),
    })
    return { email, told: await (await fetch(callback)).json() }
  } finally {
    child.kill('SIGKILL')
    await once(child, 'close')
    rmSync(folder, { recursive: true })
  }
}
