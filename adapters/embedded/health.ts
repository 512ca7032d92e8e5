// Whether the embedded store's files can be used. What is missing is not made.

import { accessSync, constants, existsSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { type Finding, ok, problem, reasonOf } from '../../src/shared/finding.ts'
import { openDatabase } from './database.ts'

const REMEDY =
  'Let DATA_DIR name a folder on a local disk that the server’s user may write to; a damaged file comes back from a backup.'

/** Looks at one file. Throws nothing. */
export function inspectEmbedded({ check, file }: { check: string; file: string }): Finding {
  try {
    if (!existsSync(file)) {
      accessSync(nearest(resolve(file)), constants.W_OK)
      return ok(check, `${file} is made at the first start`)
    }
    takeWriteLock(file)
    return ok(check, `${file} can be written to`)
  } catch (error) {
    return problem(check, `${file} cannot be used: ${reasonOf(error)}`, REMEDY)
  }
}

function takeWriteLock(file: string): void {
  const database = openDatabase(file)
  try {
    database.ping()
    database.transaction(() => {})
  } finally {
    database.close()
  }
}

/** The closest folder above that is there. */
function nearest(path: string): string {
  const folder = dirname(path)
  return existsSync(folder) || folder === path ? folder : nearest(folder)
}
