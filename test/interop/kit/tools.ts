// The tools of other ecosystems: found or skipped aloud, and what was built with them kept in `.cache/interop`.

import { execFile, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify, stripVTControlCharacters } from 'node:util'
import { describe } from '@jest/globals'
import { listed, root } from '../../support/repository.ts'

export type Tool = {
  command: string
  /** Prints its version. */
  args: readonly string[]
  /** The oldest version that will do. */
  atLeast: readonly [number, number]
}

/** `describe`, or its skipped form where a tool is not there; the reason is printed. */
export function describeWithTools(name: string, tools: readonly Tool[], run: () => void): void {
  const missing = tools.map(problemWith).find((problem) => problem !== undefined)
  if (missing === undefined) return describe(name, run)
  process.stderr.write(`skipped: ${name}, because ${missing}\n`)
  describe.skip(name, run)
}

function problemWith({ command, args, atLeast }: Tool): string | undefined {
  const { error, status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8' })
  const asked = [command, ...args].join(' ')
  if (error || status !== 0) return `\`${asked}\` does not run`
  const [, major, minor = '0'] =
    /(\d+)(?:\.(\d+))?/.exec(stripVTControlCharacters(stdout || stderr)) ?? []
  const [wantedMajor, wantedMinor] = atLeast
  const isEnough =
    Number(major) > wantedMajor || (Number(major) === wantedMajor && Number(minor) >= wantedMinor)
  return isEnough ? undefined : `\`${asked}\` is older than ${atLeast.join('.')}`
}

/** Runs a tool to its end; throws what it wrote when it fails. */
export async function run(command: string, args: readonly string[], cwd: string): Promise<void> {
  try {
    await promisify(execFile)(command, args, { cwd, maxBuffer: 64 * 2 ** 20 })
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: string; stderr?: string } // of execFile
    throw new Error(`${command} ${args.join(' ')}\n${stdout}${stderr}`, { cause: error })
  }
}

/**
 * A copy of `test/interop/NAME` outside the tree, in which `build` has run since a file of it changed. What the tools
 * themselves keep (modules, wheels, jars) they find again.
 */
export async function workshop(
  name: string,
  build: (folder: string) => Promise<void>,
): Promise<string> {
  const folder = join(root, '.cache/interop', name)
  const home = `test/interop/${name}/`
  const files = listed.filter((file) => file.startsWith(home))
  const hash = createHash('sha256')
  for (const file of files) hash.update(`${file}\n`).update(readFileSync(join(root, file)))
  const stamp = join(folder, '.built')
  const built = hash.digest('hex')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === built) return folder
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  for (const file of files) cpSync(join(root, file), join(folder, file.slice(home.length)))
  await build(folder)
  writeFileSync(stamp, built)
  return folder
}
