// The commands of `foyer`, put together, and one of them run.

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
import { withInstallation } from './installation.ts'
import { keyCommands } from './keys.ts'
import { logoutCommands } from './logouts.ts'
import { operatorCommands } from './operators.ts'
import { organisationCommands } from './organisations.ts'
import { policyCommands } from './policies.ts'
import { registrationCommands } from './registration.ts'
import { reviewerCommands } from './reviewer.ts'
import { sessionCommands } from './sessions.ts'
import { settingsCommands } from './settings.ts'
import { createShell, NotWell, type Terminal } from './shell.ts'

const USAGE = 2
const FAILED = 1

/** Runs what was typed behind `foyer`; returns the exit code when it is done. */
export async function runFoyer(typed: readonly string[], terminal: Terminal): Promise<number> {
  try {
    await createProgram(terminal).parseAsync(typed, { from: 'user' })
    return 0
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : USAGE // commander wrote it already
    for (const line of linesOf(error)) terminal.stderr.write(`${line}\n`)
    return FAILED
  }
}

/** Every command, ready to read what was typed. */
export function createProgram(terminal: Terminal): Command {
  const program = new Command('foyer')
    .description('Looks after a Foyer installation.')
    .configureHelp({ showGlobalOptions: true })
    .option('--organisation <slug>', 'whose; else the default organisation’s')
  const shell = createShell(terminal, (run, options) =>
    withInstallation({ env: terminal.env, slug: program.opts().organisation }, run, options),
  )
  for (const command of [
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
    exportCommand,
    applyCommand,
  ])
    program.addCommand(command(shell))
  within(terminal, program)
  return program
}

/** Usage and what is wrong with it are written where the command writes, and the process does not end. */
function within(terminal: Terminal, command: Command): void {
  command.exitOverride().configureOutput({
    writeOut: (text) => void terminal.stdout.write(text),
    writeErr: (text) => void terminal.stderr.write(text),
  })
  for (const each of command.commands) within(terminal, each)
}

/** One line for each thing that is wrong. */
function linesOf(error: unknown): string[] {
  if (error instanceof NotWell) return []
  if (error instanceof ConfigError) return [...error.problems]
  if (error instanceof AppError && error.fields)
    return error.fields.map(({ path, message }) => `${path}: ${message}`)
  return [operatorText(error)]
}
