// Folders of the tests' own, for what is gone with them.

import { mkdtempSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** The file system in memory that Linux has. */
const MEMORY = '/dev/shm'
/** What has to be free there, in bytes: containers often have a few megabytes. */
const ROOM = 4 * 1024 ** 3

/**
 * An empty folder, whose name begins so. Who asks for it removes it; what is forgotten goes at the end of the run,
 * with the folder of the run itself. In memory where there is room: databases wait for their disk at every write that
 * must not be lost, and most of all when their collections are made.
 */
export function newFolder(prefix: string): string {
  return mkdtempSync(join(hasRoom() ? (process.env.FOYER_TEST_FOLDER ?? MEMORY) : tmpdir(), prefix))
}

function hasRoom(): boolean {
  try {
    const { bavail, bsize } = statfsSync(MEMORY)
    return bavail * bsize > ROOM
  } catch {
    return false // not Linux
  }
}
