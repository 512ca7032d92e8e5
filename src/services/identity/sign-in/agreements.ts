// Agreements: what somebody whose address is proven has to accept before they are signed in, and what they accepted.

import { type Clock, HOUR } from '../../../shared/clock.ts'
import type { Locale } from '../../../shared/locale.ts'
import type { AcceptableKind } from '../../../shared/policy-kinds.ts'
import { type Keyring, sha256 } from '../../../shared/secrets.ts'
import type { Ephemeral } from '../../../stores/ephemeral.ts'
import type { Organisation } from '../../../stores/organisations.ts'
import type { PolicyAcceptance, PolicyAcceptanceStore } from '../../../stores/policy-acceptances.ts'
import { askedPolicies, type Policies } from '../../organisations/policies.ts'
import { textFor } from '../../organisations/policy-texts.ts'

/** A sign-in whose code was right, and that nobody has told the engine of yet. */
export type ProvenSignIn = {
  accountId: string
  /** When the code was right, in milliseconds since 1970. */
  at: number
  remember: boolean
  /** The session ends then, whatever its life, in milliseconds since 1970: its code was a fixed one. */
  endsBy?: number
}

export type DuePolicy = {
  kind: AcceptableKind
  /** The version to show. */
  number: number
  /** Whether an earlier one was accepted. */
  hasChanged: boolean
}

/** Who signs in, to which client. */
type Person = { organisation: Organisation; account: string; client: { id: string } }

export type Agreements = {
  /**
   * What is to be accepted before this sign-in goes on. Where the organisation asks nothing, and for the
   * console, no store is asked.
   */
  due(person: Person): Promise<DuePolicy[]>
  /** Keeps the sign-in for an hour while its person reads. */
  hold(organisation: Organisation, challenge: string, proven: ProvenSignIn): Promise<void>
  /** The sign-in that waits; `undefined` when none does, or it would be over at once. Where the organisation asks nothing, no store is asked. */
  held(organisation: Organisation, challenge: string): Promise<ProvenSignIn | undefined>
  /**
   * Notes what was accepted: one row for each version, however often it is sent. `false`, and nothing is
   * noted, when what was shown is not all that is due any more.
   */
  accept(
    person: Person,
    accepted: {
      /** The versions that were shown. */
      numbers: { readonly [kind in AcceptableKind]?: number }
      locale: Locale
      source: string
    },
  ): Promise<boolean>
  /** What an account has accepted, the newest first; at most 100. */
  acceptancesOf(organisation: string, account: string): Promise<PolicyAcceptance[]>
}

/** More versions than anybody publishes: the newest ones decide. */
const MOST_ACCEPTANCES = 100
/** As long as the interaction that waits with it. */
const LIFE = HOUR

export function createAgreements(parts: {
  store: PolicyAcceptanceStore
  findVersion: Policies['find']
  /** The client of the operators, who are no customers there. */
  console: string
  ephemeral: Ephemeral
  keyring: Keyring
  clock: Clock
}): Agreements {
  const { store, ephemeral, keyring, clock } = parts
  const keyOf = (organisation: string, challenge: string): string =>
    `agreement:${sha256(`${organisation}/${challenge}`)}`
  /** Sealed: who may write to the store must not be able to sign anybody in. */
  const contextOf = (organisation: string, challenge: string) => ({
    context: organisation,
    bearer: challenge,
  })

  async function due({ organisation, account, client }: Person) {
    const asked = client.id === parts.console ? [] : askedPolicies(organisation)
    if (asked.length === 0) return []
    const accepted = await store.list(organisation._id, account, MOST_ACCEPTANCES)
    return asked.flatMap(({ kind, number, binding }) => {
      const earlier = accepted.filter((each) => each.kind === kind)
      const isAccepted = earlier.some((each) => each.number >= binding)
      return isAccepted ? [] : [{ kind, number, binding, hasChanged: earlier.length > 0 }]
    })
  }

  return {
    due,

    hold(organisation, challenge, proven) {
      const context = contextOf(organisation._id, challenge)
      const sealed = keyring.seal('seal:agreement', context, JSON.stringify(proven))
      return ephemeral.set(keyOf(organisation._id, challenge), sealed, LIFE)
    },

    async held(organisation, challenge) {
      if (askedPolicies(organisation).length === 0) return undefined
      const sealed = await ephemeral.get(keyOf(organisation._id, challenge))
      const context = contextOf(organisation._id, challenge)
      const clear = sealed && keyring.open('seal:agreement', context, sealed)
      if (!clear) return undefined
      const proven = JSON.parse(clear) as ProvenSignIn // we wrote it, see `hold`
      const isOver = proven.endsBy !== undefined && proven.endsBy <= clock.now()
      return isOver ? undefined : proven
    },

    async accept(person, { numbers, locale, source }) {
      const { organisation, account, client } = person
      const shown = await Promise.all(
        (await due(person)).map(async ({ kind, binding }) => {
          const number = numbers[kind] ?? 0
          if (number < binding) return undefined
          const version = await parts.findVersion(organisation._id, kind, number)
          const read = version && textFor(version.texts, { locale, fallback: organisation.locale })
          const hash = read && version.hashes[read.locale]
          if (!read || hash === undefined) return undefined
          return { kind, number, hash, locale: read.locale }
        }),
      )
      const rows = shown.filter((each) => each !== undefined)
      if (rows.length < shown.length) return false
      const common = { organisation: organisation._id, account, client: client.id, source }
      const at = clock.now()
      await Promise.all(rows.map((row) => store.add({ ...common, ...row, at })))
      return true
    },

    acceptancesOf: (organisation, account) => store.list(organisation, account, MOST_ACCEPTANCES),
  }
}
