// openid-client in a server of Node.js.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from '@jest/globals'
import { exportJWK, generateKeyPair } from 'jose'
import { root } from '../support/repository.ts'
import { publicClient, secretClient } from './kit/party.ts'
import { describeRelyingParty } from './kit/relying-party.ts'
import { sentFrom } from './kit/walk.ts'

const folder = mkdtempSync(join(tmpdir(), 'foyer-interop-'))
afterAll(() => rmSync(folder, { recursive: true }))

function fileOf(name: string, content: unknown): string {
  const file = join(folder, name)
  writeFileSync(file, JSON.stringify(content))
  return file
}

describeRelyingParty({
  name: 'openid-client',
  tools: [],
  async build() {
    return { command: process.execPath, args: [join(root, 'test/interop/openid-client/shop.js')] }
  },
  callback: '/callback',
  signOut: (agent) => sentFrom(agent, '/sign-out', { method: 'POST' }),
  comparesIssuer: true,
  clients: [
    secretClient,
    publicClient,
    {
      title: 'a web client with a key',
      kind: 'web',
      async authentication() {
        const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true })
        const kid = 'shop-1'
        const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid, alg: 'ES256', use: 'sig' }] }
        const jwk = { ...(await exportJWK(privateKey)), kid }
        return {
          args: ['--jwks', fileOf('public.json', jwks)],
          settings: { CLIENT_KEY: fileOf('private.json', jwk) },
        }
      },
    },
  ],
})
