// The house's rules that a machine can hold: who imports whom, no circles, sizes, and how a file begins.

import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { dirname, join, posix } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { functionsOf } from './support/function-sizes.ts'

const root = join(import.meta.dirname, '..')

type Floor = {
  /** A folder, or one file. The longest that fits is a file's floor. */
  at: string
  /** Floors whose files it may import, besides its own. */
  may: readonly string[]
  /** Floors of which it may name types only. */
  types?: readonly string[]
  packages?: readonly string[]
}

const ports = ['src/stores', 'src/shared']
const servicesGround = ['src/stores', 'src/emails', 'src/shared', 'packages/contract']
/** Areas that every other area may stand on; among themselves each on those before it. */
const [audit, events, organisations, operators] = [
  'src/services/audit',
  'src/services/events',
  'src/services/organisations',
  'src/services/operators',
] as const
const sharedAreas = [audit, events, organisations, operators]
const identityGround = [...servicesGround, ...sharedAreas]
const identity = 'src/services/identity'
const services = [...sharedAreas, identity, 'src/services/commerce']
const admin = 'apps/admin/src'
const consoleGround = ['section.ts', 'kit', 'state', 'api.ts'].map((place) => `${admin}/${place}`)
const preact = ['preact', 'preact-iso']
const outward = ['src', 'adapters', 'interactions', 'packages/contract']

