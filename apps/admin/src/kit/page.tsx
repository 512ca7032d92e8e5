// A page: its title in the window and as the heading, the way back up, and what can be done here.

import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { useOrganisationIfAny } from '../state/operator.ts'

export type Crumb = { title: string; href: string }

/** The first page of a visit leaves the focus to the browser. */
let isFirst = true

export function Page(props: {
  title: string
  /** One sentence below the title. */
  lead?: ComponentChildren
  /** The pages above this one, the highest first; the section's own page has none. */
  above?: readonly Crumb[]
  /** Buttons and links beside the title. */
  actions?: ComponentChildren
  children: ComponentChildren
}) {
  const { title, lead, above = [], actions } = props
  const place = useOrganisationIfAny()
  const heading = useRef<HTMLHeadingElement>(null)
  const name = place?.name ?? 'Foyer'
  useEffect(() => {
    document.title = `${title} · ${name}`
  }, [title, name])
  useEffect(() => {
    if (!isFirst) heading.current?.focus({ preventScroll: true })
    isFirst = false
  }, [])
  return (
    <>
      {above.length > 0 && <Breadcrumb above={above} />}
      <header class="page-header">
        <div>
          <h1 ref={heading} tabIndex={-1}>
            {title}
          </h1>
          {lead && <p class="lead">{lead}</p>}
        </div>
        {actions && <div class="actions">{actions}</div>}
      </header>
      {props.children}
    </>
  )
}

function Breadcrumb({ above }: { above: readonly Crumb[] }) {
  return (
    <nav class="breadcrumb" aria-label="You are in">
      <ol>
        {above.map(({ title, href }) => (
          <li key={href}>
            <a href={href}>{title}</a>
          </li>
        ))}
      </ol>
    </nav>
  )
}

/** A part of a page: a card with a heading of its own. */
export function Section(props: {
  title: string
  lead?: ComponentChildren
  actions?: ComponentChildren
  children: ComponentChildren
}) {
  const { title, lead, actions } = props
  const id = `part-${title.toLowerCase().replace(/[^a-z0-9]+/g, '-')}`
  return (
    <section class="part" aria-labelledby={id}>
      <header>
        <div>
          <h2 id={id}>{title}</h2>
          {lead && <p class="small">{lead}</p>}
        </div>
        {actions && <div class="actions">{actions}</div>}
      </header>
      {props.children}
    </section>
  )
}
