// The snippet that the console shows for a library, filled with the values of a client that was just registered.

import type { ClientValues } from '../../../apps/admin/src/pages/clients/snippets/client-values.ts'
import { snippetsFor } from '../../../apps/admin/src/pages/clients/snippets.ts'
import { credentialsOf } from '../../support/printed-client.ts'
import type { Installation } from './installation.ts'

export async function consoleSnippet(
  { foyer, baseUrl }: Installation,
  id: string,
  redirectUri: string,
  scopes: readonly string[],
): Promise<string> {
  const create = ['clients', 'create', '--kind', 'web', '--name', 'Pasted', '--json']
  const registered = await foyer(...create, '--redirect-uri', redirectUri, '--api')
  const { client_id, client_secret } = credentialsOf(registered)
  const values: ClientValues = {
    issuer: baseUrl,
    clientId: client_id,
    kind: 'web',
    authentication: 'secret',
    secret: String(client_secret),
    redirectUri,
    scopes,
  }
  const snippet = snippetsFor(values).find((each) => each.id === id)
  if (!snippet) throw new Error(`the console has no snippet for ${id}`)
  return snippet.code
}
