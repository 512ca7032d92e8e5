// The secret of an installation that was given none: made once, in the data folder, for development.

import { randomBytes } from 'node:crypto'
import { linkSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Reads `DATA_DIR/secret`, and makes it when missing. Of several processes at once one makes it. */
export function developmentSecret(dataDir: string): string {
  mkdirSync(dataDir, { recursive: true })
  const known = knownDevelopmentSecret(dataDir)
  if (known) return known
  const file = fileIn(dataDir)
  const folder = mkdtempSync(join(dataDir, 'secret-'))
  const draft = join(folder, 'secret')
  writeFileSync(draft, randomBytes(33).toString('base64url'), { mode: 0o600 })
  try {
    // A link appears whole or not at all, and never takes the place of one that is there.
    linkSync(draft, file)
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'EEXIST') throw error
  } finally {
    rmSync(folder, { recursive: true })
  }
  return readFileSync(file, 'utf8')
}

/** Reads `DATA_DIR/secret`; `undefined` when nobody has made it yet. */
export function knownDevelopmentSecret(dataDir: string): string | undefined {
  try {
    return readFileSync(fileIn(dataDir), 'utf8') || undefined
  } catch {
    return undefined
  }
}

function fileIn(dataDir: string): string {
  return join(dataDir, 'secret')
}
