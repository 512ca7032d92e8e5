// `foyer guess-budget`: what an attacker may hope for, as the configuration allows it.

import { Command } from 'commander'
import { type GuessBound, guessBound } from '../services/identity/limits/guess-bound.ts'
import { resolveSignInSettings, type SignInSettings } from '../services/identity/limits/settings.ts'
import type { Shell } from './shell.ts'

export function guessBudgetCommand(shell: Shell): Command {
  return new Command('guess-budget')
    .description('Prints the chance to guess a code at one address in a day.')
    .option('--json', 'print JSON')
    .action((options: { json?: true }) => show(shell, options))
}

async function show(shell: Shell, { json }: { json?: true }): Promise<void> {
  const settings = await shell.open(async ({ organisation }) =>
    resolveSignInSettings(organisation.signIn),
  )
  const bound = guessBound(settings)
  shell.print(json ? JSON.stringify(forPrograms(bound, settings)) : text(bound, settings))
}

function forPrograms(bound: GuessBound, { codeLength }: SignInSettings) {
  return {
    guesses: bound.guesses,
    of_the_address: bound.budget,
    after_locks: bound.afterLocks,
    of_known_browsers: bound.knownBrowsers,
    live_codes: bound.liveCodes,
    digits: codeLength,
    chance: bound.chance,
    chance_of_fixed_code: bound.reviewerChance,
    chance_of_organisation: bound.organisationChance,
  }
}

function text(bound: GuessBound, { codeLength, reviewerGuesses }: SignInSettings): string {
  const { guesses, budget, afterLocks, knownBrowsers, liveCodes } = bound
  const oneIn = (chance: number): string => `1 in ${Math.round(1 / chance)}`
  return [
    `${guesses} guesses a day at ${liveCodes} live codes of ${codeLength} digits: a chance of ${oneIn(bound.chance)} per address and day.`,
    `  ${budget} of the address, ${afterLocks} after its locks, ${knownBrowsers} of known browsers.`,
    `All addresses of the organisation together: ${oneIn(bound.organisationChance)} a day.`,
    `A reviewer’s fixed code, if there is one: ${reviewerGuesses} guesses in all its life, ${oneIn(bound.reviewerChance)}.`,
  ].join('\n')
}
