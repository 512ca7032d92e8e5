// A mail server that is away, slow or unwilling; and where a code is while its mail is on the way.

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { createSmtpMailer } from '../../adapters/mail/smtp.ts'
import type { Message } from '../../src/emails/message.ts'
import { type CodeMails, createCodeMails } from '../../src/services/identity/sign-in/code-mails.ts'
import { eventually } from '../support/eventually.ts'
import { type MailServer, type Manner, startMailServer } from '../support/mail-server.ts'
import { recordingLog } from '../support/recording-log.ts'
import { createRelyingParty, type RelyingParty } from '../support/relying-party.ts'
import { startServer, type TestServer } from '../support/server.ts'
import {
  askAddress,
  askCode,
  freshAddress,
  roomyLimits,
  wordsOf,
} from '../support/sign-in-pages.ts'
import { startStopwatch } from '../support/stopwatch.ts'
import { storedBytes } from '../support/stored-bytes.ts'
import { describeOnAllStores } from '../support/stores.ts'

const gone = new Set<string>()
const isRemoved = (organisation: string): boolean => gone.has(organisation)

const SECOND = 1000

describe('while the mail server behaves badly, the page', () => {
  let mailServer: MailServer
  let server: TestServer
  let party: RelyingParty

  beforeAll(async () => {
    mailServer = await startMailServer()
    server = await startServer({ mailServer })
    await server.changeSignIn(roomyLimits)
    party = await createRelyingParty(server, await server.register())
  })
  afterAll(async () => {
    await mailServer.stop()
    await server.stop()
  })

  const manners: [name: string, manner: Manner][] = [
    ['takes them', 'take'],
    ['refuses for now', { code: 451 }],
    ['refuses for good', { code: 550 }],
    ['never answers', 'silence'],
  ]

  it.each(manners)('is the same, and as quick, when it %s', async (_name, manner) => {
    const before = mailServer.offered.length
    mailServer.behave(manner)
    await expectPromptPage()
    await eventually(async () => expect(mailServer.offered).toHaveLength(before + 1))
  })

  it('is the same, and as quick, when it is away', async () => {
    await mailServer.stop()
    await expectPromptPage()
  })

  it('leaves neither code nor address in the log, whatever the mail server repeats', async () => {
    await eventually(async () => expect(server.log.lines.join('\n')).toMatch(/is not wanted/))
    const log = server.log.lines.join('\n')
    expect(log).toMatch(/a code mail was not sent/)
    for (const { subject, recipients } of mailServer.offered) {
      expect(log).not.toContain(subject?.slice(0, 6))
      expect(log).not.toContain(recipients[0])
    }
  })

  async function expectPromptPage(): Promise<void> {
    const { agent, page } = await askAddress(server, party)
    const stop = startStopwatch()
    const next = await agent.submit(page, { email: freshAddress() })
    expect(stop()).toBeLessThan(SECOND)
    expect(next.status).toBe(200)
    expect(wordsOf(next).heading).toBe('Check your e-mail')
  }
})

