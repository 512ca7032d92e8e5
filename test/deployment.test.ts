// The containers: what they copy, set and wait for is there.

import { execFile } from 'node:child_process'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { parse } from 'yaml'
import { readConfig, variables } from '../src/config.ts'
import { isListed, read } from './support/repository.ts'
import { startServer, type TestServer } from './support/server.ts'
import { freePort } from './support/services/processes.ts'

const names = [...Object.keys(variables), 'NODE_ENV']

type Service = {
  image?: string
  build?: { context: string; target: string }
  ports?: string[]
  command?: string[]
  environment?: { [name: string]: string }
  healthcheck?: { test: string[] }
  depends_on?: { [name: string]: { condition: string } }
}
const compose = parse(read('docker-compose.yml')) as { services: { [name: string]: Service } }
const { server, mongodb, redis, mail } = compose.services
const exactVersion = /:v?\d+\.\d+\.\d+(-[a-z0-9.]+)*$/

describe('Dockerfile', () => {
  const lines = read('Dockerfile').split('\n')
  const stages = lines
    .filter((line) => line.startsWith('FROM '))
    .map((line) => /^FROM (\S+)(?: AS (\w+))?$/.exec(line) ?? [])

  it('builds on one exact version of Node.js, that of the development dependency', () => {
    const { devDependencies } = JSON.parse(read('package.json'))
    const known = stages.map(([, , name]) => name)
    const bases = stages.map(([, base]) => base).filter((base) => !known.includes(base))
    expect(new Set(bases)).toEqual(new Set([`node:${devDependencies.node}-bookworm-slim`]))
  })

  it('ends with the server: without development dependencies, not as root', () => {
    expect(stages.at(-1)?.[1]).toBe('server')
    expect(lines).toContain('RUN npm ci --omit=dev --ignore-scripts')
    expect(lines).toContain('COPY --from=dependencies /foyer/node_modules node_modules')
    expect(lines.filter((line) => /^(USER|CMD) /.test(line))).toEqual([
      'USER node',
      'CMD ["node", "--heap-growing-percent=60", "src/main.ts"]',
    ])
  })

  it('copies what git knows, and everything that the server imports', () => {
    const copied = lines
      .filter((line) => line.startsWith('COPY ') && !line.includes('--from'))
      .flatMap((line) => line.split(' ').slice(1, -1))
    expect(copied.filter((path) => !isListed(path))).toEqual([])
    for (const folder of ['src', 'interactions', 'adapters', 'packages'])
      expect(copied).toContain(folder)
  })

  it('installs with every workspace of the lock file', () => {
    const { packages } = JSON.parse(read('package-lock.json'))
    const workspaces = Object.keys(packages).filter((path) => path.startsWith('packages/'))
    expect(workspaces.length).toBeGreaterThan(1)
    for (const path of workspaces) expect(lines).toContain(`COPY ${path}/package.json ${path}/`)
  })

  it('has what is built: the console, and the browser library', () => {
    for (const path of ['apps/admin/dist', 'packages/dom/dist'])
      expect(lines).toContain(`COPY --from=front-ends /foyer/${path} ${path}`)
    // By the program that lays compressed files beside the others.
    expect(lines).toContain('RUN node scripts/front-ends.js')
  })

  it('sets variables that exist, and opens the port that the server listens on', () => {
    const [, text = ''] = /^ENV (.*)$/m.exec(lines.join('\n')) ?? []
    const set = Object.fromEntries(text.split(' ').map((pair) => pair.split('=')))
    expect(Object.keys(set).filter((name) => !names.includes(name))).toEqual([])
    expect(lines).toContain(`EXPOSE ${set.PORT}`)
  })
})

describe('the health check of the Dockerfile', () => {
  const [, words = ''] = /^HEALTHCHECK .*CMD (\[.*\])$/m.exec(read('Dockerfile')) ?? []
  const [program, ...args] = JSON.parse(words) as string[]
  const check = (port: number): Promise<boolean> =>
    new Promise((resolve) => {
      const env = { PORT: String(port) }
      execFile(process.execPath, args, { env }, (error) => resolve(error === null))
    })
  let running: TestServer

  beforeAll(async () => {
    running = await startServer()
  })
  afterAll(() => running.stop())

  it('is good while the server runs, and bad when nothing listens', async () => {
    expect(program).toBe('node')
    expect(await check(running.config.port)).toBe(true)
    expect(await check(await freePort())).toBe(false)
  })
})

describe('docker-compose.yml', () => {
  it('has the server, MongoDB, Redis and a mail catcher, each image pinned to one version', () => {
    expect(Object.keys(compose.services)).toEqual(['server', 'mongodb', 'redis', 'mail'])
    for (const each of [mongodb, redis, mail]) expect(each?.image).toMatch(exactVersion)
    expect(read('Dockerfile')).toContain(` AS ${server?.build?.target}\n`)
  })

  it('configures the server with variables that exist and values that it accepts', () => {
    const environment = server?.environment ?? {}
    expect(Object.keys(environment).filter((name) => !names.includes(name))).toEqual([])
    const secret = String(environment.SECRET).replace(/^\$\{SECRET:-(.*)\}$/, '$1')
    const config = readConfig({ ...environment, SECRET: secret })
    const published = [config.port, config.demoShopPort].map((port) => `127.0.0.1:${port}:${port}`)
    expect(server?.ports).toEqual(published)
    expect(config.baseUrl).toBe(`http://localhost:${config.port}`)
    for (const uri of [config.mongodbUri, config.redisUrl, config.smtpUrl])
      expect(Object.keys(compose.services)).toContain(new URL(uri ?? '').hostname)
  })

  it('waits until everything that the server needs is healthy', () => {
    const needed = Object.entries(server?.depends_on ?? {})
    expect(needed.map(([name]) => name)).toEqual(['mongodb', 'redis', 'mail'])
    for (const [name, { condition }] of needed) {
      expect(condition).toBe('service_healthy')
      expect(compose.services[name]?.healthcheck?.test[0]).toBe('CMD')
    }
  })

  it('starts MongoDB as the replica set that the server asks for, and makes it', () => {
    const uri = new URL(server?.environment?.MONGODB_URI ?? '')
    const set = uri.searchParams.get('replicaSet')
    expect(mongodb?.command?.join(' ')).toContain(`--replSet ${set}`)
    const script = mongodb?.healthcheck?.test.at(-1)
    expect(script).toContain(`rs.initiate({ _id: '${set}', members: [{ _id: 0, host: '${uri.host}'`)
  })

  it('keeps Redis from forgetting', () => {
    const command = redis?.command?.join(' ') ?? ''
    for (const option of ['appendonly yes', 'appendfsync everysec', 'maxmemory-policy noeviction'])
      expect(command).toContain(`--${option}`)
  })
})
