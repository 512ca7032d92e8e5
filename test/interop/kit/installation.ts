// The running server that relying parties are driven against, and its clients, registered as operators do it.

import type { AddressInfo } from 'node:net'
import { runProgram } from '../../support/program.ts'
import { startServer, type TestServer } from '../../support/server.ts'
import { freePort } from '../../support/services/processes.ts'
import { roomyLimits } from '../../support/sign-in-pages.ts'
import { type Relay, startRelay } from './relay.ts'

export type Registered = { client_id: string; client_secret?: string }

export type Installation = Pick<TestServer, 'codeFor' | 'clock'> & {
  baseUrl: string
  /** Between it and everybody else. */
  relay: Relay
  /** A client of either organisation, for tokens that were not given to the one under test. */
  others: { default: Registered; acme: Registered }
  /** Runs the command line beside it and returns what it printed; throws when it fails. */
  foyer(...args: string[]): Promise<string>
  stop(): Promise<void>
}

/** On the embedded stores, with a second organisation: `acme`, whose issuer has a path. */
export async function startInstallation(): Promise<Installation> {
  const port = await freePort()
  const baseUrl = `http://localhost:${port}`
  const server = await startServer({ env: { BASE_URL: baseUrl } })
  const relay = await startRelay(port, () => (server.http.address() as AddressInfo).port) // it listens on a port
  await server.changeSignIn(roomyLimits)

  async function foyer(...args: string[]): Promise<string> {
    const env = { BASE_URL: baseUrl, DATA_DIR: server.dataDir }
    const ended = await runProgram('src/command-line/main.ts', { args, env })
    if (ended.code !== 0) throw new Error(`foyer ${args.join(' ')}\n${ended.stderr}`)
    return ended.stdout
  }
  const acme = await server.addOrganisation('acme')
  const others = { default: await server.register(), acme: await acme.register() }

  return {
    baseUrl,
    clock: server.clock,
    codeFor: server.codeFor,
    relay,
    others,
    foyer,
    async stop() {
      await relay.stop()
      await server.stop()
    },
  }
}
