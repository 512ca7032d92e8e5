// Spring Security in a Spring Boot application.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from '@jest/globals'
import { signIn, untilLeft } from '../support/relying-party.ts'
import { freePort } from '../support/services/processes.ts'
import { createUserAgent } from '../support/user-agent.ts'
import { startApplication } from './kit/application.ts'
import { consoleSnippet } from './kit/console-snippet.ts'
import { type Given, publicClient, secretClient } from './kit/party.ts'
import { describeRelyingParty } from './kit/relying-party.ts'
import { run, workshop } from './kit/tools.ts'
import { sentFrom } from './kit/walk.ts'

const pasted = mkdtempSync(join(tmpdir(), 'foyer-interop-'))
afterAll(() => rmSync(pasted, { recursive: true }))

const CALLBACK = '/login/oauth2/code/foyer'

describeRelyingParty({
  name: 'Spring Security',
  tools: [
    { command: 'java', args: ['-version'], atLeast: [17, 0] },
    { command: 'mvn', args: ['--version'], atLeast: [3, 6] },
  ],
  async build() {
    const folder = await workshop('spring', (where) =>
      run('mvn', ['--quiet', '--batch-mode', 'package'], where),
    )
    // It runs for seconds: what is compiled well is compiled too late.
    const args = ['-XX:TieredStopAtLevel=1', '-jar', join(folder, 'target/shop.jar')]
    return { command: 'java', args }
  },
  callback: CALLBACK,
  signOut: (agent) => untilLeft(async () => agent.submit(await agent.open('/logout'))),
  backChannel: '/logout/connect/back-channel/foyer',
  comparesIssuer: false,
  clients: [
    secretClient,
    {
      ...publicClient,
      authentication: async () => ({ settings: { CLIENT_AUTHENTICATION: 'none' } }),
    },
  ],
  more: signsInWithSnippet,
})

function signsInWithSnippet(given: () => Given): void {
  it('signs a customer in with the snippet of the console as its configuration', async () => {
    const { installation, command } = given()
    const port = await freePort()
    const origin = `http://localhost:${port}`
    const file = join(pasted, 'application.yml')
    const scopes = ['openid', 'profile', 'email', 'profile:read'] // the last for what the application shows
    const callback = `${origin}${CALLBACK}`
    writeFileSync(file, await consoleSnippet(installation, 'spring', callback, scopes))
    const args = [...command.args, `--server.port=${port}`, `--spring.config.location=${file}`]
    const env = { FOYER_API: `${installation.baseUrl}/api/client/v1` }
    const application = await startApplication({ ...command, args, env }, origin)
    try {
      const here = createUserAgent(origin, (url, init) =>
        fetch(url, { ...init, headers: { ...init.headers, accept: '*/*' } }),
      )
      const email = 'pasted@example.org'
      const url = await sentFrom(here, '/account')
      const agent = createUserAgent(installation.baseUrl)
      const answer = await signIn(installation, { url, email, agent })
      const shown = JSON.parse((await here.open(answer)).html)
      expect(shown).toMatchObject({ claims: { iss: installation.baseUrl }, profile: { email } })
    } finally {
      await application.stop()
    }
  })
}
