// The demo shop beside the server: at the machine's other name, under a strict policy, and never in the way.

import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import request from 'supertest'
import { newFolder } from './support/folder.ts'
import { npmStart, type StartedServer } from './support/program.ts'
import { freePort } from './support/services/processes.ts'

let folder: string
beforeAll(() => {
  folder = newFolder('foyer-shop-')
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const environment = (port: number, more = {}) => ({
  DATA_DIR: join(folder, String(port)),
  DEMO_SHOP_PORT: String(port),
  ...more,
})

describe('the demo shop', () => {
  let server: StartedServer
  let shop: string

  beforeAll(async () => {
    const port = await freePort()
    server = await npmStart({ env: environment(port) })
    shop = `http://127.0.0.1:${port}`
  })
  afterAll(() => server?.stop())

  const get = (path: string, init?: RequestInit): Promise<Response> => fetch(`${shop}${path}`, init)

  it('is told of, by the start, the front page and the demo application', async () => {
    expect(server.output()).toContain(`On a page       ${shop}/`)
    expect(await (await fetch(`${server.baseUrl}/`)).text()).toContain(`href="${shop}/"`)
    expect(await (await fetch(`${server.baseUrl}/demo/config.json`)).json()).toMatchObject({ shop })
  })

  it.each(['/', '/module.html'])(
    'has a page under a policy as a careful shop would have it: %s',
    async (path) => {
      const page = await get(path)
      expect(page.status).toBe(200)
      expect(page.headers.getSetCookie()).toEqual([])
      const policy = page.headers.get('content-security-policy') ?? ''
      expect(policy).not.toMatch(/unsafe|\*|data:|https?:(?!\/\/localhost:\d+)/)
      for (const part of [
        "default-src 'none'",
        "style-src 'self'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
        `connect-src ${server.baseUrl}`,
      ])
        expect(policy).toContain(part)
      const html = await page.text()
      expect(html).not.toMatch(/\{\{|<style|\sstyle=|\son\w+=/)
      expect(html).not.toMatch(/integrity="sha384-"|integrity=""/)
    },
  )

  it('pins the library to what is served', async () => {
    const answer = await fetch(`${server.baseUrl}/dom/v1/manifest.json`)
    const { files } = (await answer.json()) as { files: { address: string; integrity: string }[] } // its own shape
    const pages = await Promise.all(
      ['/', '/module.html'].map(async (path) => (await get(path)).text()),
    )
    const pinned = files.filter(({ address }) => pages.some((page) => page.includes(address)))
    expect(pinned.map(({ address }) => address.split('/').at(-1))).toEqual([
      'element.js',
      'foyer.js',
      'index.js',
    ])
    for (const { integrity } of pinned) expect(pages.join('')).toContain(integrity)
  })

  it('has the files that its pages name, and nothing else', async () => {
    const html = await (await get('/')).text()
    const own = [...html.matchAll(/(?:src|href)="(\/(?:styles|files|pictures)\/[^"]+)"/g)].map(
      ([, path]) => path ?? '',
    )
    expect(own.length).toBeGreaterThan(3)
    for (const path of own) expect([path, (await get(path)).status]).toEqual([path, 200])
    for (const path of [
      '/index.html',
      '/files/../index.html',
      '/src/main.tsx',
      '/demo/',
      '/files/',
    ])
      expect([path, (await get(path)).status]).toEqual([path, 404])
    expect((await get('/', { method: 'POST' })).status).toBe(404)
  })

  it('leads from the name that is the issuer’s to its own', async () => {
    const { port } = new URL(shop)
    const answer = await request(shop).get('/module.html').set('Host', `localhost:${port}`)
    expect([answer.status, answer.headers.location]).toEqual([307, `${shop}/module.html`])
  })
})

describe('without the demo shop', () => {
  let server: StartedServer | undefined
  afterEach(() => server?.stop())

  it('the server goes on, and says why: its port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const { port } = other.address() as { port: number } // it listens on a port
    try {
      server = await npmStart({ env: environment(port) })
      expect(server.output()).toMatch(
        new RegExp(`The demo shop is closed: DEMO_SHOP_PORT ${port} cannot be used`),
      )
      expect(server.output()).not.toContain('On a page')
      expect((await fetch(`${server.baseUrl}/demo/`)).status).toBe(200)
    } finally {
      other.close()
    }
  })

  it('nothing speaks of it: none is wanted', async () => {
    server = await npmStart({ env: environment(0) })
    expect(server.output()).not.toMatch(/On a page|demo shop/)
    expect(await (await fetch(`${server.baseUrl}/demo/config.json`)).json()).not.toHaveProperty(
      'shop',
    )
  })
})
