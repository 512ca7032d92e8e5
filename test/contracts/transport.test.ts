// Addresses that ask for TLS: the first byte that leaves for them begins a handshake, and nothing is sent in clear.

import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { createSmtpMailer } from '../../adapters/mail/smtp.ts'
import { createMongoDocuments } from '../../adapters/mongo/documents.ts'
import { createRedisEphemeral } from '../../adapters/redis/ephemeral.ts'
import { createLog } from '../../src/shared/log.ts'

/** RFC 8446, 5.1: the content type of a handshake record. */
const HANDSHAKE = 0x16
const log = createLog({ level: 'silent', format: 'json' })

describe('D10: a server that was asked for by TLS', () => {
  let server: Server
  let port: number
  /** The first byte of each connection. */
  const firstBytes: number[] = []

  beforeEach(async () => {
    firstBytes.length = 0
    server = createServer((socket: Socket) => {
      socket.on('error', () => {}) // whoever speaks TLS is told nothing, and leaves
      socket.once('data', (bytes) => {
        firstBytes.push(bytes[0] ?? 0)
        socket.end('no TLS here\r\n')
      })
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    port = (server.address() as AddressInfo).port // it listens on a port
  })
  afterEach(() => new Promise((resolve) => server.close(resolve)))

  const attempts: { [name: string]: () => Promise<unknown> } = {
    'MongoDB by tls=true': () =>
      createMongoDocuments({ uri: `mongodb://127.0.0.1:${port}/?directConnection=true&tls=true` }),
    'Redis by rediss': () => createRedisEphemeral({ url: `rediss://127.0.0.1:${port}`, log }),
    'the mail server by smtps': async () => {
      const mailer = createSmtpMailer({ url: `smtps://127.0.0.1:${port}`, from: 'a@example.com' })
      try {
        await mailer.send({ to: 'b@example.com', fromName: 'A', subject: '', text: 'x', html: 'x' })
      } finally {
        await mailer.close()
      }
    },
  }

  it.each(Object.entries(attempts))(
    'and answers without it is not spoken to: %s',
    async (_name, attempt) => {
      await expect(attempt()).rejects.toThrow()
      expect(firstBytes.length).toBeGreaterThan(0)
      expect(new Set(firstBytes)).toEqual(new Set([HANDSHAKE]))
    },
  )
})
