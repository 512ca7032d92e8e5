// The organisation that the page is about, and the way to another one.

import { useState } from 'preact/hooks'
import type { Listed } from '../api.ts'
import { homeOf, useOperator, useOrganisationIfAny } from '../state/operator.ts'
import { useRead } from '../state/queries.ts'

/** With more than these it is quicker to search. */
const A_FEW = 7

type Named = { slug: string; name: string }

export function OrganisationSwitcher() {
  const { organisations, isPlatformOwner } = useOperator()
  const place = useOrganisationIfAny()
  const [text, setText] = useState('')
  const [isOpen, setOpen] = useState(false)
  // Platform owners have all of them, not only those where they are named.
  const all = useRead<Listed<Named>>(
    '/organisations',
    { q: text, limit: 50 },
    { isOff: !isPlatformOwner || !isOpen, keepsPrevious: true },
  )
  const own = organisations.filter(({ name, slug }) =>
    `${name} ${slug}`.toLowerCase().includes(text.toLowerCase()),
  )
  const shown: readonly Named[] = isPlatformOwner && all.data ? all.data.items : own
  const isMany = isPlatformOwner || organisations.length > A_FEW
  const close = (): void => document.getElementById('organisations')?.hidePopover()
  return (
    <>
      <button type="button" class="bare switcher" popovertarget="organisations">
        <span class="unseen">Organisation: </span>
        <bdi>{place?.name ?? 'Choose an organisation'}</bdi>
        <span class="caret" aria-hidden="true" />
      </button>
      <div
        class="sheet"
        id="organisations"
        popover="auto"
        onToggle={(event) => setOpen(event.newState === 'open')}
      >
        {isMany && (
          <input
            type="search"
            aria-label="Search organisations"
            placeholder="Search organisations"
            autocomplete="off"
            value={text}
            onInput={(event) => setText(event.currentTarget.value)}
          />
        )}
        <ul aria-label="Organisations">
          {shown.map(({ slug, name }) => (
            <li key={slug}>
              <a
                href={homeOf(slug)}
                aria-current={slug === place?.slug ? 'true' : undefined}
                onClick={close}
              >
                <bdi>{name}</bdi>
                <span class="small">{slug}</span>
              </a>
            </li>
          ))}
        </ul>
        {shown.length === 0 && <p class="small">No organisation is called that.</p>}
        {isPlatformOwner && (
          <a class="apart" href="/admin/organisations/new" onClick={close}>
            New organisation
          </a>
        )}
      </div>
    </>
  )
}
