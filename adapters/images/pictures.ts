// Makes pictures from outside ready: each in a process of its own that can be killed, two at a time.

import { spawn } from 'node:child_process'
import { join } from 'node:path'
import type { Log } from '../../src/shared/log.ts'
import type { Frame, MakeReady, PictureRefusal, ReadyPicture } from '../../src/shared/pictures.ts'
import { kindOf } from './kind.ts'
import { exitCodes } from './protocol.ts'

const PROGRAM = join(import.meta.dirname, 'draw.ts')
/** Some 150 MiB each at the most. */
const AT_ONCE = 2
/** With 1 MB each. */
const MAX_WAITING = 30
const TIME_LIMIT = 10_000
const MAX_OUTPUT = 4 * 1024 * 1024

/**
 * A decoder that crashes, or never ends, takes nothing with it. `timeLimit` in milliseconds. Throws when the
 * program that draws does not run at all.
 */
export function createPictures({
  log,
  timeLimit = TIME_LIMIT,
  program = PROGRAM,
}: {
  log: Log
  timeLimit?: number
  program?: string
}): MakeReady {
  const turns = createTurns()
  return async (bytes, frame) => {
    const kind = kindOf(bytes)
    if (kind === undefined) return { outcome: 'refused', reason: 'type' }
    if (kind === 'unsafe-svg') return { outcome: 'refused', reason: kind }
    if (!(await turns.take())) return { outcome: 'busy' }
    try {
      const drawn = await draw(bytes, { kind, frame, timeLimit, program })
      if (typeof drawn !== 'string') return { outcome: 'ready', ...drawn }
      log.info({ kind, reason: drawn, bytes: bytes.length }, 'a picture was refused')
      return { outcome: 'refused', reason: drawn }
    } finally {
      turns.give()
    }
  }
}

type DrawOptions = { kind: string; frame: Frame; timeLimit: number; program: string }

function draw(
  bytes: Uint8Array,
  { kind, frame, timeLimit, program }: DrawOptions,
): Promise<ReadyPicture | PictureRefusal> {
  const { promise, resolve, reject } = Promise.withResolvers<ReadyPicture | PictureRefusal>()
  const args = [kind, String(frame.width), String(frame.height), frame.fill ? 'fill' : '']
  const child = spawn(process.execPath, ['--max-old-space-size=64', program, ...args], {
    stdio: ['pipe', 'pipe', 'ignore'],
    env: { VIPS_CONCURRENCY: '1' }, // none of the server's secrets
    timeout: timeLimit,
    killSignal: 'SIGKILL',
  })
  const parts: Buffer[] = []
  let size = 0
  child.stdout.on('data', (part: Buffer) => {
    size += part.length
    if (size > MAX_OUTPUT) child.kill('SIGKILL')
    else parts.push(part)
  })
  child.on('error', reject)
  child.on('close', (code) => {
    const refusal = refusalOf(code)
    if (code === 0) resolve(readyPicture(Buffer.concat(parts)))
    else if (refusal) resolve(refusal)
    else reject(new Error(`the program that draws pictures ended with ${code}`))
  })
  child.stdin.on('error', () => {}) // it ended before it had read everything: its exit code says why
  child.stdin.end(bytes)
  return promise
}

/** Its size stands in the header that every PNG begins with. */
function readyPicture(png: Buffer): ReadyPicture {
  return { png, width: png.readUInt32BE(16), height: png.readUInt32BE(20) }
}

/** Without an exit code it crashed, or was ended because it took too long. */
function refusalOf(code: number | null): PictureRefusal | undefined {
  if (code === null) return 'unreadable'
  const reasons = Object.keys(exitCodes) as (keyof typeof exitCodes)[] // its own names
  return reasons.find((reason) => exitCodes[reason] === code)
}

function createTurns() {
  const waiting: (() => void)[] = []
  let running = 0
  return {
    /** Resolves when it is one's turn; `false` when too many wait. */
    async take(): Promise<boolean> {
      if (running < AT_ONCE) {
        running += 1
        return true
      }
      if (waiting.length >= MAX_WAITING) return false
      await new Promise<void>((resolve) => waiting.push(resolve))
      return true
    },

    /** The turn goes to who has waited longest. */
    give(): void {
      const next = waiting.shift()
      if (next) next()
      else running -= 1
    },
  }
}
