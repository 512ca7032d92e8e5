// `foyer guess-budget`: what an attacker may hope for, as the configuration allows it.

import { Command } from 'commander'
import { guessBound } from '../services/identity/guess-bound.ts'
import { resolveSignInSettings } from '../services/identity/settings.ts'
import { withInstallation } from './installation.ts'

export function guessBudgetCommand(): Command {
  return new Command('guess-budget')
    .description('Prints the chance to guess a code at one address in a day.')
    .exitOverride()
    .option('--json', 'print JSON')
    .action(print)
}

async function print({ json }: { json?: true }): Promise<void> {
  const { settings, ...bound } = await withInstallation(async ({ organisation }) => {
    const resolved = resolveSignInSettings(organisation.signIn)
    return { settings: resolved, ...guessBound(resolved) }
  })
  const { guesses, liveCodes, chance } = bound
  const text = json
    ? JSON.stringify({ guesses, live_codes: liveCodes, digits: settings.codeLength, chance })
    : `${guesses} guesses a day at ${liveCodes} live codes of ${settings.codeLength} digits: a chance of 1 in ${Math.round(1 / chance)} per address and day.`
  process.stdout.write(`${text}\n`)
}
