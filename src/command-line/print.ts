// What a command says: one line to standard output.

// Whoever reads it may have read enough (`| head`): then the rest is nobody's business.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
})

export function print(line: string): void {
  process.stdout.write(`${line}\n`)
}
