// golang.org/x/oauth2 and go-oidc in a server of net/http.

import { join } from 'node:path'
import { describeRelyingParty } from './kit/relying-party.ts'
import { run, workshop } from './kit/tools.ts'
import { sentFrom } from './kit/walk.ts'

describeRelyingParty({
  name: 'golang.org/x/oauth2 with go-oidc',
  tools: [{ command: 'go', args: ['version'], atLeast: [1, 25] }],
  async build() {
    const folder = await workshop('go', (where) =>
      run('go', ['build', '-mod=readonly', '-o', 'shop', '.'], where),
    )
    return { command: join(folder, 'shop'), args: [] }
  },
  callback: '/callback',
  signOut: (agent) => sentFrom(agent, '/sign-out', { method: 'POST' }),
  backChannel: '/back-channel',
  comparesIssuer: true,
})
