// The demo shop: pages of the business on another site than the issuer's, where it signs its customers in.

import { join } from 'node:path'
import Koa from 'koa'
import type { Config } from '../config.ts'
import { frontEnd } from '../http/front-end.ts'
import { redirectLoopback } from '../http/host.ts'
import { securityHeaders } from '../http/security-headers.ts'
import { createDemoShopPages } from '../routes/demo-shop.ts'
import { DEMO_SHOP_CLIENT_ID } from '../services/identity/clients/demo-client.ts'
import type { Organisation } from '../stores/organisations.ts'
import { readCurrentRelease } from './browser-library.ts'

export type DemoShop = { app: Koa; address: string; host: string; port: number }

const demo = join(import.meta.dirname, '../../apps/demo')
const NOTHING = "default-src 'none'"

/** Two names of one machine, which are two sites to a browser: as a shop's own address is another than ours. */
const otherName: { readonly [host: string]: string } = {
  localhost: '127.0.0.1',
  '127.0.0.1': 'localhost',
}

/** The shop's origin; none in production, and where `BASE_URL` is no name of this machine. */
export function demoShopAddress({ baseUrl, demoShopPort }: Config): string | undefined {
  const name = otherName[new URL(baseUrl).hostname]
  return name && demoShopPort ? `http://${name}:${demoShopPort}` : undefined
}

export function composeDemoShop(config: Config, organisation: Organisation): DemoShop | undefined {
  const address = demoShopAddress(config)
  if (!address) return undefined
  const app = new Koa()
  app.use(securityHeaders({ secure: false }))
  app.use(redirectLoopback(address))
  app.use(
    createDemoShopPages({
      folder: join(demo, 'shop'),
      issuer: config.baseUrl,
      clientId: DEMO_SHOP_CLIENT_ID,
      brand: organisation.name,
      readLibrary: readCurrentRelease,
    }),
  )
  app.use(frontEnd({ path: '/files', folder: join(demo, 'shop/files'), policy: NOTHING }))
  app.use(frontEnd({ path: '/styles', folder: join(demo, 'src/styles'), policy: NOTHING }))
  app.use(frontEnd({ path: '/pictures', folder: join(demo, 'public'), policy: NOTHING }))
  const { hostname, port } = new URL(address)
  // Where everybody may come, they may to the shop.
  const host = config.host in otherName ? hostname : config.host
  return { app, address, host, port: Number(port) }
}
