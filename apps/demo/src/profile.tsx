// The customer's own data, shown and changed.

import type { Profile } from '@foyer/contract'
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { type Api, ApiError, sentenceOf } from './api.ts'

type Problems = { readonly [field: string]: string }

type Status =
  | { kind: 'idle' | 'saving' | 'saved' }
  | { kind: 'problem'; text: string; fields: Problems }

const fields = [
  { name: 'given_name', label: 'Given name', fill: 'given-name' },
  { name: 'family_name', label: 'Family name', fill: 'family-name' },
  { name: 'phone', label: 'Phone, with country code', fill: 'tel' },
] as const

export function ProfileCard({ api, brand }: { api: Api; brand: string }) {
  const [profile, setProfile] = useState<Profile>()
  const [status, setStatus] = useState<Status>({ kind: 'idle' })
  const form = useRef<HTMLFormElement>(null)

  const explain = (error: unknown): void => {
    const known = error instanceof ApiError ? error.fields : []
    const problems = Object.fromEntries(known.map(({ path, message }) => [path, message]))
    setStatus({ kind: 'problem', text: sentenceOf(error), fields: problems })
  }

  useEffect(() => {
    api.profile().then(setProfile).catch(explain)
  }, [api])
  useLayoutEffect(() => {
    if (status.kind !== 'problem') return
    form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus()
  }, [status])

  const save = (event: SubmitEvent): void => {
    event.preventDefault()
    if (!form.current) return
    setStatus({ kind: 'saving' })
    api
      .changeProfile(patchOf(new FormData(form.current)))
      .then((changed) => {
        setProfile(changed)
        setStatus({ kind: 'saved' })
      })
      .catch(explain)
  }

  const problems: Problems = status.kind === 'problem' ? status.fields : {}
  return (
    <section class="card" aria-labelledby="profile-title">
      <h2 id="profile-title">Your details</h2>
      {profile && (
        <form ref={form} onSubmit={save}>
          {fields.map((field) => (
            <Field
              key={field.name}
              {...field}
              value={profile[field.name]}
              problem={problems[field.name]}
            />
          ))}
          <p class="small">
            E-mail: <bdi>{profile.email}</bdi>
          </p>
          <button type="submit" class="button" disabled={status.kind === 'saving'}>
            Save
          </button>
        </form>
      )}
      <p class={status.kind === 'problem' ? 'problem' : 'small'} role="status">
        {status.kind === 'saved' && `Saved. ${brand} sees it at once.`}
        {status.kind === 'problem' && status.text}
        {!profile && status.kind === 'idle' && 'Loading …'}
      </p>
    </section>
  )
}

/** What is empty is taken out of the profile; a phone number is written as people like. */
function patchOf(data: FormData): Pick<Profile, (typeof fields)[number]['name']> {
  const text = (name: string): string | null => String(data.get(name) ?? '').trim() || null
  return {
    given_name: text('given_name'),
    family_name: text('family_name'),
    phone: text('phone')?.replace(/[\s().-]/g, '') ?? null,
  }
}

type FieldProps = (typeof fields)[number] & { value: string | null; problem: string | undefined }

function Field({ name, label, fill, value, problem }: FieldProps) {
  return (
    <div class="field">
      <label for={name}>{label}</label>
      <input
        id={name}
        name={name}
        inputMode={fill === 'tel' ? 'tel' : 'text'}
        autocomplete={fill}
        defaultValue={value ?? ''}
        aria-invalid={problem !== undefined}
        aria-describedby={problem === undefined ? undefined : `${name}-problem`}
      />
      {problem !== undefined && (
        <p class="problem" id={`${name}-problem`}>
          {problem}
        </p>
      )}
    </div>
  )
}
