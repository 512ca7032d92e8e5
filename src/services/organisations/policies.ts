// Policies: terms, privacy and refund of an organisation, drafted, published as versions that stay, and rolled back.

import type { Clock } from '../../shared/clock.ts'
import type { Cursors } from '../../shared/cursors.ts'
import { invalidField } from '../../shared/errors.ts'
import { type Locale, pickLocale } from '../../shared/locale.ts'
import { type Page, type PageRequest, pageBy } from '../../shared/pages.ts'
import {
  type AcceptableKind,
  acceptableKinds,
  type PolicyKind,
  policyKinds,
} from '../../shared/policy-kinds.ts'
import { changeAsRead, requireVersion } from '../../shared/versions.ts'
import type { Organisation } from '../../stores/organisations.ts'
import type { PolicyDraft, PolicyStore, PolicyTexts, PolicyVersion } from '../../stores/policies.ts'
import { policyVersionId } from '../../stores/policies.ts'
import type { Audit, By } from '../audit/audit.ts'
import type { Organisations } from './organisations.ts'
import { checked, createPolicyDrafts, isEmpty, type PolicyState } from './policy-drafts.ts'
import { hashText } from './policy-texts.ts'

/** What to publish: the draft, the texts of an older version, or texts that come from outside. */
export type PublishedTexts =
  /** `draft` is the version of the draft that was read; left out, whichever there is. */
  { draft?: number } | { repeats: number } | { texts: { readonly [locale: string]: string } }

export type Policies = {
  /** Every kind, published or not. */
  overview(organisation: string): Promise<PolicyState[]>
  state(organisation: string, kind: PolicyKind): Promise<PolicyState>
  /**
   * Replaces the draft; no texts at all throw it away. `version` is the one that was read, 0 for none; left
   * out, whichever there is. Throws `invalid_fields`, and `precondition_failed` when it is another by now.
   */
  saveDraft(
    place: { organisation: string; kind: PolicyKind },
    draft: { texts: { readonly [locale: string]: string }; version?: number | undefined },
    by: By,
  ): Promise<PolicyDraft>
  /**
   * Writes one language of the draft, or takes it out where there is no text. A draft begins with the texts of
   * the newest version, so that the other languages stay. Throws as `saveDraft` does.
   */
  writeDraft(
    place: { organisation: string; kind: PolicyKind },
    draft: { locale: string; text?: string; version?: number | undefined },
    by: By,
  ): Promise<PolicyDraft>
  /**
   * Makes the next version, which every process shows within seconds. The first one always needs acceptance.
   * Throws `invalid_fields` when the organisation's own language is missing or there is nothing to publish,
   * and `precondition_failed` when the draft is another by now.
   */
  publish(
    place: { organisation: string; kind: PolicyKind },
    what: PublishedTexts & { needsAcceptance: boolean },
    by: By,
  ): Promise<PolicyVersion>
  find(organisation: string, kind: PolicyKind, number: number): Promise<PolicyVersion | undefined>
  /** The newest first. Throws `bad_request` for a cursor that is none of this list. */
  versions(
    organisation: string,
    kind: PolicyKind,
    request: PageRequest,
  ): Promise<Page<PolicyVersion>>
  /** What customers accept before they are signed in. Throws `invalid_fields` for a kind that cannot be asked. */
  ask(organisation: string, kinds: readonly string[], by: By): Promise<Organisation>
}

