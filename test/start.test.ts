// `npm start` in a fresh copy of the repository, as somebody runs it for the first time, and again.

import { execFile, execFileSync } from 'node:child_process'
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { npmStart, runProgram, type StartedServer } from './support/program.ts'
import { listed, root } from './support/repository.ts'
import { quickestOf, startStopwatch } from './support/stopwatch.ts'
import { createUserAgent } from './support/user-agent.ts'

const FIRST_START = 30_000
const LATER_START = 3000

/** The files that git knows, without anything that was built or stored, and the installed packages. */
function freshCopy(): string {
  const copy = mkdtempSync(join(tmpdir(), 'foyer-copy-'))
  for (const file of listed) cpSync(join(root, file), join(copy, file))
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'))
  return copy
}

describe('npm start', () => {
  let copy: string
  let server: StartedServer
  const get = (path: string): Promise<Response> => fetch(`${server.baseUrl}${path}`)

  beforeAll(async () => {
    copy = freshCopy()
    server = await npmStart({ cwd: copy })
  }, FIRST_START)
  afterAll(async () => {
    await server?.stop()
    rmSync(copy, { recursive: true, force: true })
  })

  describe('for the first time', () => {
    it('builds the demo and serves it, with what it needs to know', async () => {
      const page = await get('/demo/')
      const [, script = ''] = /src="([^"]+\.js)"/.exec(await page.text()) ?? []
      expect(page.status).toBe(200)
      expect((await get(script)).headers.get('content-type')).toMatch(/javascript/)
      expect(await (await get('/demo/config.json')).json()).toMatchObject({ clientId: 'demo' })
    })

    it('prints addresses that are there, and nothing else', async () => {
      const addresses = server.output().match(/http:\/\/localhost:\d+\S*/g) ?? []
      expect(addresses.length).toBeGreaterThan(4)
      for (const address of addresses)
        expect((await createUserAgent(address).open(address)).status).toBe(200)
      expect(server.output()).not.toMatch(/warn|error|deprecated|\[oidc/i)
    })

    it('keeps what it stores in .data of the folder it was started in', () => {
      expect(existsSync(join(copy, '.data/documents.db'))).toBe(true)
      expect(existsSync(join(copy, '.data/secret'))).toBe(true)
    })
  })

  describe('later', () => {
    const build = () => runProgram(join(copy, 'scripts/front-ends.js'))
    const dist = (): string => join(copy, 'apps/demo/dist')
    const builtAt = (): number => statSync(join(dist(), 'index.html')).mtimeMs

    it(`builds nothing, and is open within ${LATER_START / 1000} s`, async () => {
      const before = builtAt()
      async function start(): Promise<number> {
        const taken = startStopwatch()
        const again = await npmStart({ cwd: copy, env: { DATA_DIR: join(copy, '.data-2') } })
        const took = taken()
        await again.stop()
        return took
      }
      const quickest = await quickestOf(5, { within: LATER_START, run: start })
      expect(quickest).toBeLessThan(LATER_START)
      expect(builtAt()).toBe(before)
    })

    it.each(['apps/demo/src/masthead.tsx', 'apps/demo/index.html', 'package-lock.json'])(
      'builds again after a change of %s',
      async (file) => {
        const before = builtAt()
        appendFileSync(join(copy, file), '\n')
        expect(await build()).toMatchObject({ code: 0, stderr: '' })
        expect(builtAt()).toBeGreaterThan(before)
      },
    )

    it('builds again what was interrupted while it was built', async () => {
      const stamp = join(dist(), '.sources')
      rmSync(stamp)
      expect(await build()).toMatchObject({ code: 0 })
      expect(existsSync(stamp)).toBe(true)
    })

    it('says what is wrong with a front end that cannot be built, and builds it once it can', async () => {
      const broken = join(copy, 'apps/demo/src/main.tsx')
      appendFileSync(broken, 'const = 1\n')
      expect(await runProgram(join(copy, 'scripts/start.js'))).toMatchObject({
        code: 1,
        stderr: expect.stringContaining('main.tsx'),
      })
      cpSync(join(root, 'apps/demo/src/main.tsx'), broken)
      expect(await build()).toMatchObject({ code: 0 })
    })

    it('builds nothing in production, where its tools are not installed', async () => {
      rmSync(dist(), { recursive: true })
      const env = { NODE_ENV: 'production' }
      const { code, stderr } = await runProgram(join(copy, 'scripts/start.js'), { env })
      expect(code).toBe(1)
      expect(stderr).toContain('SECRET') // it came as far as the server, which wants a configuration
      expect(readdirSync(join(copy, 'apps/demo'))).not.toContain('dist')
    })
  })
})

describe('npm start on an older Node.js', () => {
  it('says in one line what is needed and how to get it', async () => {
    const { program, args } = olderNode()
    const stderr = await new Promise((resolve, reject) => {
      execFile(program, [...args, 'scripts/start.js'], { cwd: root }, (error, _stdout, stderr) =>
        error?.code === 1 ? resolve(stderr) : reject(error ?? new Error('it started')),
      )
    })
    expect(stderr).toMatch(
      /^Foyer needs Node\.js 24 or newer, this is \d+\.\d+\.\d+: .*npm ci.*\n$/,
    )
  })
})

/** One that is installed, else this one in disguise. */
function olderNode(): { program: string; args: string[] } {
  const folders = (process.env.PATH ?? '').split(delimiter)
  const installed = folders.map((folder) => join(folder, 'node')).filter((file) => existsSync(file))
  const old = installed.find((file) => {
    const version = execFileSync(file, ['-p', 'process.versions.node'], { encoding: 'utf8' })
    return Number.parseInt(version, 10) < 24
  })
  if (old) return { program: old, args: [] }
  const disguise = `Object.defineProperty(process, 'versions', { value: { node: '20.1.0' } })`
  const args = ['--import', `data:text/javascript,${encodeURIComponent(disguise)}`]
  return { program: process.execPath, args }
}
