// How pages and mails look: the draft beside its preview, what customers see, and what they saw before.

import { useMemo, useState } from 'preact/hooks'
import { Behind } from '../../kit/behind.tsx'
import { ErrorSummary } from '../../kit/error-summary.tsx'
import { Loaded } from '../../kit/loaded.tsx'
import { Moment } from '../../kit/moment.tsx'
import { Page } from '../../kit/page.tsx'
import { UnsavedBar } from '../../kit/unsaved-bar.tsx'
import { useEdit } from '../../state/edit.ts'
import { notify } from '../../state/live.ts'
import { useOrganisation } from '../../state/operator.ts'
import { useParts } from '../../state/parts.ts'
import { type Reading, useRead } from '../../state/queries.ts'
import {
  type BrandState,
  type BrandValues,
  colourProblem,
  colours,
  isSameLook,
  type Language,
  type Scheme,
  schemes,
  type Tokens,
  tokensOf,
  valuesOf,
} from './brand.ts'
import { BrandFields } from './brand-fields.tsx'
import { Pictures } from './pictures.tsx'
import { BrandPreview, useSettled } from './preview.tsx'
import { Publish } from './publish.tsx'
import { useLiveVerdict } from './verdict.ts'
import { Versions } from './versions.tsx'

export function Branding() {
  const place = useOrganisation()
  const reading = useRead<BrandState>(place.api('/brand'))
  const { data } = reading
  if (!data)
    return (
      <Page title="Branding">
        <Loaded reading={reading} lines={10}>
          {() => null}
        </Loaded>
      </Page>
    )
  return <Studio reading={reading} state={data} />
}

const checks = Object.fromEntries(
  schemes.flatMap((scheme) =>
    colours.map((colour) => [
      `${scheme}_${colour.id}`,
      (text: string) => colourProblem(colour, text),
    ]),
  ),
)

function useDraft(reading: Reading<BrandState>, state: BrandState) {
  const place = useOrganisation()
  const { api } = useParts()
  const { draft } = state
  const initial = useMemo(() => valuesOf(draft), [draft])
  return useEdit<BrandValues, unknown>({
    initial,
    reading,
    check: checks,
    save: (values, version) =>
      api.send('PUT', place.api('/brand/draft'), { body: enteredIn(values), version }),
    asKept: (values) => valuesOf(enteredIn(values)),
    changes: [place.api('/brand')],
    onSaved: () => notify('The draft is saved. Customers see it once you publish.'),
  })
}

function enteredIn(values: BrandValues): Tokens {
  const tokens = tokensOf(values)
  if (!tokens) throw new TypeError('a colour is none') // the form says so before
  return tokens
}

function Studio({ reading, state }: { reading: Reading<BrandState>; state: BrandState }) {
  const place = useOrganisation()
  const mayChange = place.may('editor')
  const edit = useDraft(reading, state)
  const { form } = edit
  const [scheme, setScheme] = useState<Scheme>('light')
  const [language, setLanguage] = useState<Language>('en')
  const kept = tokensOf(valuesOf(state.draft)) as Tokens // what is kept is whole
  const tokens = useSettled(tokensOf(form.values), kept)
  const live = useLiveVerdict({ tokens, language, version: reading.version })
  return (
    <Page
      title="Branding"
      lead={<Standing state={state} />}
      actions={
        mayChange && <Publish state={state} version={reading.version} isChanged={form.isChanged} />
      }
    >
      <div class="studio">
        <div class="form">
          {mayChange && (
            <form class="form" noValidate onSubmit={form.submit}>
              <ErrorSummary form={form} />
              <Behind edit={edit} what="this draft" />
              <BrandFields
                form={form}
                checks={live?.contrast.checks ?? state.contrast.checks}
                onScheme={setScheme}
              />
              <UnsavedBar form={form} />
            </form>
          )}
          <Pictures brand={state.draft} mayChange={mayChange} />
        </div>
        <BrandPreview
          tokens={tokens}
          version={reading.version}
          scheme={scheme}
          onScheme={setScheme}
          language={language}
          onLanguage={setLanguage}
          subject={live?.code_mail.subject}
        />
      </div>
      <Versions current={state.published?.number} />
    </Page>
  )
}

function Standing({ state }: { state: BrandState }) {
  const { published, draft, updated_at: updatedAt } = state
  const shown = published ? (
    <>
      Customers see version {published.number}, published <Moment at={published.published_at} />.
    </>
  ) : (
    'Customers see Foyer’s own look.'
  )
  const isDrafted = updatedAt !== null && !isSameLook(draft, published)
  return (
    <>
      {shown} {isDrafted && 'The draft differs from it.'}
    </>
  )
}
