// Asking whoever types a command that cannot be undone to name what it is about once more.

import { createInterface } from 'node:readline/promises'
import type { Shell } from './shell.ts'

/** Throws unless the answer, a line of standard input, is the id; `yes` asks nothing. */
export async function confirmErasure(
  { terminal: { stdin, stderr } }: Shell,
  id: string,
  { yes }: { yes?: true },
): Promise<void> {
  if (yes) return
  stderr.write(`This cannot be undone. Type ${id} to erase it, and what is linked to it: `)
  const lines = createInterface({ input: stdin })
  try {
    for await (const line of lines) {
      if (line.trim() === id) return
      break
    }
  } finally {
    lines.close()
  }
  throw new Error('Nothing was erased: that is not the id.')
}
