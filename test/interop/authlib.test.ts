// Authlib in a Flask application.

import { join } from 'node:path'
import { describeRelyingParty } from './kit/relying-party.ts'
import { run, workshop } from './kit/tools.ts'
import { sentFrom } from './kit/walk.ts'

describeRelyingParty({
  name: 'Authlib with Flask',
  tools: [
    { command: 'python3', args: ['--version'], atLeast: [3, 10] },
    { command: 'python3', args: ['-m', 'pip', '--version'], atLeast: [22, 0] },
  ],
  async build() {
    const folder = await workshop('authlib', (where) =>
      run(
        'python3',
        [
          '-m',
          'pip',
          'install',
          '--quiet',
          '--disable-pip-version-check',
          '--require-hashes',
          '--target',
          'packages',
          '-r',
          'requirements.txt',
        ],
        where,
      ),
    )
    const env = { PYTHONPATH: join(folder, 'packages') }
    return { command: 'python3', args: [join(folder, 'app.py')], env }
  },
  callback: '/callback',
  signOut: (agent) => sentFrom(agent, '/sign-out', { method: 'POST' }),
  comparesIssuer: true,
})