/** Who may import whom; `architecture.md` in docs says the same in words. */
const floors: readonly Floor[] = [
  { at: 'packages/contract', may: [], packages: ['zod', 'zod-openapi'] },
  // What others embed: nothing of ours, and no dependency.
  { at: 'packages/dom', may: [] },
  { at: 'packages/dom/build.ts', may: [], packages: ['vite'] },
  {
    at: 'src/shared',
    may: ['packages/contract'],
    packages: ['ulid', 'pino', 'htm', 'preact', 'preact-render-to-string'],
  },
  { at: 'src/emails', may: ['src/emails/message.ts', 'src/shared'] },
  { at: 'src/emails/message.ts', may: [] },
  { at: 'src/stores', may: ['src/shared', 'packages/contract'] },
  { at: audit, may: servicesGround },
  { at: events, may: servicesGround },
  { at: organisations, may: [...servicesGround, audit, events] },
  { at: operators, may: [...servicesGround, audit, events, organisations] },
  // Identity has six rooms. The first three stand on no other; each of the rest names those it stands on.
  { at: `${identity}/clients`, may: identityGround },
  { at: `${identity}/keys`, may: identityGround },
  { at: `${identity}/limits`, may: identityGround },
  { at: `${identity}/sessions`, may: [...identityGround, `${identity}/clients`] },
  {
    at: `${identity}/accounts`,
    may: [...identityGround, `${identity}/limits`, `${identity}/sessions`],
  },
  {
    at: `${identity}/sign-in`,
    may: [...identityGround, `${identity}/accounts`, `${identity}/clients`, `${identity}/limits`],
  },
  { at: 'src/services/commerce', may: [...servicesGround, ...sharedAreas] },
  {
    at: 'src/provider',
    may: [...services, 'src/shared'],
    types: ['src/stores'],
    packages: ['oidc-provider', 'jose', 'light-my-request', 'koa'],
  },
  {
    at: 'src/http',
    may: ['src/shared', 'packages/contract'],
    packages: ['koa', '@koa/cors', '@koa/send'],
  },
  {
    at: 'src/routes',
    may: ['src/http', ...services, 'src/shared', 'packages/contract'],
    types: ['src/stores'],
    packages: ['koa', '@koa/router'],
  },
  {
    at: 'src/routes/relying-party',
    may: ['src/http', ...services, 'src/shared'],
    types: ['src/stores'],
    packages: ['koa', '@koa/router', 'openid-client', 'jose'],
  },
  {
    at: 'interactions',
    may: ['src/http', ...services, 'src/shared'],
    types: ['src/stores'],
    packages: ['koa', '@koa/router', 'markdown-it'],
  },
  { at: 'adapters/embedded', may: ports },
  { at: 'adapters/mongo', may: ports, packages: ['mongodb'] },
  { at: 'adapters/redis', may: ports, packages: ['ioredis'] },
  { at: 'adapters/oidc', may: ports, packages: ['oidc-provider'] },
  { at: 'adapters/images', may: ['src/shared'], packages: ['sharp'] },
  { at: 'adapters/outgoing', may: ['src/shared'] },
  { at: 'adapters/mail', may: ['src/emails/message.ts', 'src/shared'], packages: ['nodemailer'] },
  { at: 'src/config.ts', may: ['src/shared'], packages: ['zod'] },
  { at: 'src/app.ts', may: outward, packages: ['koa'] },
  { at: 'src/compose.ts', may: outward, packages: ['koa'] },
  { at: 'src/compose', may: outward, packages: ['koa'] },
  { at: 'src/waiting.ts', may: ['src/routes/health.ts', 'src/shared'], packages: ['koa'] },
  {
    at: 'src/main.ts',
    may: [
      'src/compose.ts',
      'src/config.ts',
      'src/waiting.ts',
      'src/http/listener.ts',
      'src/stores/errors.ts',
      'src/shared',
    ],
  },
  { at: 'src/command-line', may: outward, packages: ['commander', 'yaml', 'light-my-request'] },
  {
    at: 'apps/demo',
    may: [],
    types: ['packages/contract'],
    // The shop's pages find the built library by an import map.
    packages: ['preact', 'openid-client', 'vite', '@foyer/dom'],
  },
  { at: 'apps/admin/vite.config.ts', may: [], packages: ['vite'] },
  // The console: its entrance, the frame, the sections, then what all of them are made of.
  { at: admin, may: [admin], packages: preact },
  {
    at: `${admin}/shell`,
    may: [`${admin}/sections.ts`, `${admin}/pages/organisations`, ...consoleGround],
    types: ['packages/contract'],
    packages: preact,
  },
  { at: `${admin}/sections.ts`, may: [`${admin}/pages`, ...consoleGround] },
  {
    at: `${admin}/pages`,
    // Beside types, a list without zod.
    may: [...consoleGround, 'packages/contract/audit-actions.ts'],
    types: ['packages/contract'],
    packages: preact,
  },
  { at: `${admin}/section.ts`, may: [], types: [`${admin}/state`], packages: preact },
  { at: `${admin}/kit`, may: [`${admin}/state`, `${admin}/api.ts`], packages: preact },
  {
    at: `${admin}/state`,
    may: [`${admin}/api.ts`],
    types: ['packages/contract'],
    packages: [...preact, '@tanstack/query-core'],
  },
  { at: `${admin}/api.ts`, may: [] },
  { at: 'scripts', may: ['src', 'packages/contract'], packages: ['vite'] },
  {
    at: 'scripts/mutation.js',
    may: ['scripts/mutation', 'stryker.config.js'],
    packages: ['@stryker-mutator/core'],
  },
  {
    at: 'scripts/mutation',
    may: [],
    packages: ['@stryker-mutator/api', 'jest-circus', '@jest/expect', '@jest/fake-timers'],
  },
  { at: 'jest.config.js', may: [], packages: ['jest'] },
  { at: 'stryker.config.js', may: [], packages: ['@stryker-mutator/api'] },
]

/** Tests and measurements stand outside: they may look at everything. */
const outside = ['test', 'bench']

/** Whole, over 120 lines all the same. */
const long120 = new Set([
  // Apart it would be larger, and every byte is paid for by each visitor.
  'packages/dom/src/sessions.ts: export function createSessions(server: Server, onChange: () => void): Sessions {',
])

type Import = { from: string; target: string; isType: boolean }

const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  .filter(Boolean)
/** What was built and is kept as it was published is nobody's source. */
const isKept = (file: string): boolean => file.startsWith('packages/dom/releases/')
const sources = listed.filter((file) => /\.(ts|tsx|js)$/.test(file) && !isKept(file))
const texts = new Map(sources.map((file) => [file, readFileSync(join(root, file), 'utf8')]))

