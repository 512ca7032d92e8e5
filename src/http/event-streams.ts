// Answers that stay open (server-sent events): how many there may be, how they stay open, and how each of them ends.

import type { ServerResponse } from 'node:http'
import type { Context } from 'koa'
import { type Clock, SECOND } from '../shared/clock.ts'
import { AppError } from '../shared/errors.ts'

/** How many streams are held at once. */
export type StreamLimits = {
  /** Of one group; the oldest makes room for one more. */
  perGroup: number
  /** Of one owner; more are refused. */
  perOwner: number
  /** Of this process; more are refused. */
  inAll: number
}

export type StreamPlan = {
  group: string
  owner: string
  /** When it ends by itself, in milliseconds since 1970. */
  endsAt: number
}

export type EventStream = {
  /** Ends it, after a last event without data. Nothing happens when it has ended. */
  end(lastEvent?: string): void
  /** Calls back when it is closed, however that came; before it returns when it is already. */
  onClosed(hear: () => void): void
}

export type EventStreams = {
  /**
   * Answers the request by a stream that stays open. Throws `rate_limited` when the owner has enough of them,
   * `unavailable` when the process has, or drains.
   */
  open(ctx: Context, plan: StreamPlan): EventStream
  /** Ends all of them, telling each when to come back; from now on none is opened. */
  drain(): void
}

/** Less than proxies wait for an answer to go on: mostly 60 seconds, sometimes 30. */
const HEARTBEAT = 22 * SECOND
/** How exactly heartbeats and ends come. */
const TICK = SECOND
/** How long the end of a stream may be under way to a reader who does not take it. */
const LAST_WORDS = 5 * SECOND
/** When whoever was refused may try again, in seconds. */
const RETRY_AFTER = 60
/** When a stream that made room may come back: were it sooner, two tabs too many would replace each other for ever. */
const RETRY_DISPLACED = 60 * SECOND
/** After a drain they come back one after the other, from here on, over so long. */
const RETRY_DRAINED = 3 * SECOND
const RETRY_SPREAD = 5 * SECOND

type Open = StreamPlan & {
  response: ServerResponse
  /** When the next heartbeat is due; once it is ending, when it is cut off. */
  dueAt: number
  isEnding: boolean
  hearClosed: () => void
}

export function createEventStreams({
  limits,
  clock,
}: {
  limits: StreamLimits
  clock: Clock
}): EventStreams {
  const all = new Set<Open>()
  const groups = createGroups()
  const owners = createGroups()
  /** One for all, and only while there are any. */
  let ticker: NodeJS.Timeout | undefined
  let isDraining = false

  /** It counts no more, whether or not its reader has taken the end. */
  function leave(stream: Open): void {
    groups.remove(stream.group, stream)
    owners.remove(stream.owner, stream)
  }

  function end(stream: Open, lastWords = ''): void {
    if (stream.isEnding) return
    stream.isEnding = true
    stream.dueAt = clock.now() + LAST_WORDS
    leave(stream)
    stream.response.end(lastWords)
  }

  function tick(): void {
    const now = clock.now()
    for (const stream of all) {
      if (!stream.isEnding && stream.endsAt <= now) end(stream)
      else if (stream.dueAt <= now) beat(stream, now)
    }
  }

  function beat(stream: Open, now: number): void {
    const { response, isEnding } = stream
    // Whoever has not taken the last heartbeat by the next one is gone, or keeps us from knowing.
    if (isEnding || response.writableLength > 0) {
      response.destroy()
      return
    }
    response.write(':\n\n')
    stream.dueAt = now + HEARTBEAT
  }

  function makeRoom({ group, owner }: StreamPlan): void {
    if (isDraining)
      throw new AppError('unavailable', {
        retryAfter: RETRY_DRAINED / SECOND,
        detail: 'this process drains',
      })
    const [oldest] = groups.of(group)
    const isGroupFull = groups.of(group).size >= limits.perGroup
    if (oldest && isGroupFull) return end(oldest, retry(RETRY_DISPLACED))
    if (owners.of(owner).size >= limits.perOwner)
      throw new AppError('rate_limited', {
        retryAfter: RETRY_AFTER,
        detail: 'streams of one owner',
      })
    if (all.size >= limits.inAll)
      throw new AppError('unavailable', { retryAfter: RETRY_AFTER, detail: 'too many streams' })
  }

  function closed(stream: Open): void {
    leave(stream)
    all.delete(stream)
    if (all.size === 0) clearInterval(ticker)
    stream.hearClosed()
  }

  function add(stream: Open): void {
    if (all.size === 0) ticker = setInterval(tick, TICK).unref()
    all.add(stream)
    groups.add(stream.group, stream)
    owners.add(stream.owner, stream)
    stream.response.once('close', () => closed(stream))
  }

  return {
    open(ctx, plan) {
      // Whoever left before it was opened says so no more.
      if (ctx.res.destroyed) return closedAlready
      makeRoom(plan)
      const stream: Open = {
        ...plan,
        response: begin(ctx),
        dueAt: clock.now() + HEARTBEAT,
        isEnding: false,
        hearClosed: () => {},
      }
      add(stream)
      return {
        end: (lastEvent) => end(stream, lastEvent && `event: ${lastEvent}\ndata: {}\n\n`),
        onClosed(hear) {
          stream.hearClosed = hear
        },
      }
    },

    drain() {
      isDraining = true
      let turn = 0
      for (const stream of all) {
        end(stream, retry(RETRY_DRAINED + Math.round((RETRY_SPREAD * turn) / all.size)))
        turn += 1
      }
    },
  }
}

const closedAlready: EventStream = { end() {}, onClosed: (hear) => hear() }

/** The head of the answer, and a first comment, so that the reader knows that it is there. */
function begin(ctx: Context): ServerResponse {
  ctx.status = 200
  ctx.set(streamHeaders)
  ctx.respond = false // it is written to for as long as it is open
  ctx.res.write(':\n\n')
  return ctx.res
}

/** Of a stream, and of the answer to a HEAD request for one. */
export const streamHeaders = {
  'Content-Type': 'text/event-stream',
  // Who compresses or changes what passes has to wait for more of it.
  'Cache-Control': 'no-store, no-transform',
  'X-Accel-Buffering': 'no',
}

/** In milliseconds, as the reader is told (HTML, 9.2.6). */
function retry(milliseconds: number): string {
  return `retry: ${milliseconds}\n\n`
}

/** Streams by a name that some of them share, the oldest first. */
function createGroups() {
  const byName = new Map<string, Set<Open>>()
  const none: ReadonlySet<Open> = new Set()
  return {
    of: (name: string): ReadonlySet<Open> => byName.get(name) ?? none,
    add(name: string, stream: Open): void {
      byName.set(name, (byName.get(name) ?? new Set()).add(stream))
    },
    remove(name: string, stream: Open): void {
      const group = byName.get(name)
      if (group?.delete(stream) && group.size === 0) byName.delete(name)
    },
  }
}
