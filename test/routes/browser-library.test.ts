// The browser library as pages of other sites load it: by its exact version, by `v1`, and what else is asked for.

import { hash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import Koa from 'koa'
import request from 'supertest'
import { readReleases } from '../../src/compose/browser-library.ts'
import { createBrowserLibrary } from '../../src/routes/browser-library.ts'
import { runProgram } from '../support/program.ts'
import { read, root } from '../support/repository.ts'
import { startServer, type TestServer } from '../support/server.ts'

const { version } = JSON.parse(read('packages/dom/package.json'))
const built = (name: string): Buffer => readFileSync(join(root, 'packages/dom/dist', name))

describe('the browser library', () => {
  let server: TestServer
  beforeAll(async () => {
    expect(await runProgram('scripts/front-ends.js')).toMatchObject({ code: 0, stderr: '' })
    server = await startServer()
  })
  afterAll(() => server.stop())

  const get = (path: string, init?: RequestInit): Promise<Response> =>
    fetch(`${server.baseUrl}/dom/${path}`, init)

  it.each([
    ['v1', 'public, max-age=300'],
    [version, 'public, max-age=31536000, immutable'],
  ])('is open to every page as %s, and kept: %s', async (name, kept) => {
    const answer = await get(`${name}/index.js`)
    expect(answer.status).toBe(200)
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(built('index.js'))
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': kept,
      'access-control-allow-origin': '*',
      'cross-origin-resource-policy': 'cross-origin',
      'x-content-type-options': 'nosniff',
    })
    expect(answer.headers.getSetCookie()).toEqual([])
  })

  it('is sent compressed to whoever can read that, and whole to the others', async () => {
    const small = await get('v1/index.js', { headers: { 'Accept-Encoding': 'gzip' } })
    const { length } = gzipSync(built('index.js'), { level: 9 })
    expect(small.headers.get('content-encoding')).toBe('gzip')
    expect(Number(small.headers.get('content-length'))).toBe(length)
    expect(small.headers.get('vary')).toBe('Accept-Encoding')
    const whole = await get('v1/index.js', { headers: { 'Accept-Encoding': 'identity' } })
    expect(whole.headers.get('content-encoding')).toBeNull()
    expect(Number(whole.headers.get('content-length'))).toBe(built('index.js').length)
  })

  it('is not sent again while it is the same, and by HEAD not at all', async () => {
    const etag = (await get('v1/index.js')).headers.get('etag') ?? ''
    // `fetch` would ask for it in any case.
    const ask = (known: string) =>
      request(server.baseUrl).get('/dom/v1/index.js').set('If-None-Match', known)
    const same = await ask(etag)
    expect([same.status, same.text]).toEqual([304, ''])
    expect(same.headers).toMatchObject({ etag, 'access-control-allow-origin': '*' })
    expect((await ask('W/"other"')).status).toBe(200)
    const head = await get('v1/index.js', { method: 'HEAD' })
    expect([head.status, await head.text()]).toEqual([200, ''])
    expect(head.headers.get('etag')).toBe(etag)
  })

  it('P13: says what each script is recognised by, for a page that pins it', async () => {
    const answer = await get('v1/manifest.json')
    expect(answer.headers.get('access-control-allow-origin')).toBe('*')
    const manifest = (await answer.json()) as {
      version: string
      files: { name: string; address: string; gzipped_bytes: number; integrity: string }[]
    }
    expect(manifest.version).toBe(version)
    for (const { name, address, gzipped_bytes, integrity } of manifest.files) {
      expect(address).toBe(`${server.baseUrl}/dom/${version}/${name}`)
      const bytes = Buffer.from(await (await fetch(address)).arrayBuffer())
      expect(integrity).toBe(`sha384-${hash('sha384', bytes, 'base64')}`)
      expect(gzipped_bytes).toBe(gzipSync(bytes, { level: 9 }).length)
    }
  })

  it('P13: has a page that shows the tag with its hash, and loads nothing', async () => {
    const page = await fetch(`${server.baseUrl}/dom`)
    expect([page.status, new URL(page.url).pathname]).toEqual([200, '/dom/'])
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'")
    const html = await page.text()
    const script = built('foyer.js')
    expect(html).toContain(
      `integrity="sha384-${hash('sha384', script, 'base64')}"`.replaceAll('"', '&quot;'),
    )
    expect(html).toContain(`${server.baseUrl}/dom/${version}/foyer.js`)
  })

  it.each([
    ['another version', '1.99.0/index.js', {}],
    ['another major version', 'v2/index.js', {}],
    ['a file that is not part of it', 'v1/package.json', {}],
    ['its types', 'v1/types/index.d.ts', {}],
    ['no version', '/index.js', {}],
    ['a way out of its folder', `${version}/..%2fpackage.json`, {}],
    ['another method', 'v1/index.js', { method: 'POST' }],
  ])('answers 404 to %s, and nobody keeps that', async (_name, path, init) => {
    const answer = await get(path, init)
    expect(answer.status).toBe(404)
    expect(answer.headers.get('cache-control') ?? '').not.toContain('max-age')
  })

  it('is only under the address of the installation', async () => {
    const acme = await server.addOrganisation('acme')
    expect((await fetch(`${acme.baseUrl}/dom/v1/index.js`)).status).toBe(404)
  })
})

describe('the browser library of many releases', () => {
  const release = (version: string) => ({
    version,
    files: new Map([['foyer.js', Buffer.from(`/* ${version} */`)]]),
  })
  const app = new Koa().use(
    createBrowserLibrary({
      baseUrl: 'https://id.example.com',
      read: () => ['1.2.0', '1.10.0', '2.0.0', '1.9.1'].map(release),
    }),
  )

  it.each([
    ['1.2.0', '1.2.0'],
    ['1.9.1', '1.9.1'],
    ['v1', '1.10.0'],
    ['v2', '2.0.0'],
  ])(
    'keeps each of them at its address, and the newest of a major version beside: %s',
    async (asked, found) => {
      const answer = await request(app.callback()).get(`/dom/${asked}/foyer.js`)
      expect(answer.text).toBe(`/* ${found} */`)
    },
  )

  it('finds them beside what was built, each under its version', () => {
    const folder = mkdtempSync(join(tmpdir(), 'foyer-releases-'))
    try {
      for (const [place, text] of [
        ['package.json', '{ "version": "1.1.0" }'],
        ['dist/foyer.js', 'new'],
        ['dist/types/index.d.ts', 'types'],
        ['releases/1.0.0/foyer.js', 'old'],
        ['releases/1.0.0/foyer.js.map', '{}'],
      ] as const) {
        mkdirSync(dirname(join(folder, place)), { recursive: true })
        writeFileSync(join(folder, place), text)
      }
      const found = readReleases(folder).map(({ version: name, files }) => [
        name,
        [...files.keys()],
      ])
      expect(found).toEqual([
        ['1.0.0', ['foyer.js', 'foyer.js.map']],
        ['1.1.0', ['foyer.js']],
      ])
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
