// The draft of a policy: replaced, or written one language at a time, each on the version that was read.

import type { Clock } from '../../shared/clock.ts'
import { AppError, refuseFields } from '../../shared/errors.ts'
import type { PolicyKind } from '../../shared/policy-kinds.ts'
import type { PolicyDraft, PolicyStore, PolicyTexts, PolicyVersion } from '../../stores/policies.ts'
import type { Audit, By } from '../audit/audit.ts'
import { textProblems } from './policy-texts.ts'

/** A policy as it stands: what customers read, and what is being written. */
export type PolicyState = { kind: PolicyKind; current?: PolicyVersion; draft?: PolicyDraft }

type Place = { organisation: string; kind: PolicyKind }

/** See `Policies` for what those that write throw. */
export function createPolicyDrafts(parts: {
  store: Pick<PolicyStore, 'list' | 'findDraft' | 'saveDraft'>
  audit: Audit
  clock: Clock
}) {
  const { store, audit, clock } = parts

  /** On the draft that was found: `version` is what the caller has read, if they say so. */
  async function save(
    { organisation, kind }: Place,
    draft: {
      texts: { readonly [locale: string]: string }
      version?: number | undefined
      found: number
    },
    by: By,
  ): Promise<PolicyDraft> {
    const { version, found } = draft
    if (version !== undefined && version !== found) throw new AppError('precondition_failed')
    const texts = checked(draft.texts)
    const at = clock.now()
    const saved = await store.saveDraft({ organisation, kind, texts, version: found, at })
    if (!saved) throw new AppError(version === undefined ? 'conflict' : 'precondition_failed')
    await audit.record({ organisation, action: 'policy.draft-changed', target: kind, ...by })
    return saved
  }

  async function state(organisation: string, kind: PolicyKind): Promise<PolicyState> {
    const [[current], draft] = await Promise.all([
      store.list(organisation, kind, { limit: 1 }),
      store.findDraft(organisation, kind),
    ])
    return { kind, ...(current && { current }), ...(draft && { draft }) }
  }

  return {
    state,

    async saveDraft(
      place: Place,
      {
        texts,
        version,
      }: { texts: { readonly [locale: string]: string }; version?: number | undefined },
      by: By,
    ): Promise<PolicyDraft> {
      const standing = await store.findDraft(place.organisation, place.kind)
      return save(place, { texts, version, found: standing?.version ?? 0 }, by)
    },

    async writeDraft(
      place: Place,
      { locale, text, version }: { locale: string; text?: string; version?: number | undefined },
      by: By,
    ): Promise<PolicyDraft> {
      const { current, draft } = await state(place.organisation, place.kind)
      const base = draft && !isEmpty(draft.texts) ? draft.texts : current?.texts
      const { [locale]: _former, ...others }: { [locale: string]: string } = { ...base }
      const texts = text === undefined ? others : { ...others, [locale]: text }
      return save(place, { texts, version, found: draft?.version ?? 0 }, by)
    },
  }
}

/** Throws `invalid_fields` with everything that is wrong. */
export function checked(texts: { readonly [locale: string]: string }): PolicyTexts {
  refuseFields(textProblems(texts))
  return { ...texts } // its languages have just been checked
}

export function isEmpty(texts: PolicyTexts): boolean {
  return Object.keys(texts).length === 0
}
