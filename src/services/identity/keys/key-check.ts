// Whether the signing keys of organisations open under `SECRET`, and when they rotate next. Nothing is changed.

import { type Clock, HOUR } from '../../../shared/clock.ts'
import { type Finding, ok, problem, warning } from '../../../shared/finding.ts'
import { instantOf } from '../../../shared/instants.ts'
import type { Keyring } from '../../../shared/secrets.ts'
import type { Organisation, OrganisationStore } from '../../../stores/organisations.ts'
import type { SigningKey, SigningKeyStore } from '../../../stores/signing-keys.ts'
import { openKey, sealNames } from './key-material.ts'
import { PUBLISHED_AHEAD, statesAt } from './key-schedule.ts'

/** So many organisations are looked at: two keys each open in a few milliseconds. */
const MOST = 200
/** A job that had no turn for so long has none at all. */
const LATE = HOUR

/** Looks at the keys of the default organisation and of others, in the order of their slugs, 200 in all. */
export async function checkKeys(parts: {
  organisations: Pick<OrganisationStore, 'list' | 'findDefault'>
  store: Pick<SigningKeyStore, 'list'>
  keyring: Keyring
  clock: Clock
}): Promise<Finding[]> {
  const { organisations, store } = parts
  const standard = await organisations.findDefault()
  if (!standard) return [ok('keys', 'there is no organisation yet: the first start makes it')]
  const listed = await organisations.list(MOST + 1)
  const isMore = listed.length > MOST
  const others = listed.filter(({ _id }) => _id !== standard._id).slice(0, MOST - 1)
  const findings: Finding[] = []
  let next = Number.POSITIVE_INFINITY
  let count = 0
  for (const organisation of [standard, ...others]) {
    const keys = await store.list(organisation._id)
    findings.push(...findingsOf(organisation, keys, parts))
    count += keys.length
    next = Math.min(next, ...keys.map(rotatesAt))
  }
  const looked = `${others.length + 1}${isMore ? ', not all,' : ''} ${others.length === 0 ? 'organisation' : 'organisations'}`
  return [
    ok('keys', `looked at ${count} keys of ${looked}${rotation(next)}`),
    ...(findings.length > 0 ? findings : [ok('keys.open', 'all of them open under SECRET')]),
  ]
}

function rotation(next: number): string {
  if (next === Number.POSITIVE_INFINITY) return ''
  return `; the next rotation is on ${instantOf(next)}`
}

/** When its successor signs; infinite when it has one. */
function rotatesAt({ retiresAt, dueAt }: SigningKey): number {
  if (retiresAt !== undefined || dueAt === undefined) return Number.POSITIVE_INFINITY
  return dueAt + PUBLISHED_AHEAD
}

function findingsOf(
  { slug }: Organisation,
  keys: readonly SigningKey[],
  { keyring, clock }: { keyring: Keyring; clock: Clock },
): Finding[] {
  const now = clock.now()
  const [newestSecret] = sealNames(keyring)
  return statesAt(keys, now).flatMap(({ key, state }) => {
    const name = `key ${key._id} of ${slug} (${key.alg}, ${state})`
    if (!opens(keyring, key)) return [closed(name, state === 'current' || state === 'next')]
    if (key.dueAt !== undefined && key.dueAt + LATE < now) return [late(name, key.dueAt)]
    if (key.sealedBy === newestSecret) return []
    return [
      ok('keys.seal', `${name} is sealed under an older value of SECRET: keep it listed for now`),
    ]
  })
}

function opens(keyring: Keyring, key: SigningKey): boolean {
  try {
    return openKey(keyring, key) !== undefined
  } catch {
    return false // opened, and too weak to be used
  }
}

function closed(name: string, isNeeded: boolean): Finding {
  const remedy =
    'Put the value of SECRET that it was sealed under back into the list, behind the current one. When it is lost, `foyer keys rotate --now` makes new keys.'
  return isNeeded
    ? problem('keys.open', `${name} does not open under SECRET: nothing can be signed.`, remedy)
    : warning('keys.open', `${name} does not open under SECRET: what it signed is refused.`, remedy)
}

function late(name: string, dueAt: number): Finding {
  return warning(
    'keys.rotation',
    `${name} was to be looked after on ${instantOf(dueAt)}.`,
    'A running server does that within minutes: start one, and look for errors of jobs in its log.',
  )
}
