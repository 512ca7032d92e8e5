// What customers would see: the sign-in page and the mail with a code, drawn by the server from what stands in the form.

import { useEffect, useState } from 'preact/hooks'
import { addressOf } from '../../api.ts'
import { Segments } from '../../kit/segments.tsx'
import { Select } from '../../kit/select.tsx'
import { useOrganisation } from '../../state/operator.ts'
import type { Language, Scheme, Tokens } from './brand.ts'

const whats = [
  { value: 'sign-in', label: 'Sign-in page' },
  { value: 'code-mail', label: 'Code mail' },
] as const
const screens = [
  { value: 'phone', label: 'Phone' },
  { value: 'desktop', label: 'Desktop' },
] as const
const schemeChoices = [
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
] as const
const languages: readonly { value: Language; label: string }[] = [
  { value: 'en', label: 'English' },
  { value: 'de', label: 'Deutsch' },
  { value: 'ar', label: 'العربية' },
]

type Choice<List extends readonly { value: string }[]> = List[number]['value']

export function BrandPreview(props: {
  tokens: Tokens
  /** Of the draft: another picture in it is another page. */
  version: string | undefined
  scheme: Scheme
  onScheme(scheme: Scheme): void
  language: Language
  onLanguage(language: Language): void
  /** Of the mail. */
  subject: string | undefined
}) {
  const { tokens, version, scheme, onScheme, language, onLanguage, subject } = props
  const place = useOrganisation()
  const [what, setWhat] = useState<Choice<typeof whats>>('sign-in')
  const [screen, setScreen] = useState<Choice<typeof screens>>('phone')
  const source = addressOf(place.api(`/brand/preview/${what}`), {
    scheme,
    language,
    tokens: JSON.stringify(tokens),
  })
  const isMail = what === 'code-mail'
  return (
    <section class="part preview" aria-labelledby="preview">
      <h2 id="preview">Preview</h2>
      <div class="preview-tools">
        <Segments name="what" label="What" value={what} choices={whats} onChange={setWhat} />
        <Segments
          name="screen"
          label="Screen"
          value={screen}
          choices={screens}
          onChange={setScreen}
        />
        <Segments
          name="scheme"
          label="Colours"
          value={scheme}
          choices={schemeChoices}
          onChange={onScheme}
        />
        <Select
          name="language"
          label="Language"
          value={language}
          options={languages}
          onChange={(value) => onLanguage(value as Language)} // one of its options
        />
      </div>
      <figure>
        {isMail && subject !== undefined && <p class="subject">{subject}</p>}
        <Frames source={source} identity={`${source} ${version}`} screen={screen} />
        <figcaption class="small">
          {isMail ? 'A mail with a code' : 'The first page of a sign-in'}, as it would be. Nothing
          is sent, and customers see nothing of it before you publish.
        </figcaption>
      </figure>
    </section>
  )
}

/**
 * The page that is shown stays until the next one is there: nothing flickers while one types. It is an address
 * of its own and not `srcdoc`, whose document would be under the console's policy, which refuses its styles.
 */
function Frames(props: { source: string; identity: string; screen: string }) {
  const { source, identity, screen } = props
  const [shown, setShown] = useState<{ source: string; identity: string }>()
  const next = identity === shown?.identity ? undefined : { source, identity }
  const frames = [shown, next].filter((each) => each !== undefined)
  return (
    // Nothing in it can be used: it is a picture of a page.
    <div class={`screen ${screen}`} inert>
      {frames.map((each) => (
        <iframe
          key={each.identity}
          class={each === shown ? undefined : 'coming'}
          title="Preview"
          src={each.source}
          sandbox=""
          onLoad={() => setShown(each)}
        />
      ))}
    </div>
  )
}

/** How long nothing changed, in milliseconds, before it is drawn. */
const PAUSE = 250

/** The value, once it has been the same for a moment; the last there was, while there is none. */
export function useSettled<Value>(value: Value | undefined, first: Value): Value {
  const [settled, setSettled] = useState(first)
  const text = JSON.stringify(value)
  useEffect(() => {
    if (value === undefined || text === JSON.stringify(settled)) return
    const timer = setTimeout(() => setSettled(value), PAUSE)
    return () => clearTimeout(timer)
  }, [text])
  return settled
}
