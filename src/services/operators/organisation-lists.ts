// Lists of organisations: those that somebody may see, and those that can be restored.

import type { Cursors } from '../../shared/cursors.ts'
import { type Page, type PageRequest, placeAfter } from '../../shared/pages.ts'
import type { Organisation } from '../../stores/organisations.ts'
import type { OrganisationRemoval } from '../organisations/organisation-removal.ts'
import type { Organisations } from '../organisations/organisations.ts'

/** `undefined` in `cursor` is the beginning. Throws `bad_request` for a cursor that is none of the list. */
export type OrganisationLists = {
  /** By slug: of these ids alone, and those whose slug or name begins with the text. */
  page(
    request: Request & { ids?: readonly string[] | undefined; text?: string | undefined },
  ): Promise<Page<Organisation>>
  /** By slug. */
  pageOfRemoved(request: Request): Promise<Page<Organisation>>
}

type Request = Pick<PageRequest, 'limit'> & { cursor?: string | undefined }

export function createOrganisationLists(parts: {
  organisations: Pick<Organisations, 'search'>
  removal: Pick<OrganisationRemoval, 'listRemoved'>
  cursors: Cursors
}): OrganisationLists {
  const { organisations, removal, cursors } = parts

  async function pageOf(
    list: string,
    { limit, cursor }: Request,
    read: (limit: number, after: string | undefined) => Promise<Organisation[]>,
  ): Promise<Page<Organisation>> {
    const owner = { list, organisation: '', owner: '' }
    const place = placeAfter(cursors, owner, cursor)
    const found = await read(limit + 1, place?.id)
    const items = found.slice(0, limit)
    const last = items.at(-1)
    if (found.length <= limit || !last) return { items }
    return { items, cursor: cursors.make(owner, { at: 0, id: last.slug }) }
  }

  return {
    page: ({ ids, text, ...request }) =>
      pageOf('organisations', request, (limit, after) =>
        organisations.search({ limit, after, ids, text }),
      ),
    pageOfRemoved: (request) => pageOf('removed-organisations', request, removal.listRemoved),
  }
}
