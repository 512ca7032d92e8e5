// Once after all tests: ends the servers that the setup started.

export default async function globalTeardown(): Promise<void> {
  await Promise.all((globalThis.foyerTestServers ?? []).map((server) => server.stop()))
}
