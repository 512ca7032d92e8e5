// `foyer` as it is typed beside a running server: all of it but the process, which test/command-line.test.ts starts.

import { Readable, Writable } from 'node:stream'
import { runFoyer } from '../../src/command-line/foyer.ts'
import type { Ended } from './program.ts'
import type { TestServer } from './server.ts'

type Environment = { [name: string]: string }

/** A command to its end, in this process; its environment is `env`, and `typed` what somebody answers it. */
export async function foyer(
  args: readonly string[],
  { env = {}, typed = '' }: { env?: Environment; typed?: string } = {},
): Promise<Ended> {
  const stdout = recorder()
  const stderr = recorder()
  const stdin = Readable.from([typed])
  const code = await runFoyer(args, { env, stdin, stdout, stderr })
  return { code, stdout: stdout.text(), stderr: stderr.text() }
}

/** A command on the stores of this server; `more` goes into its environment. */
export function foyerBeside(
  server: TestServer,
  args: readonly string[],
  more: Environment = {},
): Promise<Ended> {
  return foyer(args, { env: { ...storesOf(server), ...more } })
}

/** The environment in which a command finds the stores of this server. */
export function storesOf({ config, dataDir, baseUrl }: TestServer): Environment {
  return {
    DATA_DIR: dataDir,
    BASE_URL: baseUrl,
    ...(config.mongodbUri && { MONGODB_URI: config.mongodbUri }),
    ...(config.redisUrl && { REDIS_URL: config.redisUrl }),
  }
}

function recorder(): Writable & { text(): string } {
  const written: string[] = []
  const stream = new Writable({
    write(chunk, _encoding, done) {
      written.push(String(chunk))
      done()
    },
  })
  return Object.assign(stream, { text: () => written.join('') })
}