describe('a code mail', () => {
  let mailServer: MailServer
  let mails: CodeMails
  let time: ReturnType<typeof stoppedTime>
  let mailer: ReturnType<typeof createSmtpMailer>

  beforeEach(async () => {
    mailServer = await startMailServer()
    time = stoppedTime()
    mailer = createSmtpMailer({ url: mailServer.url, from: 'no-reply@shop.example' })
    mails = createCodeMails({
      mailer,
      isRemoved,
      clock: time,
      wait: time.wait,
      log: recordingLog(),
    })
  })
  afterEach(async () => {
    await mailer.close()
    await mailServer.stop()
  })

  const inTenMinutes = (): number => time.now() + 600 * SECOND
  const send = (to = freshAddress(), expiresAt = inTenMinutes()): void =>
    mails.queue(message(to), expiresAt)
  /** Returns when it has been offered so often, and waits for its next try if there is one. */
  const offered = (count: number, waiting = 1): Promise<void> =>
    eventually(async () => {
      expect(mailServer.offered).toHaveLength(count)
      expect(time.waiting()).toBe(waiting)
    })

  it('that is refused for now is tried three times within a minute, then given up', async () => {
    mailServer.behave({ code: 451 })
    send()
    await offered(1)
    time.forward(10 * SECOND)
    await offered(2)
    time.forward(30 * SECOND)
    await offered(3, 0)
    await mails.drain(SECOND)
    expect(mailServer.offered).toHaveLength(3)
  })

  it('M12: that waits when its organisation is removed is never sent', async () => {
    mailServer.behave({ code: 451 })
    mails.queue({ ...message(freshAddress()), organisation: 'org_leaving' }, inTenMinutes())
    await offered(1)
    mailServer.behave('take')
    gone.add('org_leaving')
    time.forward(10 * SECOND)
    await mails.drain(SECOND)
    expect(mailServer.offered).toHaveLength(1)
    gone.clear()
  })

  it('that is taken at the second try is sent once', async () => {
    mailServer.behave({ code: 451 })
    send()
    await offered(1)
    mailServer.behave('take')
    time.forward(10 * SECOND)
    await offered(2, 0)
    expect(mailServer.taken).toHaveLength(1)
  })

  it('that is refused for good is not tried again', async () => {
    mailServer.behave({ code: 550 })
    send()
    await offered(1, 0)
  })

  it('that waits for its next try holds up nobody else’s', async () => {
    mailServer.behave({ code: 451 })
    for (let count = 0; count < 20; count += 1) send()
    await offered(20, 20)
    mailServer.behave('take')
    send('prompt@example.org')
    await mailServer.mailTo('prompt@example.org')
  })

  it('whose code has expired is dropped', async () => {
    mailServer.behave({ code: 451 })
    send(freshAddress(), time.now() + 10 * SECOND)
    await offered(1)
    time.forward(10 * SECOND) // its next try is at the very instant when nobody can use it any more
    await offered(1, 0)
    await mails.drain(SECOND) // whatever is on its way has come
    expect(mailServer.offered).toHaveLength(1)
  })

  it('that waits is tried once more, at once, before the process ends', async () => {
    mailServer.behave({ code: 451 })
    send()
    await offered(1)
    mailServer.behave('take')
    await mails.drain(SECOND)
    expect(mailServer.taken).toHaveLength(1)
  })
})

it('E13: waits in a queue that does not grow without end: what is too much is dropped, and said', () => {
  const log = recordingLog()
  const silent = { send: () => new Promise<never>(() => {}), close: async () => {} }
  const clock = stoppedTime()
  const mails = createCodeMails({ mailer: silent, isRemoved, clock, wait: clock.wait, log })
  for (let at = 0; at < 6000; at += 1)
    mails.queue(message(`bulk-${at}@example.org`), clock.now() + 600 * SECOND)
  // Ten are under way, five thousand wait.
  expect(log.lines).toHaveLength(6000 - 5000 - 10)
  expect(new Set(log.lines)).toEqual(
    new Set(['the queue of code mails is full: one was dropped {"waiting":5000}']),
  )
})

describeOnAllStores('a code that is on its way', (start) => {
  let server: TestServer

  beforeAll(async () => {
    server = await start()
  })
  afterAll(() => server.stop())

  it('E23: is nowhere in the stores, nor is its address in a key', async () => {
    const party = await createRelyingParty(server, await server.register())
    const email = 'kept-out-of-keys@example.org'
    await askCode(server, party, { email })
    const code = await server.codeFor(email)
    const bytes = await storedBytes(server)
    expect(bytes).toContain(server.organisation._id) // it did look into them
    expect(bytes).not.toMatch(new RegExp(`(?<!\\d)${code}(?!\\d)`))
    expect(bytes).not.toMatch(/"[^"]*kept-out-of-keys[^"]*":/)
  })
})

/** A clock that stands still, and waits that end when it is moved. */
function stoppedTime() {
  let now = Date.parse('2026-11-21T09:00:00Z')
  const sleepers = new Set<{ until: number; wake: () => void }>()
  return {
    now: () => now,
    waiting: () => sleepers.size,
    wait: (milliseconds: number) =>
      new Promise<void>((resolve) => {
        const sleeper = {
          until: now + milliseconds,
          wake() {
            sleepers.delete(sleeper)
            resolve()
          },
        }
        sleepers.add(sleeper)
      }),
    forward(milliseconds: number) {
      now += milliseconds
      for (const sleeper of [...sleepers]) if (sleeper.until <= now) sleeper.wake()
    },
  }
}

function message(to: string): Message {
  return { to, fromName: 'Shop', subject: '123456 is your code', text: '123456', html: '<p>123456' }
}
