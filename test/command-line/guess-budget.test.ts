// `foyer guess-budget`, and the start of a server whose settings allow too much.

import { rmSync } from 'node:fs'
import { afterAll, describe, expect, it } from '@jest/globals'
import { openDocuments } from '../../src/compose/stores.ts'
import { type Organisation, organisationsCollection } from '../../src/stores/organisations.ts'
import { newFolder } from '../support/folder.ts'
import { foyer as foyerWith } from '../support/foyer.ts'
import { runProgram } from '../support/program.ts'

describe('foyer guess-budget', () => {
  const dataDir = newFolder('foyer-bound-')
  const env = { DATA_DIR: dataDir }
  afterAll(() => rmSync(dataDir, { recursive: true }))
  const foyer = (...args: string[]) => foyerWith(['guess-budget', ...args], { env })

  it('prints the bound of the defaults, for people and for programs', async () => {
    const { stdout, code } = await foyer()
    expect({ stdout, code }).toEqual({
      stdout: [
        '29 guesses a day at 2 live codes of 6 digits: a chance of 1 in 17241 per address and day.',
        '  20 of the address, 4 after its locks, 5 of known browsers.',
        'All addresses of the organisation together: 1 in 100 a day.',
        'A reviewer’s fixed code, if there is one: 50 guesses in all its life, 1 in 20000.',
        '',
      ].join('\n'),
      code: 0,
    })
    expect(JSON.parse((await foyer('--json')).stdout)).toEqual({
      guesses: 29,
      of_the_address: 20,
      after_locks: 4,
      of_known_browsers: 5,
      live_codes: 2,
      digits: 6,
      chance: 0.000058,
      chance_of_fixed_code: 0.00005,
      chance_of_organisation: 0.01,
    })
  })

  it('prints what an organisation changed, and a server whose chance is too great does not start', async () => {
    const documents = await openDocuments({ dataDir }, { now: Date.now })
    await documents
      .collection<Organisation>(organisationsCollection)
      .updateOne({ isDefault: true }, { $set: { signIn: { guessBudget: 100 } } })
    await documents.close()
    expect((await foyer()).stdout).toMatch(/^109 guesses a day .* 1 in 4587 /)
    const { code, stderr } = await runProgram('src/main.ts', { env })
    expect(code).toBe(1)
    expect(stderr).toMatch(/^The sign-in settings allow 109 guesses a day[^\n]*\n$/)
  })
})
