// OAuth clients: /organisations/{slug}/clients.

import { adminApi } from '@foyer/contract'
import { pageData } from '../../http/pages.ts'
import type { ClientAdministration } from '../../services/identity/clients/client-administration.ts'
import { type Clock, DAY } from '../../shared/clock.ts'
import type { Organisation } from '../../stores/organisations.ts'
import {
  actOn,
  type Client,
  clientData,
  clientDetailsData,
  editOf,
  registrationOf,
  secretData,
} from './client-messages.ts'
import type { Routes } from './serve.ts'

const api = adminApi.clients

export function clientRoutes(parts: {
  clients: ClientAdministration
  issuerOf(organisation: Organisation): string
  /** Why nothing answers at an address, in words for the operator. */
  whyUnreachable(uri: string): Promise<string | undefined>
  clock: Clock
}): Routes {
  const { clients, issuerOf, clock } = parts
  const dataOf = (client: Client, organisation: Organisation) =>
    clientData(client, { issuer: issuerOf(organisation), now: clock.now() })

  return (serve) => {
    serve(api.listClients, async ({ organisation, query }) => {
      const page = await clients.page(organisation._id, query)
      return pageData(page, (client) => dataOf(client, organisation))
    })

    serve(api.createClient, async ({ organisation, body, by, standing }) => {
      const input = registrationOf(body, organisation)
      const { client, secret } = await clients.create(input, { ...by, role: standing.role })
      return { client: dataOf(client, organisation), client_secret: secret ?? null }
    })

    serve(api.checkClient, async ({ organisation, body }) => {
      const problems = clients.check(registrationOf(body, organisation))
      const path = 'back_channel_logout_uri'
      const uri = problems.some((each) => each.path === path) ? undefined : body[path]
      const message = uri ? await parts.whyUnreachable(uri) : undefined
      return { problems, warnings: message ? [{ path, message }] : [] }
    })

    serve(api.showClient, async ({ organisation, params: { id } }) => {
      const found = await clients.show(organisation._id, id)
      const seen = { issuer: issuerOf(organisation), now: clock.now() }
      return { data: clientDetailsData(found, seen), version: found.version }
    })

    serve(api.updateClient, async ({ organisation, params: { id }, body, version, ...who }) => {
      const act = { ...actOn(organisation, id, who), version }
      const client = await clients.update(act, editOf(body))
      const data = dataOf(client, organisation)
      return { data, version: data.version }
    })

    serve(api.removeClient, async ({ organisation, params: { id }, ...who }) => {
      await clients.remove(actOn(organisation, id, who))
      return { id }
    })

    serve(api.disableClient, async ({ organisation, params: { id }, ...who }) =>
      dataOf(await clients.disable(actOn(organisation, id, who)), organisation),
    )

    serve(api.enableClient, async ({ organisation, params: { id }, ...who }) =>
      dataOf(await clients.enable(actOn(organisation, id, who)), organisation),
    )

    serve(api.addClientSecret, async ({ organisation, params: { id }, body: { days }, ...who }) => {
      const life = days === undefined ? undefined : days * DAY
      const { secret, shown } = await clients.addSecret(actOn(organisation, id, who), life)
      return { secret: secretData(shown), client_secret: secret }
    })

    serve(api.revokeClientSecret, async ({ organisation, params: { id, secret }, ...who }) =>
      dataOf(await clients.revokeSecret(actOn(organisation, id, who), secret), organisation),
    )

    serve(api.replaceClientKeys, async ({ organisation, params: { id }, body, ...who }) =>
      dataOf(await clients.replaceKeys(actOn(organisation, id, who), body.jwks), organisation),
    )
  }
}
