// Mails with codes: sent at once and off the request path, waiting in memory only, never stored.

import type { Mailer, Message } from '../../../emails/message.ts'
import { MailRefused } from '../../../emails/message.ts'
import type { Clock } from '../../../shared/clock.ts'
import { SECOND } from '../../../shared/clock.ts'
import type { Log } from '../../../shared/log.ts'

export type CodeMails = {
  /** Takes the mail and returns at once. It is dropped at `expiresAt`, and when the queue is full. */
  queue(message: Message, expiresAt: number): void
  /** Tries at once what waits to be tried again, and returns when nothing is left, at most `limit` milliseconds later. */
  drain(limit: number): Promise<void>
}

/** Milliseconds after it was queued that a mail is tried, if it was not sent by then: three times in a minute. */
const TRY_AT = [0, 10 * SECOND, 40 * SECOND]
const AT_ONCE = 10
const MAX_WAITING = 5000

/** Resolves after so many milliseconds. */
export type Wait = (milliseconds: number) => Promise<void>

type Mail = {
  readonly message: Message
  readonly queuedAt: number
  readonly expiresAt: number
  /** How often it was tried. */
  tries: number
}

export function createCodeMails(parts: {
  mailer: Mailer
  /** Whether the organisation of this id is gone, and its mails with it. */
  isRemoved(organisation: string): boolean
  clock: Clock
  wait: Wait
  log: Log
}): CodeMails {
  const { mailer, clock, wait, log } = parts
  const due: Mail[] = []
  /** Mails that wait for their next try: they hold up nobody else's. */
  const later = new Set<Mail>()
  const running = new Set<Promise<void>>()
  let isDraining = false

  async function deliver(mail: Mail): Promise<void> {
    const attempt = mail.tries
    if (clock.now() >= mail.expiresAt) {
      log.warn({ attempt }, 'a code mail expired before it could be sent')
      return
    }
    const { organisation } = mail.message
    if (organisation !== undefined && parts.isRemoved(organisation)) return
    mail.tries += 1
    try {
      await mailer.send(mail.message)
    } catch (error) {
      const next = TRY_AT[mail.tries]
      const isLast = next === undefined || isDraining || error instanceof MailRefused
      log[isLast ? 'error' : 'warn']({ err: error, attempt }, 'a code mail was not sent')
      if (!isLast) tryAgain(mail, Math.max(0, mail.queuedAt + next - clock.now()))
    }
  }

  function tryAgain(mail: Mail, pause: number): void {
    later.add(mail)
    void wait(pause).then(() => makeDue(mail))
  }

  function makeDue(mail: Mail): void {
    if (!later.delete(mail)) return // drained meanwhile
    due.push(mail)
    next()
  }

  function next(): void {
    if (running.size >= AT_ONCE) return
    const mail = due.shift()
    if (!mail) return
    const delivery = deliver(mail).finally(() => {
      running.delete(delivery)
      next()
    })
    running.add(delivery)
  }

  return {
    queue(message, expiresAt) {
      const waiting = due.length + later.size
      if (waiting >= MAX_WAITING) {
        log.error({ waiting }, 'the queue of code mails is full: one was dropped')
        return
      }
      due.push({ message, queuedAt: clock.now(), expiresAt, tries: 0 })
      next()
    },

    async drain(limit) {
      isDraining = true
      for (const mail of later) makeDue(mail)
      const all = async (): Promise<void> => {
        while (running.size > 0) await Promise.all(running)
      }
      await Promise.race([all(), wait(limit)])
    },
  }
}
