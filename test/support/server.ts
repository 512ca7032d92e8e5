// The whole server, listening on a free port, with stores of its own and a clock that can be moved.

import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { createServer, type Server as HttpServer } from 'node:http'
import { compose, type Server } from '../../src/compose.ts'
import { type Config, readConfig } from '../../src/config.ts'
import { thirdPartyApiScopes } from '../../src/services/identity/clients/api-scopes.ts'
import type { NewClient } from '../../src/services/identity/clients/client-registration.ts'
import type { Organisation, OrganisationChange } from '../../src/stores/organisations.ts'
import { eventually } from './eventually.ts'
import { newFolder } from './folder.ts'
import type { MailServer } from './mail-server.ts'
import { type MovableClock, movableClock } from './movable-clock.ts'
import { recordingLog } from './recording-log.ts'
import { freePort } from './services/processes.ts'

export type TestServer = Server & {
  baseUrl: string
  config: Config
  clock: MovableClock
  log: ReturnType<typeof recordingLog>
  dataDir: string
  http: HttpServer
  /** Changes the default organisation. */
  change(change: OrganisationChange): Promise<void>
  /** Overrides its settings of sign-in, in place of those there were. */
  changeSignIn(settings: { [setting: string]: number }): Promise<void>
  /** Registers a client: web, third-party, allowed the API, unless told otherwise. */
  register(input?: Partial<NewClient>): Promise<{ client_id: string; client_secret?: string }>
  /** Another organisation: its issuer as a server of its own for the tests' relying parties. */
  addOrganisation(slug: string): Promise<OtherOrganisation>
  /** The mails to an address, the newest first. */
  mails(to: string): Promise<Mail[]>
  /** The newest code mailed to an address. */
  codeFor(to: string): Promise<string>
  stop(): Promise<void>
}

export type OtherOrganisation = Pick<TestServer, 'register' | 'codeFor'> & {
  organisation: Organisation
  /** Its issuer. */
  baseUrl: string
}

export type Mail = { to: string; subject: string; text: string; html: string; at: number }

/** Milliseconds. */
const MAIL_PATIENCE = 3000

/** Where a relying party of the tests would be; nothing listens there. */
export const REDIRECT_URI = 'http://127.0.0.1:9/callback'

export async function startServer(
  options: {
    env?: { [name: string]: string }
    dataDir?: string
    /** Takes the mails in place of the mailbox. */
    mailServer?: MailServer
    /** How requests wait in the tarpit; unless told otherwise the clock is moved and they go on. */
    hold?: (milliseconds: number) => Promise<void>
  } = {},
): Promise<TestServer> {
  const port = await freePort()
  const dataDir = options.dataDir ?? newFolder('foyer-server-')
  const config = readConfig({
    PORT: String(port),
    BASE_URL: `http://localhost:${port}`,
    DEMO_SHOP_PORT: '0', // one application less
    DATA_DIR: dataDir,
    ...(options.mailServer && { SMTP_URL: options.mailServer.url }),
    ...options.env,
  })
  const clock = movableClock()
  const log = recordingLog()
  const hold = async (milliseconds: number): Promise<void> => clock.forward(milliseconds)
  const server = await compose(config, { clock, log, hold: options.hold ?? hold })
  const http = createServer(server.app.callback()).listen(port, 'localhost')
  await once(http, 'listening')
  const mails = async (to: string): Promise<Mail[]> => {
    const response = await fetch(`${config.baseUrl}/dev/mail.json?to=${encodeURIComponent(to)}`)
    return (await response.json()) as Mail[] // the mailbox's own shape
  }
  /** Mails leave when their page has been answered: the first one may still be under way. */
  const codeFor = (to: string): Promise<string> =>
    eventually(async () => {
      const newest = await (options.mailServer?.mailTo(to) ?? mails(to).then(([first]) => first))
      const code = /^\d{6,8}$/m.exec(newest?.text ?? '')?.[0]
      if (!code) throw new Error(`no code was mailed to ${to}`)
      return code
    }, MAIL_PATIENCE)
  async function change(changes: OrganisationChange): Promise<void> {
    await server.organisations.change(server.organisation._id, changes)
  }
  async function register({ _id }: Organisation, input: Partial<NewClient> = {}) {
    const { client, secret } = await server.clients.create({
      organisation: _id,
      kind: 'web',
      name: 'Test application',
      redirectUris: input.kind === 'machine' ? [] : [REDIRECT_URI],
      apiScopes: thirdPartyApiScopes,
      ...input,
    })
    return { client_id: client._id, ...(secret && { client_secret: secret }) }
  }
  return {
    ...server,
    baseUrl: config.baseUrl,
    config,
    clock,
    log,
    dataDir,
    http,
    mails,
    change,
    changeSignIn: (signIn) => change({ signIn }),
    register: (input) => register(server.organisation, input),
    async addOrganisation(slug) {
      const organisation = await server.organisations.create({ slug, name: `The ${slug}` })
      return {
        organisation,
        baseUrl: `${config.baseUrl}/o/${slug}`,
        register: (input) => register(organisation, input),
        codeFor,
      }
    },
    codeFor,
    async stop() {
      http.closeAllConnections()
      await new Promise((resolve) => http.close(resolve))
      await server.close()
      if (!options.dataDir) rmSync(dataDir, { recursive: true, force: true })
    },
  }
}
