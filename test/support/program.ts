// A program of the house in a process of its own, run to its end.

import { execFile } from 'node:child_process'
import { root } from './repository.ts'

export type Ended = { code: number; stdout: string; stderr: string }

/** Runs a TypeScript file of the repository; its environment is `env` and the PATH, nothing else. */
export function runProgram(
  file: string,
  { args = [], env = {} }: { args?: readonly string[]; env?: { [name: string]: string } } = {},
): Promise<Ended> {
  const { PATH } = process.env
  const options = { cwd: root, env: { PATH, ...env }, timeout: 15_000 }
  return new Promise((resolve) => {
    execFile(process.execPath, [file, ...args], options, (error, stdout, stderr) =>
      resolve({ code: Number(error?.code ?? 0), stdout, stderr }),
    )
  })
}
