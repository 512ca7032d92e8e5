// The customer's own data, shown and changed.

import type { Profile } from '@foyer/contract'
import { useEffect, useRef, useState } from 'preact/hooks'
import { type Api, sentenceOf } from './api.ts'

type Status = { kind: 'idle' | 'saving' | 'saved' } | { kind: 'problem'; text: string }

export function ProfileCard({ api }: { api: Api }) {
  const [profile, setProfile] = useState<Profile>()
  const [status, setStatus] = useState<Status>({ kind: 'idle' })
  const form = useRef<HTMLFormElement>(null)

  const explain = (error: unknown): void => setStatus({ kind: 'problem', text: sentenceOf(error) })

  useEffect(() => {
    api.profile().then(setProfile).catch(explain)
  }, [api])

  const save = (event: SubmitEvent): void => {
    event.preventDefault()
    if (!form.current) return
    const data = new FormData(form.current)
    const field = (name: string): string | null => String(data.get(name) ?? '').trim() || null
    setStatus({ kind: 'saving' })
    const patch = {
      given_name: field('given_name'),
      family_name: field('family_name'),
      phone: field('phone')?.replace(/[\s()-]/g, '') ?? null,
    }
    api
      .changeProfile(patch)
      .then((changed) => {
        setProfile(changed)
        setStatus({ kind: 'saved' })
      })
      .catch(explain)
  }

  return (
    <section class="card" aria-labelledby="profile-title">
      <h2 id="profile-title">Your details</h2>
      {profile && (
        <form ref={form} onSubmit={save}>
          <Field
            name="given_name"
            label="Given name"
            value={profile.given_name}
            fill="given-name"
          />
          <Field
            name="family_name"
            label="Family name"
            value={profile.family_name}
            fill="family-name"
          />
          <Field name="phone" label="Phone, with country code" value={profile.phone} fill="tel" />
          <p class="small">
            E-mail: <bdi>{profile.email}</bdi>
          </p>
          <button type="submit" class="button" disabled={status.kind === 'saving'}>
            Save
          </button>
        </form>
      )}
      <p class={status.kind === 'problem' ? 'problem' : 'small'} role="status">
        {status.kind === 'saved' && 'Saved. The business sees it at once.'}
        {status.kind === 'problem' && status.text}
        {!profile && status.kind === 'idle' && 'Loading …'}
      </p>
    </section>
  )
}

function Field(props: {
  name: string
  label: string
  value: string | null
  fill: 'given-name' | 'family-name' | 'tel'
}) {
  const { name, label, value, fill } = props
  return (
    <label>
      {label}
      <input
        name={name}
        inputMode={fill === 'tel' ? 'tel' : 'text'}
        autocomplete={fill}
        defaultValue={value ?? ''}
      />
    </label>
  )
}
