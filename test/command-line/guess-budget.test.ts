// `foyer guess-budget`, and the start of a server whose settings allow too much.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from '@jest/globals'
import { openDocuments } from '../../src/compose/stores.ts'
import { type Organisation, organisationsCollection } from '../../src/stores/organisations.ts'
import { runProgram } from '../support/program.ts'

describe('foyer guess-budget', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'foyer-bound-'))
  const env = { DATA_DIR: dataDir }
  afterAll(() => rmSync(dataDir, { recursive: true }))
  const foyer = (...args: string[]) =>
    runProgram('src/command-line/main.ts', { args: ['guess-budget', ...args], env })

  it('prints the bound of the defaults, for people and for programs', async () => {
    const { stdout, code } = await foyer()
    expect({ stdout, code }).toEqual({
      stdout:
        '24 guesses a day at 2 live codes of 6 digits: a chance of 1 in 20833 per address and day.\n',
      code: 0,
    })
    expect(JSON.parse((await foyer('--json')).stdout)).toEqual({
      guesses: 24,
      live_codes: 2,
      digits: 6,
      chance: 0.000048,
    })
  })

  it('prints what an organisation changed, and a server whose chance is too great does not start', async () => {
    const documents = await openDocuments({ dataDir }, { now: Date.now })
    await documents
      .collection<Organisation>(organisationsCollection)
      .updateOne({ isDefault: true }, { $set: { signIn: { guessBudget: 100 } } })
    await documents.close()
    expect((await foyer()).stdout).toMatch(/^104 guesses a day .* 1 in 4808 /)
    const { code, stderr } = await runProgram('src/main.ts', { env })
    expect(code).toBe(1)
    expect(stderr).toMatch(/^The sign-in settings allow 104 guesses a day[^\n]*\n$/)
  })
})
