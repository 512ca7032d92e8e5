// The deny-list of several processes whose clocks differ, on one store.

import { afterAll, describe, expect, it } from '@jest/globals'
import { createEmbeddedDocuments } from '../../adapters/embedded/documents.ts'
import { createDenials } from '../../src/services/identity/sessions/denials.ts'
import { HOUR, MINUTE, SECOND } from '../../src/shared/clock.ts'
import { createDenialStore } from '../../src/stores/denials.ts'
import { recordingLog } from '../support/recording-log.ts'

const START = 1_800_000_000_000
const documents = createEmbeddedDocuments({ file: ':memory:', clock: { now: () => START } })
afterAll(() => documents.close())

/** A process whose clock is so many milliseconds off. `look` is what it does every two seconds. */
function startProcess(off: number) {
  const clock = { at: START + off, now: () => clock.at }
  const denials = createDenials({
    store: createDenialStore(documents),
    announce: async () => {},
    listen: async () => {},
    clock,
    log: recordingLog(),
  })
  return { clock, denials }
}

describe.each([5 * MINUTE, 0, -5 * MINUTE])('a process whose clock is %i ms off', (off) => {
  const sid = `session-${off}`

  it('J12: hears what another one denied, however slowly that was written', async () => {
    const [here, there] = [startProcess(0), startProcess(off)]
    await there.denials.load()
    there.clock.at += 30 * SECOND
    await there.denials.load()
    await here.denials.deny('org_1', 'session', sid)
    await there.denials.load()
    expect(there.denials.isDenied({ account: 'acc_1', sid })).toBe(true)
  })

  it('J12: denies it for as long as its own tokens live', async () => {
    const there = startProcess(off)
    await there.denials.load()
    there.clock.at += HOUR + 15 * SECOND
    await there.denials.load()
    expect(there.denials.isDenied({ account: 'acc_1', sid })).toBe(true)
  })
})

it('J12: a process whose clock is set right hears what was denied meanwhile', async () => {
  const there = startProcess(HOUR)
  await there.denials.load()
  const sid = 'session-meanwhile'
  await startProcess(0).denials.deny('org_1', 'session', sid)
  there.clock.at = START
  await there.denials.load()
  expect(there.denials.isDenied({ account: 'acc_1', sid })).toBe(true)
})

it('hears at once what it lifted itself', async () => {
  const { denials } = startProcess(0)
  const origin = { account: 'acc_lifted' }
  await denials.deny('org_1', 'account', origin.account)
  expect(denials.isDenied(origin)).toBe(true)
  await denials.lift('org_1', 'account', origin.account)
  expect(denials.isDenied(origin)).toBe(false)
})

it('tells everybody who listens for one account, also when somebody else has gone', async () => {
  const { denials } = startProcess(0)
  const heard: string[] = []
  const listen = (name: string) =>
    denials.onDenied({ account: 'acc_heard' }, () => {
      heard.push(name)
    })
  const leave = listen('first')
  listen('second')
  leave()
  await denials.deny('org_1', 'account', 'acc_heard')
  expect(heard).toEqual(['second'])
})
