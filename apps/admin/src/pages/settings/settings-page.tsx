// What stands around each page of the settings: its title, and the way to the others.

import type { ComponentChildren } from 'preact'
import { useLocation } from 'preact-iso/router'
import { Page } from '../../kit/page.tsx'
import { type Role, useOrganisation } from '../../state/operator.ts'

const pages: readonly { title: string; path: string; least: Role }[] = [
  { title: 'General', path: '/settings', least: 'viewer' },
  { title: 'Domain', path: '/settings/domain', least: 'viewer' },
  { title: 'Sign-in and life times', path: '/settings/sign-in', least: 'viewer' },
  { title: 'Registration', path: '/settings/registration', least: 'viewer' },
  { title: 'Removal', path: '/settings/end', least: 'platform-owner' },
]

export function SettingsPage(props: {
  title: string
  lead: ComponentChildren
  children: ComponentChildren
}) {
  const place = useOrganisation()
  const { path } = useLocation()
  const here = path.replace(/\/$/, '')
  return (
    <Page title={props.title} lead={props.lead}>
      <nav class="subpages" aria-label="Settings">
        <ul>
          {pages
            .filter(({ least }) => place.may(least))
            .map(({ title, path: page }) => (
              <li key={page}>
                <a
                  href={place.href(page)}
                  aria-current={here === place.href(page) ? 'page' : undefined}
                >
                  {title}
                </a>
              </li>
            ))}
        </ul>
      </nav>
      {props.children}
    </Page>
  )
}
