// Organisations: /organisations, /removed-organisations, and an organisation's host and overview.

import { adminApi } from '@foyer/contract'
import { pageData } from '../../http/pages.ts'
import type { OrganisationLists } from '../../services/operators/organisation-lists.ts'
import type { Domains } from '../../services/organisations/domains.ts'
import type { OrganisationAdministration } from '../../services/organisations/organisation-administration.ts'
import type { OrganisationRemoval } from '../../services/organisations/organisation-removal.ts'
import type { ShowOverview } from '../../services/organisations/overview.ts'
import { AppError } from '../../shared/errors.ts'
import type { Organisation } from '../../stores/organisations.ts'
import type { Caller } from './guard.ts'
import { editOf, organisationData, overviewData, removedData } from './organisation-messages.ts'
import type { Routes } from './serve.ts'

const api = adminApi.organisations

export type OrganisationRouteParts = {
  administration: OrganisationAdministration
  removal: Pick<OrganisationRemoval, 'remove' | 'restore'>
  lists: OrganisationLists
  domains: Domains
  overview: ShowOverview
  issuerOf(organisation: Organisation): string
  /** The ids of the organisations in which the caller has a role; `undefined`, in all of them. */
  idsOf(caller: Caller): Promise<readonly string[] | undefined>
}

export function organisationRoutes(parts: OrganisationRouteParts): Routes {
  const { administration, removal, lists } = parts
  const dataOf = (organisation: Organisation) =>
    organisationData(organisation, parts.issuerOf(organisation))
  const versioned = (organisation: Organisation) => {
    const data = dataOf(organisation)
    return { data, version: data.version }
  }

  return (serve) => {
    serve(api.listOrganisations, async ({ caller, query: { q, ...page } }) => {
      if (caller.scopes && !caller.scopes.has('organisations:read'))
        throw new AppError('insufficient_scope')
      const ids = await parts.idsOf(caller)
      return pageData(await lists.page({ ...page, text: q, ids }), dataOf)
    })

    serve(api.createOrganisation, async ({ body: { time_zone: timeZone, ...input }, by }) => {
      const given = { ...input, ...(timeZone !== undefined && { timeZone }) }
      return dataOf(await administration.create(given, by))
    })

    serve(api.showOrganisation, async ({ organisation }) => versioned(organisation))

    serve(api.updateOrganisation, async ({ organisation: { _id: id }, body, by, version }) =>
      versioned(await administration.update({ id, by, version }, editOf(body))),
    )

    serve(api.removeOrganisation, async ({ organisation: { _id: id }, query, by }) =>
      removedData(await removal.remove({ id, by }, query.confirm)),
    )

    serve(api.listRemovedOrganisations, async ({ query }) => {
      return pageData(await lists.pageOfRemoved(query), removedData)
    })

    serve(api.restoreOrganisation, async ({ params: { removed }, by }) =>
      dataOf(await removal.restore(removed, by)),
    )

    serve(api.showOverview, async ({ organisation }) => {
      return overviewData(await parts.overview(organisation))
    })
  }
}

/** An organisation's host. */
export function domainRoutes({
  domains,
  issuerOf,
}: Pick<OrganisationRouteParts, 'domains' | 'issuerOf'>): Routes {
  const versioned = (organisation: Organisation) => {
    const data = organisationData(organisation, issuerOf(organisation))
    return { data, version: data.version }
  }

  return (serve) => {
    serve(api.showDomain, async ({ organisation, query: { host } }) => {
      const looked = host === undefined ? undefined : await domains.look(organisation, host)
      return {
        host: organisation.host ?? null,
        issuer: issuerOf(organisation),
        record: looked
          ? {
              host: looked.host,
              type: 'TXT' as const,
              name: looked.name,
              value: looked.value,
              needed: looked.isNeeded,
              found: looked.isFound,
            }
          : null,
      }
    })

    serve(api.setDomain, async ({ organisation: { _id: id }, body, by, version }) =>
      versioned(await domains.set({ id, by, version }, body.host)),
    )

    serve(api.releaseDomain, async ({ organisation: { _id: id }, by, version }) =>
      versioned(await domains.release({ id, by, version })),
    )
  }
}
