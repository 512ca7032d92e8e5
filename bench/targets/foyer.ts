// This server as a target. Every code is 123456, so that nobody has to read mails while time is taken.

import { once } from 'node:events'
import { createServer } from 'node:http'
import { compose } from '../../src/compose.ts'
import { readConfig } from '../../src/config.ts'
import { systemRandom } from '../../src/shared/secrets.ts'
import { serveQuestions } from '../target.ts'

const config = readConfig(process.env)
const server = await compose(config, { random: { ...systemRandom, below: () => 123_456 } })
const http = createServer({ keepAliveTimeout: 60_000 }, server.app.callback())
http.listen(config.port, '127.0.0.1')
await once(http, 'listening')

// A few hundred customers sign in again and again, all from one machine.
server.organisation.signIn = {
  sendsPer10Minutes: 100,
  sendsPerHour: 1000,
  sendsPerDay: 10_000,
  sendsPerSource: 100_000,
  sendsPerOrganisation: 1_000_000,
}
const organisation = server.organisation._id
const browser = await server.clients.create({
  organisation,
  kind: 'browser',
  name: 'Bench',
  redirectUris: ['http://127.0.0.1:9/callback'],
  firstParty: true,
})
const machine = await server.clients.create({
  organisation,
  kind: 'machine',
  name: 'Bench machine',
  redirectUris: [],
})
serveQuestions({
  baseUrl: config.baseUrl,
  publicClient: browser.client._id,
  machine: { id: machine.client._id, secret: String(machine.secret) },
  signIn: 'code',
})
