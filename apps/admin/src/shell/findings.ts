// What Ctrl-K finds: sections by their names, the rest by asking the API.

import { useEffect, useState } from 'preact/hooks'
import type { Listed, Read } from '../api.ts'
import type { Found, Section } from '../section.ts'
import { sections } from '../sections.ts'
import { homeOf, useOperator, useOrganisationIfAny } from '../state/operator.ts'
import { useParts } from '../state/parts.ts'

/** Of each list, no more than fit beside the others. */
const OF_EACH = 5
/** A pause this long, in milliseconds, is the end of a word. */
const PAUSE = 150

type Named = { slug: string; name: string }
type Ask = { path: string; found(item: unknown): Found }

export function useFindings(text: string): { found: readonly Found[]; isSearching: boolean } {
  const { api } = useParts()
  const operator = useOperator()
  const place = useOrganisationIfAny()
  const [asked, setAsked] = useState<{ text: string; found: readonly Found[] }>()
  const wanted = text.trim().toLowerCase()
  const fits = (name: string): boolean => name.toLowerCase().includes(wanted)

  useEffect(() => {
    if (wanted === '') return setAsked(undefined)
    const asks = [
      ...(place
        ? asksOf(
            sections.filter(({ least }) => place.may(least)),
            place,
          )
        : []),
      ...(operator.isPlatformOwner ? [everyOrganisation] : []),
    ]
    const leaving = new AbortController()
    const timer = setTimeout(async () => {
      const answers = await Promise.all(
        asks.map(
          ({ path, found }) =>
            api
              .read<Listed<unknown>>(path, { q: wanted, limit: OF_EACH }, leaving.signal)
              .then(({ data }: Read<Listed<unknown>>) => data.items.map(found))
              .catch((): Found[] => []), // the others are worth showing
        ),
      )
      if (!leaving.signal.aborted) setAsked({ text: wanted, found: answers.flat() })
    }, PAUSE)
    return () => {
      clearTimeout(timer)
      leaving.abort()
    }
  }, [wanted, api, place, operator])

  const own = place
    ? sections
        .filter(({ least, title }) => place.may(least) && fits(title))
        .map(({ title, path }) => ({ id: path, title, detail: 'Section', href: place.href(path) }))
    : []
  const organisations = operator.isPlatformOwner
    ? []
    : operator.organisations.filter(({ name, slug }) => wanted !== '' && fits(`${name} ${slug}`))
  const found = [...own, ...organisations.map(organisationFound), ...(asked?.found ?? [])]
  return { found, isSearching: wanted !== '' && asked?.text !== wanted }
}

function asksOf(
  seen: readonly Section[],
  place: { api(path: string): string; href(path: string): string },
): Ask[] {
  return seen.flatMap(({ search }) => {
    if (!search) return []
    const found = (item: unknown): Found => {
      const each = search.found(item)
      return { ...each, href: place.href(each.href) }
    }
    return [{ path: place.api(search.path), found }]
  })
}

const everyOrganisation: Ask = {
  path: '/organisations',
  found: (item) => organisationFound(item as Named), // what the list at this path holds
}

function organisationFound({ slug, name }: Named): Found {
  return { id: slug, title: name, detail: 'Organisation', href: homeOf(slug) }
}
