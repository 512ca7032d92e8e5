// `foyer doctor`: looks at everything that an installation stands on, and says how to mend what is wrong.

import { Command } from 'commander'
import type { Finding } from '../shared/finding.ts'
import { examineInstallation } from './installation.ts'
import { NotWell, type Shell } from './shell.ts'

/** Opens what it can by itself: it is asked when an installation does not open. */
export function doctorCommand(shell: Shell): Command {
  return new Command('doctor')
    .description(
      'Looks at configuration, stores, clocks, keys, mail and the public address; changes nothing.',
    )
    .option('--json', 'print JSON')
    .action(async ({ json }: { json?: true }) => {
      const findings = await examineInstallation(shell.terminal.env, (what) =>
        showStep(shell, what),
      )
      showStep(shell)
      for (const line of json ? [JSON.stringify(findings)] : tableOf(findings)) shell.print(line)
      if (findings.some(({ severity }) => severity === 'problem')) throw new NotWell()
    })
}

const CLEAR_LINE = '\r\u001b[K'

/** For people who wait: one line, gone when it is over. */
function showStep({ terminal: { stderr } }: Shell, what?: string): void {
  if (!stderr.isTTY) return
  stderr.write(what === undefined ? CLEAR_LINE : `${CLEAR_LINE}Looking at ${what} …`)
}

function tableOf(findings: readonly Finding[]): string[] {
  const width = Math.max(...findings.map(({ check }) => check.length))
  const indent = ' '.repeat('problem'.length + width + 4)
  const count = (wanted: Finding['severity']): number =>
    findings.filter(({ severity }) => severity === wanted).length
  return [
    ...findings.flatMap(({ severity, check, message, remedy }) => [
      `${severity.padEnd('problem'.length)}  ${check.padEnd(width)}  ${message}`,
      ...(remedy === undefined ? [] : [`${indent}${remedy}`]),
    ]),
    `problems: ${count('problem')}, warnings: ${count('warning')}, well: ${count('ok')}`,
  ]
}
