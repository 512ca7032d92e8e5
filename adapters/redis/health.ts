// Whether a Redis is what an installation needs. Nothing is changed in it.

import { Redis } from 'ioredis'
import type { Clock } from '../../src/shared/clock.ts'
import {
  compareClocks,
  type Finding,
  ok,
  problem,
  reasonOf,
  warning,
} from '../../src/shared/finding.ts'

/** For each answer, in milliseconds. */
const LIMIT = 2000

/** Looks at the server behind `url`. Throws nothing. */
export async function inspectRedis({
  url,
  clock,
}: {
  url: string
  clock: Clock
}): Promise<Finding[]> {
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: LIMIT,
    commandTimeout: LIMIT,
    retryStrategy: () => null,
  })
  let failure: Error | undefined
  redis.on('error', (error) => {
    failure = error // says more than what the waiting command is told
  })
  try {
    await redis.connect()
    const info = await redis.info()
    const time = await compareClocks('clock.redis', clock, async () => {
      const [seconds, microseconds] = await redis.time()
      return Number(seconds) * 1000 + Number(microseconds) / 1000
    })
    return [...judgeRedis(info), time]
  } catch (error) {
    return [
      problem(
        'redis.reachable',
        `Redis does not answer: ${reasonOf(failure ?? error)}`,
        'Start it, and look at REDIS_URL: host, port, user and password; the user may run INFO and TIME.',
      ),
    ]
  } finally {
    redis.disconnect()
  }
}

/** What the answer to `INFO` says: it is there also where a host of Redis forbids `CONFIG`. */
export function judgeRedis(info: string): Finding[] {
  const fields = new Map(
    info.split('\r\n').map((line): [string, string] => {
      const [name = '', ...value] = line.split(':')
      return [name, value.join(':')]
    }),
  )
  const field = (name: string): string => fields.get(name) ?? ''
  return [
    ok('redis.reachable', 'Redis answers'),
    versionOf(field('redis_version')),
    policyOf(field('maxmemory_policy')),
    field('aof_enabled') === '1'
      ? ok('redis.append-only', 'the append-only file is on')
      : warning(
          'redis.append-only',
          'The append-only file is off: a restart forgets running sign-ins, codes and limits.',
          'Set `appendonly yes` and `appendfsync everysec`.',
        ),
    field('role') === 'slave'
      ? problem(
          'redis.role',
          'It is a replica, which takes no writes.',
          'Let REDIS_URL name the primary.',
        )
      : ok('redis.role', 'it takes writes'),
  ]
}

function versionOf(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major > 6 || (major === 6 && minor >= 2)) return ok('redis.version', `version ${version}`)
  return problem(
    'redis.version',
    `Its version is ${version || 'not known'}; scripts need commands of 6.2.`,
    'Upgrade Redis to 6.2 or newer.',
  )
}

function policyOf(policy: string): Finding {
  if (policy === 'noeviction') return ok('redis.eviction', 'maxmemory-policy is noeviction')
  return problem(
    'redis.eviction',
    `maxmemory-policy is ${policy || 'not known'}: when memory is short, limits and what was used once are forgotten.`,
    'Set `maxmemory-policy noeviction`.',
  )
}
