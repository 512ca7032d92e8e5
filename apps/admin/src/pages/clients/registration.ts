// What a registration asks for, and what of it is sent; problems are told by the API while one types.

import { useEffect, useState } from 'preact/hooks'
import type { FieldProblem } from '../../api.ts'
import { useOrganisation } from '../../state/operator.ts'
import { useParts } from '../../state/parts.ts'
import { type Client, type Kind, linesOf } from './client.ts'

export type Registration = {
  name: string
  redirect_uris: string
  post_logout_redirect_uris: string
  origins: string
  pkce: boolean
  api_scopes: readonly string[]
  first_party: boolean
  home_uri: string
  initiate_login_uri: string
  back_channel_logout_uri: string
  policy_uri: string
  terms_uri: string
  /** A date, of a preview. */
  ends: string
  /** A JWK set, in place of a secret. */
  jwks: string
}

const DAY = 24 * 60 * 60 * 1000
const dateOf = (at: number): string => new Date(at).toISOString().slice(0, 10)

export const emptyRegistration = (): Registration => ({
  name: '',
  redirect_uris: '',
  post_logout_redirect_uris: '',
  origins: '',
  pkce: true,
  api_scopes: [],
  first_party: false,
  home_uri: '',
  initiate_login_uri: '',
  back_channel_logout_uri: '',
  policy_uri: '',
  terms_uri: '',
  ends: dateOf(Date.now() + 30 * DAY),
  jwks: '',
})

/** A client’s own values, to be changed. */
export function registrationOf(client: Client): Registration {
  const lines = (addresses: readonly string[]): string => addresses.join('\n')
  return {
    ...emptyRegistration(),
    name: client.name,
    redirect_uris: lines(client.redirect_uris),
    post_logout_redirect_uris: lines(client.post_logout_redirect_uris),
    origins: lines(client.origins),
    pkce: client.pkce === 'required',
    api_scopes: client.api_scopes,
    first_party: client.first_party,
    home_uri: client.home_uri ?? '',
    initiate_login_uri: client.initiate_login_uri ?? '',
    back_channel_logout_uri: client.back_channel_logout_uri ?? '',
    policy_uri: client.policy_uri ?? '',
    terms_uri: client.terms_uri ?? '',
    ends: client.expires_at?.slice(0, 10) ?? '',
  }
}

const addresses = [
  'home_uri',
  'initiate_login_uri',
  'back_channel_logout_uri',
  'policy_uri',
  'terms_uri',
] as const

/** Of a machine only what a machine has; addresses that were left empty are not sent. */
export function newClientOf(kind: Kind, values: Registration): object {
  const isMachine = kind === 'machine'
  const origins = linesOf(values.origins)
  const given = addresses.filter((name) => values[name].trim() !== '' && !isMachine)
  return {
    kind,
    name: values.name,
    ...(!isMachine && {
      redirect_uris: linesOf(values.redirect_uris),
      post_logout_redirect_uris: linesOf(values.post_logout_redirect_uris),
      api_scopes: values.api_scopes,
      first_party: values.first_party,
    }),
    ...(origins.length > 0 && { origins }),
    ...Object.fromEntries(given.map((name) => [name, values[name].trim()])),
    ...(kind === 'web' && !values.pkce && { pkce: 'optional' }),
    ...(kind === 'preview' && values.ends && { expires_at: `${values.ends}T12:00:00Z` }),
    ...keysOf(kind, values.jwks),
  }
}

/** What differs from what is kept, as a merge patch. */
export function changeOf(client: Client, values: Registration): object {
  const kept = registrationOf(client)
  const wanted: { [field: string]: unknown } = {
    name: values.name,
    redirect_uris: linesOf(values.redirect_uris),
    post_logout_redirect_uris: linesOf(values.post_logout_redirect_uris),
    origins: linesOf(values.origins),
    pkce: values.pkce ? 'required' : 'optional',
    api_scopes: values.api_scopes,
    first_party: values.first_party,
    ...Object.fromEntries(addresses.map((name) => [name, values[name].trim() || null])),
    expires_at: `${values.ends}T12:00:00Z`,
  }
  const names: readonly (keyof Registration)[] = [
    ...['name', 'redirect_uris', 'post_logout_redirect_uris', 'origins', 'pkce'],
    ...['api_scopes', 'first_party', ...addresses, 'ends'],
  ] as (keyof Registration)[] // each is one
  const changed = names.filter(
    (name) => JSON.stringify(values[name]) !== JSON.stringify(kept[name]),
  )
  return Object.fromEntries(
    changed.map((name) => {
      const field = name === 'ends' ? 'expires_at' : name
      return [field, wanted[field]]
    }),
  )
}

function keysOf(kind: Kind, text: string): object {
  if ((kind !== 'web' && kind !== 'machine') || text.trim() === '') return {}
  try {
    return { jwks: JSON.parse(text) }
  } catch {
    return { jwks: { keys: [] } } // the API says of it what is wrong
  }
}

/** How long one has stopped typing, in milliseconds, before what stands there is looked at. */
const PAUSE = 400

/** What the API would refuse of it, looked up while one types: the first sentence for each field that has something in it. */
export function useLiveCheck(kind: Kind, values: Registration): { [field: string]: string } {
  const { api } = useParts()
  const place = useOrganisation()
  const [problems, setProblems] = useState<readonly FieldProblem[]>([])
  const body = newClientOf(kind, values)
  const identity = JSON.stringify(body)
  useEffect(() => {
    let isOver = false
    const look = async (): Promise<void> => {
      const path = place.api('/clients/check')
      const found = await api
        .send<{ problems: FieldProblem[]; warnings: FieldProblem[] }>('POST', path, { body })
        .catch(() => undefined) // sending it will tell
      if (found && !isOver) setProblems([...found.problems, ...found.warnings])
    }
    const timer = setTimeout(look, PAUSE)
    return () => {
      isOver = true
      clearTimeout(timer)
    }
  }, [identity])
  const texts = new Map<string, unknown>(Object.entries(values))
  const told = problems.map(({ path, message }) => ({ name: path.split('.')[0] ?? '', message }))
  return Object.fromEntries(
    told.filter(({ name }) => texts.get(name)).map((each) => [each.name, each.message]),
  )
}
