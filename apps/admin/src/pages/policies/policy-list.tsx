// The policies: what customers read, what is being written, and what they accept before they are signed in.

import { useMemo } from 'preact/hooks'
import { Checks } from '../../kit/choices.tsx'
import { ErrorSummary } from '../../kit/error-summary.tsx'
import { Loaded } from '../../kit/loaded.tsx'
import { Moment } from '../../kit/moment.tsx'
import { Page, Section } from '../../kit/page.tsx'
import { StatusWord } from '../../kit/status-word.tsx'
import { UnsavedBar } from '../../kit/unsaved-bar.tsx'
import { useForm } from '../../state/form.ts'
import { notify } from '../../state/live.ts'
import { useOrganisation } from '../../state/operator.ts'
import { useParts } from '../../state/parts.ts'
import { useRead } from '../../state/queries.ts'
import { kinds, languageNames, type Policies, type Policy } from './policy.ts'

export function PolicyList() {
  const place = useOrganisation()
  const reading = useRead<Policies>(place.api('/policies'))
  return (
    <Page
      title="Policies"
      lead="In your own words, as Markdown. Sign-in pages and mails link to what is published."
    >
      <Loaded reading={reading} lines={6}>
        {({ items }) => (
          <>
            <PolicyTable policies={items} />
            {place.may('editor') && <Acceptance policies={items} />}
          </>
        )}
      </Loaded>
    </Page>
  )
}

function PolicyTable({ policies }: { policies: readonly Policy[] }) {
  const place = useOrganisation()
  return (
    <table class="table">
      <caption class="unseen">Policies</caption>
      <thead>
        <tr>
          <th scope="col">Policy</th>
          <th scope="col">Customers read</th>
          <th scope="col">Languages</th>
          <th scope="col">Draft</th>
          <th scope="col">At sign-in</th>
        </tr>
      </thead>
      <tbody>
        {policies.map(({ kind, current, drafted, asked }) => (
          <tr key={kind}>
            <th scope="row">
              <a href={place.href(`/policies/${kind}`)}>{kinds[kind].title}</a>
            </th>
            <td data-title="Customers read">
              {current ? (
                <span>
                  Version {current.number}, <Moment at={current.published_at} isDay />
                </span>
              ) : (
                <StatusWord word="Not published" />
              )}
            </td>
            <td data-title="Languages">{current ? languageNames(current.languages) : '–'}</td>
            <td data-title="Draft">{drafted.length > 0 ? languageNames(drafted) : 'None'}</td>
            <td data-title="At sign-in">{atSignIn({ current, asked })}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function atSignIn({ current, asked }: Pick<Policy, 'current' | 'asked'>): string {
  if (asked) return current ? 'Accepted' : 'Accepted, once published'
  return current ? 'Linked' : '–'
}

const acceptable = ['terms', 'privacy'] as const

function Acceptance({ policies }: { policies: readonly Policy[] }) {
  const place = useOrganisation()
  const { api } = useParts()
  const initial = useMemo(
    () => ({ kinds: policies.filter(({ asked }) => asked).map(({ kind }) => kind as string) }),
    [policies],
  )
  const form = useForm<{ kinds: readonly string[] }, unknown>({
    initial,
    save: ({ kinds: chosen }) =>
      api.send('PUT', place.api('/policies/acceptance'), {
        body: { kinds: acceptable.filter((kind) => chosen.includes(kind)) },
      }),
    changes: [place.api('/policies')],
    onSaved: () => notify('Saved. Customers are asked accordingly within seconds.'),
  })
  const choices = acceptable.map((kind) => {
    const isPublished = policies.some((each) => each.kind === kind && each.current !== null)
    const detail = isPublished
      ? undefined
      : 'Nothing is published yet: nobody is asked before it is.'
    return { value: kind, label: kinds[kind].title, detail }
  })
  return (
    <Section
      title="What customers accept"
      lead="After the right code and before they are signed in, once: at their next sign-in, and again after a version that needs it. Who cancels is not signed in."
    >
      <form class="form" noValidate onSubmit={form.submit}>
        <ErrorSummary form={form} />
        <Checks {...form.field('kinds')} label="They have to accept" choices={choices} />
        <UnsavedBar form={form} />
      </form>
    </Section>
  )
}