function within(file: string, place: string): boolean {
  return file === place || file.startsWith(`${place}/`)
}

function floorOf(file: string): Floor | undefined {
  return floors
    .filter((floor) => within(file, floor.at))
    .sort((a, b) => b.at.length - a.at.length)[0]
}

const statement =
  /^(?:import|export)\s+(type\s)?[^'"`;]*?from\s+'([^']+)'|^import\s+'([^']+)'|\bimport\('([^']+)'\)/gm

/** Text that a program prints may be a program itself, whose imports and functions are not ours. */
const template = /`(?:\\.|[^`\\])*`/g
const sourceOf = (file: string): string =>
  (texts.get(file) ?? '').replace(template, (text) => text.replace(/\S/g, '.'))

/** Packages of ours that are imported by their names. */
const doors: { readonly [name: string]: string } = {
  '@foyer/contract': 'packages/contract/index.ts',
  '@foyer/contract/audit-actions': 'packages/contract/audit-actions.ts',
}

function importsOf(file: string): Import[] {
  const text = sourceOf(file)
  return [...text.matchAll(statement)].map(([, type, named, bare, dynamic]) => {
    const target = named ?? bare ?? dynamic ?? ''
    return {
      from: file,
      target: target.startsWith('.')
        ? posix.join(dirname(file), target)
        : (doors[target] ?? target),
      isType: type !== undefined,
    }
  })
}

/** What is wrong with one import, if anything. */
function faultOf({ from, target, isType }: Import): string | undefined {
  const floor = floorOf(from)
  if (!floor) return `${from} stands on no floor of the table`
  if (target.startsWith('node:')) return undefined
  if (builtinModules.includes(target)) return `${from} writes ${target} without node:`
  const file = texts.has(target) ? target : undefined
  if (!file) {
    const name = target.startsWith('@') ? target.split('/', 2).join('/') : target.split('/')[0]
    return floor.packages?.includes(name ?? '') ? undefined : `${from} imports ${target}`
  }
  const own = floorOf(file) === floor
  const allowed = floor.may.some((place) => within(file, place))
  const asType = isType && floor.types?.some((place) => within(file, place))
  return own || allowed || asType ? undefined : `${from} imports ${file}`
}

/** A suite is as long as what it tries. */
const isCases = (file: string): boolean => /\.test\.tsx?$|^test\/contracts\//.test(file)

describe('the house', () => {
  it('was seen whole: every file that git lists, and every floor of the table has files', () => {
    expect(sources.length).toBeGreaterThan(100)
    expect([...texts.keys()]).toEqual(sources)
    const empty = floors.filter((floor) => !sources.some((file) => within(file, floor.at)))
    expect(empty.map((floor) => floor.at)).toEqual([])
  })

  it('imports only as its table allows', () => {
    const faults = sources
      .filter((file) => !outside.some((place) => within(file, place)))
      .flatMap(importsOf)
      .map(faultOf)
    expect(faults.filter(Boolean)).toEqual([])
  })

  it('sees each import, and tells a forbidden one', () => {
    expect(importsOf('src/main.ts').map((each) => each.target)).toContain('src/compose.ts')
    const forbidden = [
      { from: 'src/stores/accounts.ts', target: 'src/http/body.ts', isType: false },
      {
        from: 'src/services/commerce/customers.ts',
        target: 'src/services/identity/accounts/accounts.ts',
        isType: true,
      },
      {
        from: 'src/services/identity/accounts/accounts.ts',
        target: 'src/services/identity/sign-in/sign-in.ts',
        isType: true,
      },
      { from: 'src/routes/health.ts', target: 'src/stores/accounts.ts', isType: false },
      { from: 'src/http/body.ts', target: 'mongodb', isType: false },
      { from: 'adapters/mail/smtp.ts', target: 'src/emails/layout.ts', isType: false },
    ]
    for (const each of forbidden) expect(faultOf(each)).toMatch(/imports/)
  })

  it('closes no circle, not even with a type', () => {
    const open = new Set<string>()
    const done = new Set<string>()
    const circles: string[] = []
    const walk = (file: string, trail: readonly string[]): void => {
      if (done.has(file)) return
      if (open.has(file)) {
        circles.push([...trail.slice(trail.indexOf(file)), file].join(' -> '))
        return
      }
      open.add(file)
      for (const { target } of importsOf(file))
        if (texts.has(target)) walk(target, [...trail, file])
      open.delete(file)
      done.add(file)
    }
    for (const file of sources) walk(file, [])
    expect(circles).toEqual([])
  })

  it('looks as its picture shows it: an arrow for each import, or a way of arrows', () => {
    const picture = readFileSync(join(root, 'docs/architecture.md'), 'utf8')
    const boxes = new Map(
      [...picture.matchAll(/(\w+)\["([^"]+)"\]/g)].map(([, key, at]) => [key, at]),
    )
    const places = [...boxes.values()].filter((at) => at !== undefined)
    const placeOf = (file: string) =>
      places.find((at) => `${file}/`.startsWith(at) && /^[/.]/.test(`${file}/`.slice(at.length)))
    const arrows = [...picture.matchAll(/^ +(\w+)\S* --> (\w+)/gm)].map(([, from, to]) => [
      boxes.get(from ?? ''),
      boxes.get(to ?? ''),
    ])
    const below = (at: string | undefined): (string | undefined)[] =>
      arrows.filter(([from]) => from === at).flatMap(([, to]) => [to, ...below(to)])
    const real = sources
      .flatMap(importsOf)
      .map(({ from, target }) => [placeOf(from), placeOf(target)])
    expect(arrows.length).toBeGreaterThan(15)
    const invented = arrows.filter(([a, b]) => !real.some(([from, to]) => from === a && to === b))
    expect(invented).toEqual([])
    const between = real.filter(([from, to]) => from && to && from !== to)
    expect(between.filter(([from, to]) => !below(from).includes(to))).toEqual([])
  })

  it('has no file over 300 lines, and no test over 400', () => {
    const end = (file: string): number => (within(file, 'test') ? 400 : 300)
    const linesOf = (file: string): number => (texts.get(file) ?? '').split('\n').length - 1
    const long = sources.filter((file) => linesOf(file) > end(file))
    expect(long).toEqual([])
  })

  it('has no function over 60 lines of its own, nor over 120 with those that stand in it', () => {
    const functions = sources
      .filter((file) => !isCases(file))
      .flatMap((file) => functionsOf(file, sourceOf(file)))
    expect(functions.length).toBeGreaterThan(1000)
    const long = functions.filter(
      ({ at, own, whole }) => own > 60 || (whole > 120 && !long120.has(at)),
    )
    expect(long).toEqual([])
  })

  it('begins each file with one sentence', () => {
    const silent = sources.filter((file) => {
      const text = (texts.get(file) ?? '').replace(/^#!.*\n/, '')
      return !/^\/\/ \S.*[.:?]\n/.test(text)
    })
    expect(silent).toEqual([])
  })

  it('exports by name, and reads the environment in one place', () => {
    const defaults =
      /vite\.config\.ts$|(^|\/)(jest|stryker)\.config\.js$|^scripts\/jest-|global-(setup|teardown)\.ts$/
    const own = (file: string): boolean => !defaults.test(file)
    const isOutside = (file: string): boolean =>
      [...outside, 'scripts'].some((place) => within(file, place))
    const holding = (pattern: RegExp): string[] =>
      sources.filter((file) => pattern.test(texts.get(file) ?? ''))
    expect(holding(/^export default/m).filter(own)).toEqual([])
    // Also where the whole process is handed on.
    const readers = holding(/process\.env|, process\)/).filter((file) => !isOutside(file))
    expect(readers).toEqual(['src/command-line/main.ts', 'src/config.ts', 'src/main.ts'])
  })
})
