// The library where there is no page: on a server that renders, and in the tools that bundle it.

import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from '@jest/globals'

const run = promisify(execFile)
const source = (name: string): string => join(import.meta.dirname, '../../packages/dom/src', name)

/** What a program of its own prints; it fails if that does not end by itself. */
async function printed(program: string): Promise<string> {
  const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', program], {
    timeout: 10_000,
  })
  return stdout
}

describe('on a server', () => {
  it.each(['index.ts', 'dpop.ts'])('%s is imported without a look at any global', async (name) => {
    const program = `
      const page = ['window', 'document', 'navigator', 'location', 'history', 'localStorage', 'self',
        'sessionStorage', 'indexedDB', 'crypto', 'fetch', 'BroadcastChannel', 'customElements',
        'HTMLElement', 'performance', 'addEventListener', 'TextEncoder', 'TextDecoder']
      const touched = []
      for (const name of page)
        Object.defineProperty(globalThis, name, { get: () => touched.push(name), configurable: true })
      const before = Object.keys(globalThis).length
      await import(${JSON.stringify(source(name))})
      console.log(JSON.stringify([touched, Object.keys(globalThis).length - before]))
    `
    expect(JSON.parse(await printed(program))).toEqual([[], 0])
  })

  it('a client says that nobody is signed in, asks nobody, and keeps no process running', async () => {
    const program = `
      import { createClient } from ${JSON.stringify(source('index.ts'))}
      const foyer = createClient({
        issuer: 'https://id.example.com',
        clientId: 'shop',
        storage: 'local',
        fetch() { throw new Error('asked') },
      })
      const events = []
      foyer.onAuthStateChange((event, session) => events.push([event, session]))
      const answers = [await foyer.initialize(), await foyer.initialize(), foyer.getSession(),
        foyer.getUser(), foyer.isAuthenticated(), await foyer.getAccessToken(), await foyer.refresh(),
        await foyer.handleRedirectCallback()]
      await foyer.signOut()
      console.log(JSON.stringify([answers, events]))
    `
    const nobody = [null, null, null, null, false, null, null, null]
    expect(JSON.parse(await printed(program))).toEqual([nobody, [['INITIAL_SESSION', null]]])
  })
})
