// The draft of a policy: replaced, or written one language at a time, each on the version that was read.

import type { Clock } from '../../shared/clock.ts'
import { refuseFields } from '../../shared/errors.ts'
import type { PolicyKind } from '../../shared/policy-kinds.ts'
import { changeAsRead, requireVersion } from '../../shared/versions.ts'
import type { PolicyDraft, PolicyStore, PolicyTexts, PolicyVersion } from '../../stores/policies.ts'
import type { Audit, By } from '../audit/audit.ts'
import { textProblems } from './policy-texts.ts'

/** A policy as it stands: what customers read, and what is being written. */
export type PolicyState = { kind: PolicyKind; current?: PolicyVersion; draft?: PolicyDraft }

type Place = { organisation: string; kind: PolicyKind }
type Texts = { readonly [locale: string]: string }

/** See `Policies` for what those that write throw. */
export function createPolicyDrafts(parts: {
  store: Pick<PolicyStore, 'list' | 'findDraft' | 'saveDraft'>
  audit: Audit
  clock: Clock
}) {
  const { store, audit, clock } = parts

  /** `version` is what the caller has read, if they say so; `edit` makes the new texts of what is there. */
  async function change(
    { organisation, kind }: Place,
    { version, edit }: { version?: number | undefined; edit(is: PolicyState): Texts },
    by: By,
  ): Promise<PolicyDraft> {
    const saved = await changeAsRead(version, async () => {
      const standing = await state(organisation, kind)
      const found = standing.draft?.version ?? 0
      requireVersion(version, found)
      const texts = checked(edit(standing))
      return store.saveDraft({ organisation, kind, texts, version: found, at: clock.now() })
    })
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

    saveDraft: (
      place: Place,
      { texts, version }: { texts: Texts; version?: number | undefined },
      by: By,
    ): Promise<PolicyDraft> => change(place, { version, edit: () => texts }, by),

    writeDraft(
      place: Place,
      { locale, text, version }: { locale: string; text?: string; version?: number | undefined },
      by: By,
    ): Promise<PolicyDraft> {
      const edit = ({ current, draft }: PolicyState): Texts => {
        const base = draft && !isEmpty(draft.texts) ? draft.texts : current?.texts
        const { [locale]: _former, ...others }: Texts = { ...base }
        return text === undefined ? others : { ...others, [locale]: text }
      }
      return change(place, { version, edit }, by)
    },
  }
}

/** Throws `invalid_fields` with everything that is wrong. */
export function checked(texts: Texts): PolicyTexts {
  refuseFields(textProblems(texts))
  return { ...texts } // its languages have just been checked
}

export function isEmpty(texts: PolicyTexts): boolean {
  return Object.keys(texts).length === 0
}