export function createPolicies(parts: {
  store: PolicyStore
  organisations: Pick<Organisations, 'change' | 'renew'>
  cursors: Cursors
  audit: Audit
  clock: Clock
}): Policies {
  const { store, organisations, cursors, audit, clock } = parts
  const drafts = createPolicyDrafts(parts)

  /** The texts to publish, and the draft that they are taken from. */
  async function read(
    { organisation, kind }: { organisation: string; kind: PolicyKind },
    what: PublishedTexts,
  ): Promise<{ texts: PolicyTexts; repeats?: number; draft?: PolicyDraft }> {
    if ('texts' in what) return { texts: checked(what.texts) }
    if ('repeats' in what) {
      const older = await store.find(organisation, kind, what.repeats)
      if (!older) throw invalidField('version', `is no version of ${kind}`)
      return { texts: older.texts, repeats: older.number }
    }
    const draft = await store.findDraft(organisation, kind)
    requireVersion(what.draft, draft?.version ?? 0)
    if (!draft || isEmpty(draft.texts))
      throw invalidField('draft', `is empty: there is no new ${kind}`)
    return { texts: draft.texts, draft }
  }

  /** `undefined` when the draft was changed, or another version published, since it was read. */
  async function tryToPublish(
    place: { organisation: string; kind: PolicyKind },
    what: PublishedTexts & { needsAcceptance: boolean },
    by: By,
  ): Promise<PolicyVersion | undefined> {
    const { organisation, kind } = place
    const [owner, { texts, repeats, draft }] = await Promise.all([
      organisations.renew(organisation),
      read(place, what),
    ])
    const own = pickLocale([], owner.locale)
    if (texts[own] === undefined)
      throw invalidField(`texts.${own}`, 'is missing: it is the language of the organisation')
    const former = owner.policies?.[kind]
    const number = (former?.number ?? 0) + 1
    const version: PolicyVersion = {
      _id: policyVersionId({ organisation, kind, number }),
      organisation,
      kind,
      number,
      texts,
      hashes: hashesOf(texts),
      needsAcceptance: what.needsAcceptance || number === 1,
      ...(repeats !== undefined && { repeats }),
      publishedAt: clock.now(),
      publishedBy: by.actor,
    }
    return (await store.publish(version, { former, draft })) ? version : undefined
  }

  return {
    ...drafts,
    overview: (organisation) =>
      Promise.all(policyKinds.map((kind) => drafts.state(organisation, kind))),

    async publish(place, what, by) {
      const { organisation, kind } = place
      const version = await changeAsRead(undefined, () => tryToPublish(place, what, by))
      await organisations.renew(organisation)
      const { number: made, hashes, needsAcceptance, repeats } = version
      await audit.record({
        organisation,
        action: 'policy.published',
        target: `${kind}/${made}`,
        after: { number: made, hashes, needsAcceptance, ...(repeats && { repeats }) },
        ...by,
      })
      return version
    },

    find: store.find,

    versions(organisation, kind, request) {
      const list = { list: `policies/${kind}`, organisation, owner: '' }
      return pageBy(
        { cursors, list, ...request },
        ({ number }) => ({ at: number, id: kind }),
        ({ limit, after }) =>
          store.list(organisation, kind, { limit, ...(after && { before: after.at }) }),
      )
    },

    async ask(organisation, kinds, by) {
      const asked = acceptableKinds.filter((kind) => kinds.includes(kind))
      const unknown = kinds.filter((kind) => !asked.some((each) => each === kind))
      if (unknown.length > 0)
        throw invalidField(
          'kinds',
          `may be ${acceptableKinds.join(' and ')}, not ${unknown.join(', ')}`,
        )
      const { asksAcceptance: former = [] } = await organisations.renew(organisation)
      const changed = await organisations.change(organisation, { asksAcceptance: asked })
      await audit.record({
        organisation,
        action: 'organisation.settings-changed',
        target: 'asksAcceptance',
        before: { asksAcceptance: former },
        after: { asksAcceptance: asked },
        ...by,
      })
      return changed
    },
  }
}

/** What this organisation asks and has published: those are accepted before anybody is signed in. */
export function askedPolicies({
  asksAcceptance = [],
  policies = {},
}: Pick<Organisation, 'asksAcceptance' | 'policies'>): {
  kind: AcceptableKind
  number: number
  binding: number
}[] {
  return asksAcceptance.flatMap((kind) => {
    const published = policies[kind]
    return published ? [{ kind, ...published }] : []
  })
}

function hashesOf(texts: PolicyTexts): PolicyVersion['hashes'] {
  const entries = Object.entries(texts).map(([locale, text]) => [locale, hashText(text)] as const)
  return Object.fromEntries<string>(entries) satisfies { [locale in Locale]?: string }
}
