// The draft of a policy: one text in each language, saved together, thrown away, or published.

import { useMemo, useState } from 'preact/hooks'
import { Behind } from '../../kit/behind.tsx'
import { Button } from '../../kit/button.tsx'
import { ErrorSummary } from '../../kit/error-summary.tsx'
import { Fault } from '../../kit/fault.tsx'
import { Field } from '../../kit/field.tsx'
import { Section } from '../../kit/page.tsx'
import { Segments } from '../../kit/segments.tsx'
import { Skeleton } from '../../kit/skeleton.tsx'
import { UnsavedBar } from '../../kit/unsaved-bar.tsx'
import { useEdit } from '../../state/edit.ts'
import { notify } from '../../state/live.ts'
import { useOrganisation } from '../../state/operator.ts'
import { useParts } from '../../state/parts.ts'
import { type Reading, useAction, useRead } from '../../state/queries.ts'
import { DraftPreview } from './draft-preview.tsx'
import {
  type Language,
  languages,
  numberOf,
  type Policy,
  type PolicyDraft,
  type PolicyTexts,
  type Texts,
  textProblem,
  textsOf,
} from './policy.ts'
import { PublishPolicy } from './publish-policy.tsx'

/** Where nothing is drafted, the draft begins with what customers read. */
export function PolicyEditor({ policy }: { policy: Policy }) {
  const { kind, current } = policy
  const place = useOrganisation()
  const path = place.api(`/policies/${kind}`)
  const reading = useRead<PolicyDraft>(`${path}/draft`)
  const isDrafted = Object.keys(reading.data?.texts ?? {}).length > 0
  const published = useRead<PolicyTexts>(
    `${path}/versions/${current?.number ?? 0}`,
    {},
    { isOff: current === null || !reading.data || isDrafted },
  )
  const needsPublished = !isDrafted && current !== null
  const texts = needsPublished ? published.data?.texts : reading.data?.texts
  const missing = reading.error ?? published.error
  if (missing) return <Fault error={missing} onRetry={reading.readAgain} />
  if (!texts || !reading.data) return <Skeleton lines={10} />
  return <Editor policy={policy} reading={reading} texts={texts} isDrafted={isDrafted} />
}

type Props = {
  policy: Policy
  reading: Reading<PolicyDraft>
  texts: PolicyDraft['texts']
  isDrafted: boolean
}

function useTexts({ policy: { kind }, reading, texts }: Props) {
  const place = useOrganisation()
  const { api } = useParts()
  const path = place.api(`/policies/${kind}/draft`)
  const initial = useMemo(() => textsOf(texts), [JSON.stringify(texts)])
  /** Each language is a write of its own, on the version that the one before it made. */
  async function save(values: Texts, seen: string | undefined): Promise<void> {
    let number = numberOf(seen)
    for (const { value: language } of languages) {
      const text = values[language]
      if (text === initial[language]) continue
      const at = `${path}/${language}`
      const version = `"v${number}"`
      if (text.trim() === '') await api.send('DELETE', at, { version })
      else {
        const bytes = new Blob([text], { type: 'text/markdown' })
        await api.send('PUT', at, { bytes, version })
      }
      number += 1
    }
  }
  return useEdit<Texts, void>({
    initial,
    reading,
    check: { en: textProblem, de: textProblem, ar: textProblem },
    save,
    changes: [place.api('/policies')],
    onSaved: () => notify('The draft is saved. Customers read it once you publish.'),
  })
}

function Editor(props: Props) {
  const { policy, reading, texts, isDrafted } = props
  const edit = useTexts(props)
  const { form } = edit
  const [language, setLanguage] = useState<Language>('en')
  return (
    <Section
      title="Draft"
      lead={
        isDrafted
          ? 'Customers see nothing of it before it is published.'
          : 'It begins with what customers read now. They see nothing of it before it is published.'
      }
      actions={
        isDrafted && (
          <>
            <Discard policy={policy} version={reading.version} />
            <PublishPolicy policy={policy} version={reading.version} isChanged={form.isChanged} />
          </>
        )
      }
    >
      <form class="form policy" noValidate onSubmit={form.submit}>
        <ErrorSummary form={form} />
        <Behind edit={edit} what="this draft" />
        <Segments
          name="language"
          label="Language"
          value={language}
          choices={languages}
          onChange={setLanguage}
        />
        <div lang={language} dir={language === 'ar' ? 'rtl' : 'ltr'}>
          <Field
            key={language}
            {...form.field(language)}
            label={`Text in ${languages.find(({ value }) => value === language)?.label}`}
            hint="Markdown: # for headings, - for lists, [words](https://…) for links. Empty: not in this language."
            lines={18}
            isCode
          />
        </div>
        <UnsavedBar form={form} />
      </form>
      {isDrafted && texts[language] !== undefined && (
        <DraftPreview kind={policy.kind} language={language} version={reading.version} />
      )}
    </Section>
  )
}

function Discard({ policy, version }: { policy: Policy; version: string | undefined }) {
  const place = useOrganisation()
  const { api } = useParts()
  const discard = useAction({
    run: (_none: undefined) =>
      api.send('DELETE', place.api(`/policies/${policy.kind}/draft`), { version }),
    changes: [place.api('/policies')],
  })
  const confirmed = async (): Promise<void> => {
    if (!confirm('Throw the draft away, in all its languages?')) return
    if (await discard.start(undefined)) notify('The draft is thrown away.')
  }
  return (
    <>
      {discard.error && <Fault error={discard.error} />}
      <Button look="quiet" isBusy={discard.isRunning} onClick={confirmed}>
        Throw away
      </Button>
    </>
  )
}
