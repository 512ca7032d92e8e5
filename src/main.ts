// Starts and stops the server.

import { createServer, type Server as HttpServer } from 'node:http'
import { compose, type Server } from './compose.ts'
import { type Config, ConfigError, readConfig } from './config.ts'
import { AppError, operatorText } from './shared/errors.ts'

/** Readiness turns bad first, so that a balancer stops sending; then nothing new is accepted. */
const DRAIN_NOTICE = 2000
const DRAIN_LIMIT = 20_000

async function main(): Promise<void> {
  const config = readConfig(process.env)
  const server = await compose(config)
  const http = listen(server, config)
  http.once('listening', () => announce(config))
  http.once('error', (error) => fail(error))
  const stop = (): void => {
    stopServing(server, http, config).then(() => process.exit(0), fail)
  }
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)
}

function listen(server: Server, config: Config): HttpServer {
  const http = createServer(
    {
      // Longer than a proxy keeps its connections, so that it never uses one that was just closed.
      keepAliveTimeout: 65_000,
      headersTimeout: 15_000,
      requestTimeout: 30_000,
    },
    server.app.callback(),
  )
  return http.listen(config.port, config.host)
}

async function stopServing(server: Server, http: HttpServer, config: Config): Promise<void> {
  server.drain()
  if (config.isProduction) await new Promise((resolve) => setTimeout(resolve, DRAIN_NOTICE))
  const closed = new Promise((resolve) => http.close(resolve))
  http.closeIdleConnections()
  const limit = setTimeout(() => http.closeAllConnections(), DRAIN_LIMIT)
  await closed
  clearTimeout(limit)
  await server.close()
}

function announce(config: Config): void {
  const { baseUrl } = config
  const lines = config.isProduction
    ? [`Foyer serves ${baseUrl}`]
    : [
        '',
        `  Foyer is open at ${baseUrl}`,
        '',
        `  Sign in         ${baseUrl}/demo/`,
        ...(config.smtpUrl ? [] : [`  Read the code   ${baseUrl}/dev/mail`]),
        `  Client API      ${baseUrl}/api/client/v1`,
        `  Discovery       ${baseUrl}/.well-known/openid-configuration`,
        '',
        '  Try ana.dubois@example.com, one of forty customers, or your own address.',
        '',
      ]
  process.stdout.write(`${lines.join('\n')}\n`)
}

function fail(error: unknown): void {
  process.stderr.write(`${operatorText(error)}\n`)
  // What the operator can mend needs no stack; the rest does.
  const isMendable = error instanceof ConfigError || error instanceof AppError
  if (!isMendable && error instanceof Error) process.stderr.write(`${error.stack}\n`)
  process.exit(1)
}

main().catch(fail)
