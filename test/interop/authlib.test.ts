// Authlib in a Flask application.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from '@jest/globals'
import { signIn } from '../support/relying-party.ts'
import { freePort } from '../support/services/processes.ts'
import { createUserAgent } from '../support/user-agent.ts'
import { startApplication } from './kit/application.ts'
import { consoleSnippet } from './kit/console-snippet.ts'
import type { Given } from './kit/party.ts'
import { describeRelyingParty } from './kit/relying-party.ts'
import { run, workshop } from './kit/tools.ts'
import { sentFrom } from './kit/walk.ts'

const pasted = mkdtempSync(join(tmpdir(), 'foyer-interop-'))
afterAll(() => rmSync(pasted, { recursive: true }))

const install = [
  ...['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--require-hashes'],
  ...['--target', 'packages', '-r', 'requirements.txt'],
]

describeRelyingParty({
  name: 'Authlib with Flask',
  tools: [
    { command: 'python3', args: ['--version'], atLeast: [3, 10] },
    { command: 'python3', args: ['-m', 'pip', '--version'], atLeast: [22, 0] },
  ],
  async build() {
    const folder = await workshop('authlib', (where) => run('python3', install, where))
    const env = { PYTHONPATH: join(folder, 'packages') }
    return { command: 'python3', args: [join(folder, 'app.py')], env }
  },
  callback: '/callback',
  signOut: (agent) => sentFrom(agent, '/sign-out', { method: 'POST' }),
  comparesIssuer: true,
  more: signsInWithSnippet,
})

function signsInWithSnippet(given: () => Given): void {
  it('signs a customer in with the snippet of the console', async () => {
    const { installation, command } = given()
    const origin = `http://127.0.0.1:${await freePort()}`
    const file = join(pasted, 'app.py')
    const scopes = ['openid', 'profile', 'email'] // those of the console
    writeFileSync(file, await consoleSnippet(installation, 'authlib', `${origin}/back`, scopes))
    const application = await startApplication({ ...command, args: [file] }, origin)
    try {
      const here = createUserAgent(origin)
      const email = 'pasted@example.org'
      const url = await sentFrom(here, '/sign-in')
      const agent = createUserAgent(installation.baseUrl)
      const callback = await signIn(installation, { url, email, agent })
      const shown = JSON.parse((await here.open(callback)).html)
      expect(shown).toMatchObject({ sub: expect.any(String), email })
    } finally {
      await application.stop()
    }
  })
}
