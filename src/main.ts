// Starts and stops the server.

import { setTimeout as pause } from 'node:timers/promises'
import { compose, type DemoShop, type Server } from './compose.ts'
import { type Config, ConfigError, readConfig } from './config.ts'
import { type Handler, type Listener, listen } from './http/listener.ts'
import { AppError, operatorText } from './shared/errors.ts'
import { StoreUnavailable } from './stores/errors.ts'
import { createWaitingApp } from './waiting.ts'

/** Readiness turns bad first, so that a balancer stops sending; then nothing new is accepted. */
const DRAIN_NOTICE = 2000
/** With the notice and the mails before it gives up: ten seconds, what containers are given. */
const DRAIN_LIMIT = 5000
/** How often stores that did not answer at the start are asked again. */
const LOOK_EVERY = 2000

type Running = { server?: Server; listener?: Listener; shop?: Listener | undefined }

async function main(): Promise<void> {
  const config = readConfig(process.env)
  const running: Running = {}
  const stop = (): void => {
    end(running, config).then(() => process.exit(0), fail)
  }
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)

  const server = await composePatiently(config, async () => {
    running.listener = await open(config, createWaitingApp().callback())
  })
  running.server = server
  const handler = server.app.callback()
  if (running.listener) running.listener.serve(handler)
  else running.listener = await open(config, handler)
  running.shop = await openShop(server.demoShop)
  announce(config, running.shop && server.demoShop?.address)
}

/** Nothing depends on it: where its port is taken, that is said, and the server goes on. */
async function openShop(shop: DemoShop | undefined): Promise<Listener | undefined> {
  if (!shop) return undefined
  try {
    return await listen({ port: shop.port, host: shop.host, handler: shop.app.callback() })
  } catch (cause) {
    const reason = `DEMO_SHOP_PORT ${shop.port} cannot be used: ${operatorText(cause)}`
    process.stderr.write(`The demo shop is closed: ${reason}\n`)
  }
}

/**
 * In production a store that does not answer may be starting too: the process lives, tells so by `wait`,
 * and looks again. Elsewhere it is more likely a slip of the pen, and ends the start.
 */
async function composePatiently(config: Config, wait: () => Promise<void>): Promise<Server> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await compose(config)
    } catch (error) {
      if (!config.isProduction || !isOutage(error)) throw error
      process.stderr.write(`${operatorText(error)}: looking again\n`)
      if (tries === 0) await wait()
      await pause(LOOK_EVERY)
    }
  }
}

function isOutage(error: unknown): boolean {
  const isSaidAloud = error instanceof AppError && error.code === 'unavailable'
  return isSaidAloud || error instanceof StoreUnavailable
}

async function open({ port, host }: Config, handler: Handler): Promise<Listener> {
  try {
    return await listen({ port, host, handler })
  } catch (cause) {
    const detail = `HOST ${host} and PORT ${port} cannot be used: ${operatorText(cause)}`
    throw new AppError('internal_error', { detail, cause })
  }
}

async function end({ server, listener, shop }: Running, config: Config): Promise<void> {
  server?.drain()
  const notice = config.isProduction ? DRAIN_NOTICE : 0
  const times = { notice, limit: DRAIN_LIMIT }
  await Promise.all([listener?.close(times), shop?.close(times)])
  await server?.close()
}

function announce(config: Config, shop: string | undefined): void {
  const { baseUrl } = config
  const lines = config.isProduction
    ? [`Foyer serves ${baseUrl}`]
    : [
        '',
        `  Foyer is open at ${baseUrl}`,
        '',
        `  Sign in         ${baseUrl}/demo/`,
        ...(shop ? [`  On a page       ${shop}/`] : []),
        ...(config.smtpUrl ? [] : [`  Read the code   ${baseUrl}/dev/mail`]),
        `  Console         ${baseUrl}/admin`,
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
