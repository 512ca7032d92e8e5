// `npm start`: checks the runtime, builds stale front ends, starts the server. An old Node.js can read this file.

import { oldRuntime } from './runtime.js'

async function start() {
  // What is built belongs to development; in production its tools are not installed.
  if (process.env.NODE_ENV !== 'production') {
    const { buildFrontEnds } = await import('./front-ends.js')
    if (!buildFrontEnds()) {
      process.exitCode = 1
      return
    }
  }
  await import('../src/main.ts')
}

const complaint = oldRuntime(process.versions.node)
if (complaint) {
  process.stderr.write(`${complaint}\n`)
  process.exitCode = 1
} else await start()
