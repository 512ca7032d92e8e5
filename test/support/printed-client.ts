// A client as `foyer clients create --json` printed it, with its secret: as relying parties know it.

import type { Credentials } from './endpoints.ts'

export function credentialsOf(printed: string): Credentials {
  const { client, client_secret } = JSON.parse(printed) // what it says it prints
  return { client_id: client.id, ...(client_secret && { client_secret }) }
}
