// Once after all tests: ends the servers that the setup started, and removes what is left of the run.

import { rmSync } from 'node:fs'

export default async function globalTeardown(): Promise<void> {
  await Promise.all((globalThis.foyerTestServers ?? []).map((server) => server.stop()))
  const folder = process.env.FOYER_TEST_FOLDER
  if (folder) rmSync(folder, { recursive: true, force: true })
}
