// Mails with codes: sent at once and off the request path, waiting in memory only, never stored.

import type { Mailer, Message } from '../../emails/message.ts'
import { MailRefused } from '../../emails/message.ts'
import type { Clock } from '../../shared/clock.ts'
import { SECOND } from '../../shared/clock.ts'
import type { Log } from '../../shared/log.ts'

export type CodeMails = {
  /** Takes the mail and returns at once. It is dropped at `expiresAt`, and when the queue is full. */
  queue(message: Message, expiresAt: number): void
  /** Waits until every mail was sent or given up, at most `limit` milliseconds. */
  drain(limit: number): Promise<void>
}

/** Milliseconds before the second and the third try: three in a minute. */
const RETRY_AFTER = [10 * SECOND, 40 * SECOND]
const AT_ONCE = 10
const MAX_WAITING = 5000

/** Resolves after so many milliseconds, or at once when the queue drains. */
export type Wait = (milliseconds: number) => Promise<void>

export function createCodeMails(parts: {
  mailer: Mailer
  clock: Clock
  wait: Wait
  log: Log
}): CodeMails {
  const { mailer, clock, wait, log } = parts
  const waiting: { message: Message; expiresAt: number }[] = []
  const running = new Set<Promise<void>>()

  async function deliver(message: Message, expiresAt: number): Promise<void> {
    for (const [attempt, pause] of [...RETRY_AFTER, 0].entries()) {
      if (clock.now() >= expiresAt) {
        log.warn({ attempt }, 'a code mail expired before it could be sent')
        return
      }
      try {
        return await mailer.send(message)
      } catch (error) {
        const isLast = pause === 0 || error instanceof MailRefused
        log[isLast ? 'error' : 'warn']({ err: error, attempt }, 'a code mail was not sent')
        if (isLast) return
        await wait(pause)
      }
    }
  }

  function next(): void {
    if (running.size >= AT_ONCE) return
    const mail = waiting.shift()
    if (!mail) return
    const delivery = deliver(mail.message, mail.expiresAt).finally(() => {
      running.delete(delivery)
      next()
    })
    running.add(delivery)
  }

  return {
    queue(message, expiresAt) {
      if (waiting.length >= MAX_WAITING) {
        log.error({ waiting: waiting.length }, 'the queue of code mails is full: one was dropped')
        return
      }
      waiting.push({ message, expiresAt })
      next()
    },

    async drain(limit) {
      const all = async (): Promise<void> => {
        while (running.size > 0) await Promise.all(running)
      }
      await Promise.race([all(), wait(limit)])
    },
  }
}
