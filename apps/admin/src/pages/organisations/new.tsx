// Makes an organisation: its name, its place in addresses, and where in the world it is.

import { useEffect, useState } from 'preact/hooks'
import { useLocation } from 'preact-iso/router'
import { Button, ButtonLink } from '../../kit/button.tsx'
import { ErrorSummary } from '../../kit/error-summary.tsx'
import { Field } from '../../kit/field.tsx'
import { Page, Section } from '../../kit/page.tsx'
import { Select } from '../../kit/select.tsx'
import { useForm } from '../../state/form.ts'
import { notify } from '../../state/live.ts'
import { homeOf } from '../../state/operator.ts'
import { useParts } from '../../state/parts.ts'
import { currencies, here, languages, timeZones } from './world.ts'

const SLUG = /^[a-z0-9-]{1,40}$/
/** How long one has stopped typing, in milliseconds, before the slug is looked up. */
const PAUSE = 400

type Created = { slug: string; name: string }

const initial = {
  name: '',
  slug: '',
  locale: 'en',
  time_zone: here,
  currency: 'EUR',
}

export function NewOrganisation() {
  const { api } = useParts()
  const { route } = useLocation()
  const form = useForm({
    initial,
    check: {
      name: (name) => (name.trim() === '' ? 'Give it a name.' : undefined),
      slug: (slug) =>
        SLUG.test(slug) ? undefined : 'Use 1 to 40 lower-case letters, digits and hyphens.',
    },
    save: (values, intent) => api.send<Created>('POST', '/organisations', { body: values, intent }),
    changes: ['/organisations', '/me'],
    onSaved({ slug, name }) {
      notify(`${name} was created.`)
      route(homeOf(slug))
    },
  })
  // Follows the name until somebody writes one of their own.
  const [isOwnSlug, setOwnSlug] = useState(false)
  const name = form.field('name')
  const slug = form.field('slug')
  const taken = useTaken(slug.value)
  return (
    <Page
      title="New organisation"
      lead="A business with an issuer, customers, clients and operators of its own."
    >
      <form onSubmit={form.submit} noValidate>
        <ErrorSummary form={form} />
        <Section title="What it is called">
          <div class="form">
            <Field
              {...name}
              label="Name"
              hint="Customers read it on the sign-in page and in every mail."
              autocomplete="organization"
              onChange={(value) =>
                form.set({ name: value, ...(!isOwnSlug && { slug: slugOf(value) }) })
              }
            />
            <Field
              {...slug}
              problem={slug.problem ?? taken}
              label="Slug"
              hint={`It stands in every address and is never changed: ${location.origin}/o/${slug.value || '…'}`}
              isCode
              onChange={(value) => {
                setOwnSlug(value !== '')
                slug.onChange(value)
              }}
            />
          </div>
        </Section>
        <Section title="Where it is">
          <div class="form">
            <Select {...form.field('locale')} label="Language" options={languages} />
            <Select {...form.field('time_zone')} label="Time zone" options={timeZones} />
            <Select {...form.field('currency')} label="Currency" options={currencies} />
          </div>
        </Section>
        <div class="actions">
          <Button type="submit" look="primary" isBusy={form.isSaving} busyLabel="Creating …">
            Create organisation
          </Button>
          <ButtonLink look="quiet" href="/admin">
            Cancel
          </ButtonLink>
        </div>
      </form>
    </Page>
  )
}

/** That an organisation has the slug, said while one types; of a removed one only the attempt tells. */
function useTaken(slug: string): string | undefined {
  const { api } = useParts()
  const [taken, setTaken] = useState<string>()
  useEffect(() => {
    if (!SLUG.test(slug)) return
    const leaving = new AbortController()
    const look = (): void => {
      const reading = api.read(`/organisations/${slug}`, {}, leaving.signal)
      reading.then(
        () => setTaken(slug),
        () => undefined, // there is none, or sending it will tell
      )
    }
    const timer = setTimeout(look, PAUSE)
    return () => {
      leaving.abort()
      clearTimeout(timer)
    }
  }, [slug])
  return taken === slug ? 'Another organisation has this slug.' : undefined
}

/** `Café Łódź & Söhne` becomes `cafe-odz-sohne`: what is no plain letter or digit parts words. */
function slugOf(name: string): string {
  return name
    .normalize('NFD')
    .replace(/\p{Diacritic}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 40)
}
