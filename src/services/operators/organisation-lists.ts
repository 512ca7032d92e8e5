// Lists of organisations: those that somebody may see, and those that can be restored.

import type { Cursors } from '../../shared/cursors.ts'
import { type Page, type PageRequest, pageBy } from '../../shared/pages.ts'
import type { Organisation } from '../../stores/organisations.ts'
import type { OrganisationRemoval } from '../organisations/organisation-removal.ts'
import type { Organisations } from '../organisations/organisations.ts'

/** `undefined` in `cursor` is the beginning. Throws `bad_request` for a cursor that is none of the list. */
export type OrganisationLists = {
  /** By slug: of these ids alone, and those whose slug or name begins with the text. */
  page(
    request: PageRequest & { ids?: readonly string[] | undefined; text?: string | undefined },
  ): Promise<Page<Organisation>>
  /** By slug. */
  pageOfRemoved(request: PageRequest): Promise<Page<Organisation>>
}

export function createOrganisationLists(parts: {
  organisations: Pick<Organisations, 'search'>
  removal: Pick<OrganisationRemoval, 'listRemoved'>
  cursors: Cursors
}): OrganisationLists {
  const { organisations, removal, cursors } = parts

  const pageOf = (
    list: string,
    request: PageRequest,
    read: (limit: number, after: string | undefined) => Promise<Organisation[]>,
  ): Promise<Page<Organisation>> =>
    pageBy(
      { cursors, list: { list, organisation: '', owner: '' }, ...request },
      ({ slug }) => ({ at: 0, id: slug }),
      ({ limit, after }) => read(limit, after?.id),
    )

  return {
    page: ({ ids, text, ...request }) =>
      pageOf('organisations', request, (limit, after) =>
        organisations.search({ limit, after, ids, text }),
      ),
    pageOfRemoved: (request) => pageOf('removed-organisations', request, removal.listRemoved),
  }
}
