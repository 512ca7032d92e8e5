// The command line `foyer` as a process: works on the same stores as a running server, beside it.

import { runFoyer } from './foyer.ts'

// Whoever reads it may have read enough (`| head`): then the rest is nobody's business.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
})

process.exitCode = await runFoyer(process.argv.slice(2), process)
