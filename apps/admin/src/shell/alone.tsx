// A page without a rail: one sentence, and a way on.

import type { ComponentChildren } from 'preact'
import { Page } from '../kit/page.tsx'

export function Alone(props: { title: string; lead: string; children: ComponentChildren }) {
  return (
    <main class="alone" id="content">
      <img src="/admin/mark.svg" alt="" width="40" height="40" />
      <Page title={props.title} lead={props.lead}>
        {props.children}
      </Page>
    </main>
  )
}
