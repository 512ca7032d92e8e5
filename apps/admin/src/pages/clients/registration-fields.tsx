// The fields of a registration: what everybody has to say first, the rest where it is looked for.

import { Checks } from '../../kit/choices.tsx'
import { Field } from '../../kit/field.tsx'
import { Switch } from '../../kit/switch.tsx'
import type { Bound, Form } from '../../state/form.ts'
import { useOrganisation } from '../../state/operator.ts'
import { apiScopes } from './api-scopes.ts'
import { type Kind, kinds } from './client.ts'
import type { Registration } from './registration.ts'

type Props = {
  kind: Kind
  form: Form<Registration>
  /** What the API says of fields while one types. */
  live: { readonly [field: string]: string }
}

/** Bound to the form; what is wrong with it is told as soon as it is known. */
function bind<Name extends keyof Registration>(
  { form, live }: Props,
  name: Name,
): Bound<Registration[Name]> {
  const bound = form.field(name)
  return { ...bound, problem: bound.problem ?? live[name] }
}

export function MainFields(props: Props) {
  const { kind } = props
  return (
    <>
      <Field
        {...bind(props, 'name')}
        label="Name"
        hint={
          kind === 'machine'
            ? 'For you and your colleagues.'
            : 'Customers read it when they sign in.'
        }
        maxLength={80}
      />
      {kind !== 'machine' && (
        <Field
          {...bind(props, 'redirect_uris')}
          label="Redirect URIs"
          hint={<RedirectHint kind={kind} />}
          placeholder={kinds[kind].example}
          lines={3}
          isCode
        />
      )}
      {kind === 'preview' && (
        <Field
          {...bind(props, 'ends')}
          type="date"
          label="Ends on"
          hint="At most 90 days from today. You can move it as long as it has not ended."
        />
      )}
    </>
  )
}

function RedirectHint({ kind }: { kind: Kind }) {
  const rules = {
    web: 'The same to the letter as your application sends it. https, or http on localhost.',
    browser: 'The same to the letter as your application sends it. https, or http on localhost.',
    native: 'An address of your own scheme, an https link to the app, or http://127.0.0.1.',
    preview: 'https, with one * in place of the first part of the host name.',
    machine: '',
  }
  return <>Where customers come back to, one in each line. {rules[kind]}</>
}

export function MoreFields(props: Props & { hasKeys?: boolean }) {
  const { kind, hasKeys = false } = props
  const place = useOrganisation()
  if (kind === 'machine') return hasKeys ? <Keys {...props} /> : null
  const ownPages =
    kind === 'browser'
      ? ' Where it is first-party, the pages that sign people in by themselves.'
      : ''
  return (
    <>
      <Field
        {...bind(props, 'post_logout_redirect_uris')}
        label="Redirect URIs after sign-out"
        hint="One in each line."
        lines={2}
        isCode
        isOptional
      />
      <Field
        {...bind(props, 'origins')}
        label="Origins"
        hint={`Whose scripts may read its tokens, one in each line; empty: those of the redirect URIs.${ownPages}`}
        lines={2}
        isCode
        isOptional
      />
      <Checks
        {...bind(props, 'api_scopes')}
        label="What it may ask of the Client API"
        hint="Customers are asked for what it wants of it. Without any it only signs people in."
        choices={apiScopes}
      />
      {place.may('platform-owner') && (
        <Switch
          {...bind(props, 'first_party')}
          label="First-party"
          hint={`It is the business’s own: customers are not asked for permission, and it holds every scope.${kind === 'browser' ? ' Pages at its origins may sign people in by themselves, with the browser library.' : ''}`}
        />
      )}
      {kind === 'web' && (
        <Switch
          {...bind(props, 'pkce')}
          label="PKCE is required"
          hint="Turn it off only for an application that cannot do it."
        />
      )}
      <Addresses {...props} />
      {hasKeys && kind === 'web' && <Keys {...props} />}
    </>
  )
}

function Addresses(props: Props) {
  const address = { type: 'url', isCode: true, isOptional: true } as const
  return (
    <>
      <Field {...bind(props, 'home_uri')} {...address} label="Its own page" />
      <Field
        {...bind(props, 'initiate_login_uri')}
        {...address}
        label="Page that begins a sign-in"
        hint="Where somebody is sent whose sign-in has expired: it begins a new one."
      />
      <Field
        {...bind(props, 'back_channel_logout_uri')}
        {...address}
        label="Back-channel logout URI"
        hint="Its server is told there when a session is over."
      />
      <Field {...bind(props, 'policy_uri')} {...address} label="Privacy policy" />
      <Field {...bind(props, 'terms_uri')} {...address} label="Terms of service" />
    </>
  )
}

function Keys(props: Props) {
  return (
    <Field
      {...bind(props, 'jwks')}
      label="Public keys, in place of a secret"
      hint="A JWK set. Then it proves who it is by signatures (private_key_jwt), and by nothing else."
      lines={4}
      isCode
      isOptional
    />
  )
}
