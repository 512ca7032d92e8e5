// The files around the code: containers, documents and links say what is true.

import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { parse } from 'yaml'
import { readConfig, variables } from '../src/config.ts'

const root = join(import.meta.dirname, '..')
const read = (file: string): string => readFileSync(join(root, file), 'utf8')
const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => file !== '' && existsSync(join(root, file)))
const isListed = (path: string): boolean =>
  listed.some((file) => file === path || file.startsWith(`${path}/`))

type Service = {
  image?: string
  build?: string
  ports?: string[]
  environment?: { [name: string]: string }
  healthcheck?: { test: string[] }
  depends_on?: { [name: string]: { condition: string } }
}
const compose = parse(read('docker-compose.yml')) as { services: { [name: string]: Service } }
const services = Object.entries(compose.services)
const exactVersion = /:v?\d+\.\d+\.\d+(-[a-z0-9.-]+)?$/

describe('docker-compose.yml', () => {
  it('has the server, MongoDB, Redis and a mail catcher, each image pinned to one version', () => {
    expect(services.map(([name]) => name)).toEqual(['server', 'mongodb', 'redis', 'mail'])
    for (const [, { image, build }] of services)
      if (build === undefined) expect(image).toMatch(exactVersion)
  })

  it('configures the server with variables that exist and values that it accepts', () => {
    const environment = compose.services.server?.environment ?? {}
    const known = [...Object.keys(variables), 'NODE_ENV']
    expect(Object.keys(environment).filter((name) => !known.includes(name))).toEqual([])
    const secret = String(environment.SECRET).replace(/^\$\{SECRET:-(.*)\}$/, '$1')
    const config = readConfig({ ...environment, SECRET: secret })
    expect(compose.services.server?.ports).toContain(`127.0.0.1:${config.port}:${config.port}`)
    for (const uri of [config.mongodbUri, config.redisUrl, config.smtpUrl])
      expect(Object.keys(compose.services)).toContain(new URL(uri ?? '').hostname)
    expect(config.mongodbUri).toContain('replicaSet=rs0')
  })

  it('waits for what the server needs, and keeps Redis from forgetting', () => {
    const conditions = compose.services.server?.depends_on ?? {}
    for (const name of ['mongodb', 'redis']) {
      expect(conditions[name]?.condition).toBe('service_healthy')
      expect(compose.services[name]?.healthcheck?.test.length).toBeGreaterThan(1)
    }
    expect(read('docker-compose.yml')).toMatch(/--appendonly', 'yes'.*'noeviction'/)
  })
})

describe('Dockerfile', () => {
  const lines = read('Dockerfile').split('\n')

  it('builds on one exact version of Node.js 24, without development dependencies, not as root', () => {
    const images = lines.filter((line) => line.startsWith('FROM '))
    for (const line of images) expect(line).toMatch(/^FROM node:24\.\d+\.\d+-/)
    expect(lines).toContain('RUN npm ci --omit=dev --ignore-scripts')
    expect(lines).toContain('USER node')
  })

  it('copies what git knows, and everything that the server imports', () => {
    const copied = lines
      .filter((line) => line.startsWith('COPY ') && !line.includes('--from'))
      .flatMap((line) => line.split(' ').slice(1, -1))
    expect(copied.filter((path) => !isListed(path))).toEqual([])
    for (const folder of ['src', 'interactions', 'adapters', 'packages'])
      expect(copied).toContain(folder)
  })
})

describe('the documents', () => {
  const documents = listed.filter((file) => file.endsWith('.md'))

  it('link to what git knows', () => {
    const broken = documents.flatMap((file) =>
      [...read(file).matchAll(/\]\((?!https?:)([^)#]+)[^)]*\)/g)]
        .map(([, target]) => join(dirname(file), target ?? ''))
        .filter((target) => !isListed(target))
        .map((target) => `${file} links to ${target}`),
    )
    expect(documents.length).toBeGreaterThan(15)
    expect(broken).toEqual([])
  })

  it('name npm scripts that exist', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: { [name: string]: string } }
    const named = documents.flatMap((file) =>
      [...read(file).matchAll(/npm run (?:-s )?([a-z]+)/g)].map(([, script]) => script ?? ''),
    )
    expect(named.length).toBeGreaterThan(5)
    for (const script of named) expect(Object.keys(scripts)).toContain(script)
  })

  it('describe every collection', () => {
    const storage = read('docs/storage.md')
    const sources = [
      ...listed.filter((file) => /^src\/stores\/.*\.ts$/.test(file)),
      'adapters/oidc/placement.ts',
    ]
    const names = sources.flatMap((file) =>
      [...read(file).matchAll(/^ +name: '([a-z-]+)',\n +indexes/gm)].map(([, name]) => name),
    )
    expect(names.length).toBeGreaterThan(12)
    expect(names.filter((name) => !storage.includes(`\`${name}\``))).toEqual([])
  })
})
