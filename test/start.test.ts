// `npm start` in a fresh copy of the repository, as somebody runs it for the first time.

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { listed, root } from './support/repository.ts'
import { freePort } from './support/services/processes.ts'

const START_TIME = 30_000

/** The files that git knows, without anything that was built or stored, and the installed packages. */
function freshCopy(): string {
  const copy = mkdtempSync(join(tmpdir(), 'foyer-copy-'))
  for (const file of listed) cpSync(join(root, file), join(copy, file))
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'))
  return copy
}

describe('npm start, for the first time', () => {
  let copy: string
  let port: number
  let child: ChildProcess
  let output = ''
  const get = (path: string): Promise<Response> => fetch(`http://localhost:${port}${path}`)

  beforeAll(async () => {
    copy = freshCopy()
    port = await freePort()
    const env = { PATH: process.env.PATH, PORT: String(port), LOG_LEVEL: 'error' }
    child = spawn(process.execPath, ['scripts/start.js'], { cwd: copy, env })
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (text) => {
        output += text
      })
    const ended = once(child, 'exit').then(() => Promise.reject(new Error(output)))
    const announced = (async () => {
      while (!output.includes('Foyer is open')) await once(child.stdout ?? child, 'data')
    })()
    await Promise.race([announced, ended])
    ended.catch(() => {}) // it is ended below
  }, START_TIME)

  afterAll(async () => {
    if (child.exitCode === null) {
      child.kill('SIGKILL')
      await once(child, 'exit')
    }
    rmSync(copy, { recursive: true, force: true })
  })

  it('builds the demo and serves it, with what it needs to know', async () => {
    const page = await get('/demo/')
    const [, script = ''] = /src="([^"]+\.js)"/.exec(await page.text()) ?? []
    expect(page.status).toBe(200)
    expect((await get(script)).headers.get('content-type')).toMatch(/javascript/)
    expect(await (await get('/demo/config.json')).json()).toMatchObject({ clientId: 'demo' })
  })

  it('prints addresses that are there, and nothing else', async () => {
    const addresses = output.match(/http:\/\/localhost:\d+\S*/g) ?? []
    expect(addresses.length).toBeGreaterThan(4)
    for (const address of addresses) expect((await fetch(address)).status).toBe(200)
    expect(output).not.toMatch(/warn|error|deprecated|\[oidc/i)
  })

  it('keeps what it stores in .data of the folder it was started in', () => {
    expect(existsSync(join(copy, '.data/documents.db'))).toBe(true)
    expect(existsSync(join(copy, '.data/secret'))).toBe(true)
  })
})
