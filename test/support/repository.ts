// The repository as git lists it, for tests about files.

import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export const root = join(import.meta.dirname, '../..')

/** Every file that is or would be committed. */
export const listed = execFileSync(
  'git',
  ['ls-files', '--cached', '--others', '--exclude-standard'],
  { cwd: root, encoding: 'utf8' },
)
  .split('\n')
  .filter((file) => file !== '' && existsSync(join(root, file)))

/** Whether the path is a listed file, or a folder with listed files. */
export function isListed(path: string): boolean {
  return listed.some((file) => file === path || file.startsWith(`${path.replace(/\/$/, '')}/`))
}

export function read(file: string): string {
  return readFileSync(join(root, file), 'utf8')
}
