// The running server that relying parties are driven against, and its clients, registered as operators do it.

import { randomBytes } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { importJWK, type JWTPayload, SignJWT } from 'jose'
import { composeKeys } from '../../../src/compose/keys.ts'
import { createKeyring } from '../../../src/shared/secrets.ts'
import { runProgram } from '../../support/program.ts'
import { startServer, type TestServer } from '../../support/server.ts'
import { freePort } from '../../support/services/processes.ts'
import { roomyLimits } from '../../support/sign-in-pages.ts'
import { type Relay, startRelay } from './relay.ts'

export type Installation = Pick<TestServer, 'codeFor'> & {
  baseUrl: string
  /** Between it and everybody else. */
  relay: Relay
  /** A token with these claims, signed with an organisation's own key. */
  sign(organisation: 'default' | 'acme', claims: JWTPayload): Promise<string>
  /** Runs the command line beside it and returns what it printed; throws when it fails. */
  foyer(...args: string[]): Promise<string>
  stop(): Promise<void>
}

/** What seals its keys. */
const SECRET = randomBytes(32).toString('base64url')

/** On the embedded stores, with a second organisation: `acme`, whose issuer has a path. */
export async function startInstallation(): Promise<Installation> {
  const port = await freePort()
  const baseUrl = `http://localhost:${port}`
  const server = await startServer({ env: { BASE_URL: baseUrl, SECRET } })
  const relay = await startRelay(port, () => (server.http.address() as AddressInfo).port) // it listens on a port
  await server.changeSignIn(roomyLimits)

  async function foyer(...args: string[]): Promise<string> {
    const env = { BASE_URL: baseUrl, SECRET, DATA_DIR: server.dataDir }
    const ended = await runProgram('src/command-line/main.ts', { args, env })
    if (ended.code !== 0) throw new Error(`foyer ${args.join(' ')}\n${ended.stderr}`)
    return ended.stdout
  }
  const acme = await server.addOrganisation('acme')
  const organisations = { default: server.organisation._id, acme: acme.organisation._id }
  const { signingKeys } = composeKeys({ ...server, keyring: createKeyring([SECRET]) })

  return {
    baseUrl,
    codeFor: server.codeFor,
    relay,
    async sign(organisation, claims) {
      const keys = await signingKeys.forOrganisation(organisations[organisation])
      const key = keys.find(({ alg }) => alg === 'RS256')
      if (!key) throw new Error('the organisation has no key')
      return new SignJWT(claims)
        .setProtectedHeader({ alg: 'RS256', kid: key.kid })
        .sign(await importJWK({ ...key.jwk }, 'RS256'))
    },
    foyer,
    async stop() {
      await relay.stop()
      await server.stop()
    },
  }
}
