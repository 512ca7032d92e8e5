// What an organisation lets applications register without an operator: the defaults, and what a policy may say.

import { type RegistrationPolicy, registrationMethods } from '../../../stores/registration.ts'
import { thirdPartyApiScopes } from './api-scopes.ts'

/** A preview is for a person who tries something out: operators make those. */
export const registrationKinds = ['web', 'browser', 'native', 'machine'] as const

const MAX_HOSTS = 50
/** A domain name, `localhost`, or an address; in lower case, as parsers print it. */
const HOST = /^(?:\[[0-9a-f:]+\]|[a-z0-9.-]{1,253})$/

const standard: RegistrationPolicy = {
  isOn: false,
  kinds: ['web', 'browser', 'native'],
  authMethods: registrationMethods,
  apiScopes: [],
  pkce: 'required',
}

/** What holds; where nothing was chosen, nothing may be registered. */
export function resolveRegistration(chosen?: RegistrationPolicy): RegistrationPolicy {
  return chosen ?? standard
}

/** What may be changed of it; `null` for hosts is any host. */
export type RegistrationEdit = {
  isOn?: boolean | undefined
  kinds?: readonly string[] | undefined
  authMethods?: readonly string[] | undefined
  apiScopes?: readonly string[] | undefined
  redirectHosts?: readonly string[] | null | undefined
  pkce?: RegistrationPolicy['pkce'] | undefined
}

type Problem = { path: string; message: string }

/** The policy with the edit, or everything that is wrong with it. */
export function editRegistration(
  policy: RegistrationPolicy,
  edit: RegistrationEdit,
): { policy: RegistrationPolicy } | { problems: Problem[] } {
  const { redirectHosts: former, ...kept } = policy
  const hosts = edit.redirectHosts === undefined ? former : (edit.redirectHosts ?? undefined)
  const kinds = among('kinds', registrationKinds, edit.kinds ?? policy.kinds)
  const methods = among('auth_methods', registrationMethods, edit.authMethods ?? policy.authMethods)
  const scopes = among('api_scopes', thirdPartyApiScopes, edit.apiScopes ?? policy.apiScopes)
  const problems = [
    ...[kinds, methods, scopes].flatMap((each) => each.problems),
    ...(kinds.known.length === 0 ? [{ path: 'kinds', message: 'at least one is needed' }] : []),
    ...hostProblems(hosts),
  ]
  if (problems.length > 0) return { problems }
  return {
    policy: {
      ...kept,
      isOn: edit.isOn ?? policy.isOn,
      pkce: edit.pkce ?? policy.pkce,
      kinds: kinds.known,
      authMethods: methods.known,
      apiScopes: scopes.known,
      ...(hosts && { redirectHosts: [...new Set(hosts)] }),
    },
  }
}

/** Each once, in the order of the table. */
function among<Value extends string>(
  path: string,
  table: readonly Value[],
  values: readonly string[],
): { known: Value[]; problems: Problem[] } {
  const unknown = values.filter((value) => !table.some((each) => each === value))
  return {
    known: table.filter((each) => values.includes(each)),
    problems:
      unknown.length > 0
        ? [{ path, message: `${unknown.join(', ')} is none of those there are` }]
        : [],
  }
}

function hostProblems(hosts: readonly string[] = []): Problem[] {
  if (hosts.length > MAX_HOSTS) return [{ path: 'redirect_hosts', message: `at most ${MAX_HOSTS}` }]
  return hosts.flatMap((host, index) =>
    HOST.test(host)
      ? []
      : [{ path: `redirect_hosts.${index}`, message: 'is no host name, such as app.example.com' }],
  )
}
