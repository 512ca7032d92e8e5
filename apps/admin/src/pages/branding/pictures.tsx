// The pictures of the draft: each put in its place at once, and taken out again.

import { useRef, useState } from 'preact/hooks'
import { ApiError, addressOf } from '../../api.ts'
import { Button } from '../../kit/button.tsx'
import { sentenceOf } from '../../kit/fault.tsx'
import { Section } from '../../kit/page.tsx'
import { notify } from '../../state/live.ts'
import { useOrganisation } from '../../state/operator.ts'
import { useParts } from '../../state/parts.ts'
import { useAction } from '../../state/queries.ts'
import type { Brand, Place } from './brand.ts'

const places: readonly { id: Place; label: string; hint: string }[] = [
  { id: 'logo', label: 'Logo', hint: 'Above the sign-in pages. Shown up to 240 × 64.' },
  {
    id: 'logo_dark',
    label: 'Logo for dark pages',
    hint: 'Without one, the logo lies on light paper there.',
  },
  { id: 'favicon', label: 'Icon', hint: 'In the browser’s tab. Cut to a square.' },
  {
    id: 'mail_header',
    label: 'Header of mails',
    hint: 'Across the top, up to 960 × 320, in place of the logo.',
  },
]

const TYPES = ['image/png', 'image/jpeg', 'image/webp', 'image/svg+xml']
const MAX_BYTES = 1024 * 1024

export function Pictures({ brand, mayChange }: { brand: Brand; mayChange: boolean }) {
  return (
    <Section
      title="Pictures"
      lead="PNG, JPEG, WebP or SVG, at most 1 MB. Each is drawn anew: scripts and what cameras write into it do not come through."
    >
      <div class="pictures">
        {places.map((place) => (
          <OnePicture key={place.id} {...place} brand={brand} mayChange={mayChange} />
        ))}
      </div>
    </Section>
  )
}

function OnePicture(props: {
  id: Place
  label: string
  hint: string
  brand: Brand
  mayChange: boolean
}) {
  const { id, label, hint, brand, mayChange } = props
  const place = useOrganisation()
  const picture = brand.pictures[id]
  const { problem, isRunning, upload, remove } = usePicture(id, label)
  const digest = picture && /[0-9a-f]{64}/.exec(picture.address)?.[0]
  return (
    <div class="picture">
      <div>
        <h3 id={`picture-${id}`}>{label}</h3>
        <p class="hint">{hint}</p>
        <div aria-live="polite">{problem && <p class="problem">{problem}</p>}</div>
        {mayChange && (
          <div class="actions">
            <FileButton
              label={`${picture ? 'Replace' : 'Upload'}: ${label}`}
              words={picture ? 'Replace' : 'Upload'}
              isBusy={isRunning}
              onFile={upload}
            />
            {picture && (
              <Button look="quiet" label={`Remove: ${label}`} onClick={remove}>
                Remove
              </Button>
            )}
          </div>
        )}
      </div>
      <div class={id === 'logo_dark' ? 'plate dark' : 'plate'}>
        {digest ? (
          <img
            src={addressOf(place.api(`/brand/pictures/${digest}`))}
            alt={`${label}, as it is in the draft`}
          />
        ) : (
          <span class="soft">None</span>
        )}
      </div>
    </div>
  )
}

/** A button that opens the browser's own way to choose a file. */
function FileButton(props: {
  label: string
  words: string
  isBusy: boolean
  onFile(file: File): void
}) {
  const { label, words, isBusy, onFile } = props
  const input = useRef<HTMLInputElement>(null)
  return (
    <>
      <Button label={label} isBusy={isBusy} onClick={() => input.current?.click()}>
        {words}
      </Button>
      <input
        ref={input}
        type="file"
        hidden
        accept={TYPES.join(',')}
        aria-label={label}
        onChange={(event) => {
          const [file] = event.currentTarget.files ?? []
          event.currentTarget.value = '' // the same file again is another try
          if (file) onFile(file)
        }}
      />
    </>
  )
}

function usePicture(id: Place, label: string) {
  const place = useOrganisation()
  const { api } = useParts()
  const [refused, setRefused] = useState<string>()
  const path = place.api(`/brand/draft/pictures/${id}`)
  const changes = [place.api('/brand')]
  const put = useAction({
    run: (file: File) => api.send('PUT', path, { bytes: file }),
    changes,
  })
  const take = useAction({ run: (_none: undefined) => api.send('DELETE', path), changes })
  const error = put.error ?? take.error
  return {
    problem: refused ?? (error && pictureProblem(error)),
    isRunning: put.isRunning || take.isRunning,
    async upload(file: File): Promise<void> {
      const wrong = fileProblem(file)
      setRefused(wrong)
      take.clear()
      if (wrong === undefined && (await put.start(file))) notify(`${label}: it is in the draft.`)
    },
    async remove(): Promise<void> {
      setRefused(undefined)
      put.clear()
      if (await take.start(undefined)) notify(`${label}: it is out of the draft.`)
    },
  }
}

/** What can be told without sending it. */
function fileProblem({ type, size }: File): string | undefined {
  if (!TYPES.includes(type)) return 'This is no PNG, JPEG, WebP or SVG.'
  return size > MAX_BYTES ? 'This is larger than 1 MB. Save it smaller, and try again.' : undefined
}

function pictureProblem(error: Error): string {
  const [said] = error instanceof ApiError ? error.details : []
  return said ? `This picture ${said.message}.` : sentenceOf(error)
}
