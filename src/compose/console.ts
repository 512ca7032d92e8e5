// The console joined to what it stands on: its client, kept at every start.

import { ensureConsoleClient } from '../services/identity/console-client.ts'
import { createClientStore } from '../stores/clients.ts'
import type { Organisation } from '../stores/organisations.ts'
import type { Ground } from './ground.ts'

export function keepConsole(
  { config, documents, clock }: Ground,
  organisation: Organisation,
): Promise<void> {
  const store = createClientStore(documents)
  const { baseUrl } = config
  return ensureConsoleClient({ store, clock, organisation: organisation._id, baseUrl })
}
