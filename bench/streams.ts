// Streams that tell of sign-outs, held open by the thousand: what they cost in memory, and how soon one of them hears.

import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { join } from 'node:path'
import { freePort } from '../test/support/services/processes.ts'
import { createLoad, type Load, runAll } from './load.ts'
import { accessTokens } from './operations.ts'
import { median, type StreamsFigures } from './report.ts'
import { startTarget } from './target.ts'

const MIB = 2 ** 20
/** What the server holds of one session. */
const PER_SESSION = 8
/** Before memory is taken, until the compiler has seen what is asked. */
const WARM = 200
/** How many sign-outs are timed. */
const SIGN_OUTS = 20

export type Stream = { token: string; ended: Promise<unknown>; leave(): void }

/** `folder` is for the store, and is left to whoever gave it. */
export async function measureStreams(count: number, folder: string): Promise<StreamsFigures> {
  const BASE_URL = `http://127.0.0.1:${await freePort()}`
  const env = { DATA_DIR: join(folder, 'streams'), BASE_URL, LOG_LEVEL: 'warn' }
  const target = await startTarget({ name: 'streams', file: 'foyer.ts', env })
  const load = createLoad(target)
  const open: Stream[] = []
  try {
    const tokens = await accessTokens(load, Math.ceil(count / PER_SESSION))
    const openEach = async (some: number): Promise<void> => {
      const work = Array.from({ length: some }, (_, index) => async () => {
        open.push(await openStream(BASE_URL, tokens[index % tokens.length] ?? ''))
      })
      await runAll(work)
    }
    await openEach(Math.min(WARM, count))
    await leaveAll(open)
    const empty = (await target.memory()) / MIB
    await openEach(count)
    const full = (await target.memory()) / MIB
    const heard: number[] = []
    for (const token of tokens.slice(0, SIGN_OUTS)) heard.push(await signOut(load, token, open))
    return { streams: count, empty, full, heard: median(heard) }
  } finally {
    await leaveAll(open)
    await load.close()
    await target.stop()
  }
}

/** Returns when its first bytes are there. */
export async function openStream(baseUrl: string, token: string): Promise<Stream> {
  const asked = request(`${baseUrl}/api/client/v1/session/events`, {
    agent: false, // a connection of its own
    headers: { authorization: `Bearer ${token}` },
  }).end()
  const [answer] = (await once(asked, 'response')) as [IncomingMessage] // node:http's event
  if (answer.statusCode !== 200) throw new Error(`a stream answered ${answer.statusCode}`)
  await once(answer, 'data')
  answer.resume()
  for (const each of [asked, answer]) each.on('error', () => {}) // of those that leave
  const ended = new Promise((resolve) => answer.once('close', resolve))
  return { token, ended, leave: () => asked.destroy() }
}

async function leaveAll(open: Stream[]): Promise<void> {
  for (const { leave, ended } of open.splice(0)) {
    leave()
    await ended
  }
}

/** Milliseconds from the request until every stream of the session has heard. */
async function signOut(load: Load, token: string, open: readonly Stream[]): Promise<number> {
  const theirs = open.filter((each) => each.token === token)
  const began = performance.now()
  const { status } = await load.request('/api/client/v1/session', {
    method: 'DELETE',
    headers: { authorization: `Bearer ${token}` },
  })
  if (status !== 200) throw new Error(`signing out answered ${status}`)
  await Promise.all(theirs.map(({ ended }) => ended))
  return performance.now() - began
}
