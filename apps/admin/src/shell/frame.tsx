// What stands around every page: skip link, masthead, rail.

import type { ComponentChildren } from 'preact'
import { useLocation } from 'preact-iso/router'
import { sections } from '../sections.ts'
import { useOrganisationIfAny } from '../state/operator.ts'
import { AccountMenu } from './account-menu.tsx'
import { OrganisationSwitcher } from './organisation-switcher.tsx'
import { Search } from './search.tsx'

export function Frame({ children }: { children: ComponentChildren }) {
  const place = useOrganisationIfAny()
  return (
    <div class={place ? 'frame' : 'frame without-rail'}>
      <a class="skip" href="#content">
        Skip to the content
      </a>
      <header class="masthead">
        {place && (
          <button type="button" class="bare menu-button" popovertarget="sections">
            <span class="bars" aria-hidden="true" />
            <span class="unseen">Sections</span>
          </button>
        )}
        <a class="home" href={place ? place.href('') : '/admin'}>
          <img src="/admin/mark.svg" alt="Overview" width="32" height="32" />
        </a>
        <OrganisationSwitcher />
        <span class="space" />
        <Search />
        <AccountMenu />
      </header>
      {place && <Rail />}
      <main id="content" tabIndex={-1}>
        {children}
      </main>
    </div>
  )
}

/** On a narrow screen it is opened by a button of the masthead; the style sheet says from when on it stands. */
function Rail() {
  const place = useOrganisationIfAny()
  const { path } = useLocation()
  if (!place) return null
  const seen = sections.filter(({ least }) => place.may(least))
  const isHere = (section: string): boolean => {
    const href = place.href(section)
    return path === href || (section !== '' && path.startsWith(`${href}/`))
  }
  return (
    <nav class="rail" id="sections" popover="auto" aria-label="Sections">
      <ul>
        {seen.map(({ path: section, title }) => (
          <li key={section}>
            <a
              href={place.href(section)}
              aria-current={isHere(section) ? 'page' : undefined}
              onClick={() => closePopover('sections')}
            >
              {title}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  )
}

function closePopover(id: string): void {
  const popover = document.getElementById(id)
  if (popover?.matches(':popover-open')) popover.hidePopover()
}
