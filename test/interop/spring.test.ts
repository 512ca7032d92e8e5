// Spring Security in a Spring Boot application.

import { join } from 'node:path'
import { untilLeft } from '../support/relying-party.ts'
import { publicClient, secretClient } from './kit/party.ts'
import { describeRelyingParty } from './kit/relying-party.ts'
import { run, workshop } from './kit/tools.ts'

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
    const args = [
      '-XX:TieredStopAtLevel=1',
      '-Xshare:auto',
      '-jar',
      join(folder, 'target/shop.jar'),
    ]
    return { command: 'java', args }
  },
  callback: '/login/oauth2/code/foyer',
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
})
