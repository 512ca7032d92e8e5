// The command line `foyer`: works on the same stores as a running server, beside it.

import { Command, CommanderError } from 'commander'
import { ConfigError } from '../config.ts'
import { AppError, operatorText } from '../shared/errors.ts'
import { accountCommands } from './accounts.ts'
import { apiKeyCommands } from './api-keys.ts'
import { auditCommands } from './audit.ts'
import { brandCommands } from './brand.ts'
import { clientCommands } from './clients.ts'
import { applyCommand, exportCommand } from './configuration.ts'
import { customerCommands } from './customers.ts'
import { doctorCommand } from './doctor.ts'
import { guessBudgetCommand } from './guess-budget.ts'
import { environment, type OpenInstallation, withInstallation } from './installation.ts'
import { keyCommands } from './keys.ts'
import { logoutCommands } from './logouts.ts'
import { operatorCommands } from './operators.ts'
import { organisationCommands } from './organisations.ts'
import { policyCommands } from './policies.ts'
import { registrationCommands } from './registration.ts'
import { reviewerCommands } from './reviewer.ts'
import { sessionCommands } from './sessions.ts'
import { settingsCommands } from './settings.ts'

const USAGE = 2
const FAILED = 1

const program = new Command('foyer')
  .description('Looks after a Foyer installation.')
  .exitOverride()
  .configureHelp({ showGlobalOptions: true })
  .option('--organisation <slug>', 'whose; else the default organisation’s')
const open: OpenInstallation = (run, options) =>
  withInstallation(program.opts().organisation, run, options)
for (const commands of [
  accountCommands,
  apiKeyCommands,
  auditCommands,
  brandCommands,
  clientCommands,
  customerCommands,
  doctorCommand,
  guessBudgetCommand,
  keyCommands,
  logoutCommands,
  operatorCommands,
  organisationCommands,
  policyCommands,
  registrationCommands,
  reviewerCommands,
  sessionCommands,
  settingsCommands,
])
  program.addCommand(commands(open))

for (const command of [exportCommand, applyCommand]) program.addCommand(command(environment()))

try {
  await program.parseAsync()
} catch (error) {
  process.exitCode = report(error)
}

/** One line for each thing that is wrong; returns the exit code. */
function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : USAGE // commander wrote it already
  for (const line of linesOf(error)) process.stderr.write(`${line}\n`)
  return FAILED
}

function linesOf(error: unknown): string[] {
  if (error instanceof ConfigError) return [...error.problems]
  if (error instanceof AppError && error.fields)
    return error.fields.map(({ path, message }) => `${path}: ${message}`)
  return [operatorText(error)]
}
