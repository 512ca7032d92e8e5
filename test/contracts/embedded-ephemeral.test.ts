// The ephemeral port on the embedded store.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from '@jest/globals'
import { createEmbeddedEphemeral } from '../../adapters/embedded/ephemeral.ts'
import { movableClock } from '../support/server.ts'
import { ephemeralContract } from './ephemeral.ts'

const folder = mkdtempSync(join(tmpdir(), 'foyer-ephemeral-'))
const clock = movableClock()
const open = async () => createEmbeddedEphemeral({ file: join(folder, 'ephemeral.db'), clock })
afterAll(() => rmSync(folder, { recursive: true, force: true }))

ephemeralContract('the embedded store', {
  open,
  openAgain: open,
  now: clock.now,
  async pass(milliseconds) {
    clock.forward(milliseconds)
  },
})
