// What a command is given: the terminal that it is typed in, and the installation that it works on.

import type { Readable, Writable } from 'node:stream'
import type { OpenInstallation } from './installation.ts'

/** The process, or whatever stands in for one. */
export type Terminal = {
  env: NodeJS.ProcessEnv
  stdin: Readable & { isTTY?: boolean }
  stdout: Writable & { isTTY?: boolean }
  stderr: Writable & { isTTY?: boolean }
}

export type Shell = {
  terminal: Terminal
  /** Opens the installation that the environment names, for the organisation that the command names. */
  open: OpenInstallation
  /** What the command says: one line to standard output. */
  print(line: string): void
  /** What a person should know besides: one line to standard error. */
  warn(line: string): void
}

export function createShell(terminal: Terminal, open: OpenInstallation): Shell {
  return {
    terminal,
    open,
    print: (line) => void terminal.stdout.write(`${line}\n`),
    warn: (line) => void terminal.stderr.write(`${line}\n`),
  }
}

/** Thrown by a command that has said all there is to say, and has not gone well. */
export class NotWell extends Error {}
