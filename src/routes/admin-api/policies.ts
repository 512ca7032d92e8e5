// Policies: drafts, versions, what customers are asked to accept, and what they accepted.

import { isUtf8 } from 'node:buffer'
import { adminApi } from '@foyer/contract'
import { onlyPage, pageData } from '../../http/pages.ts'
import type { Agreements } from '../../services/identity/sign-in/agreements.ts'
import type { Policies } from '../../services/organisations/policies.ts'
import { AppError } from '../../shared/errors.ts'
import { instantOf } from '../../shared/instants.ts'
import { type Locale, locales } from '../../shared/locale.ts'
import { type PolicyKind, policyKinds } from '../../shared/policy-kinds.ts'
import type { Organisation } from '../../stores/organisations.ts'
import type { PolicyDraft, PolicyVersion } from '../../stores/policies.ts'
import type { PolicyAcceptance } from '../../stores/policy-acceptances.ts'
import { policyData, policyVersionData } from './policy-messages.ts'
import { sendPreview } from './previews.ts'
import type { Routes } from './serve.ts'

const api = adminApi.policies

/** The whole page of a text that is not published, as its version would be. */
export type DrawPolicyPreview = (
  organisation: Organisation,
  draft: { kind: PolicyKind; locale: Locale; text: string; number: number },
) => string

export function policyRoutes(parts: {
  policies: Policies
  acceptancesOf: Agreements['acceptancesOf']
  findAccount(organisation: string, id: string): Promise<object | undefined>
  issuerOf(organisation: Organisation): string
  drawPreview: DrawPolicyPreview
}): Routes {
  const { policies } = parts
  const shown = (organisation: Organisation, version: PolicyVersion) =>
    policyVersionData(version, parts.issuerOf(organisation))
  const placeOf = ({ _id }: Organisation, params: { kind: string }) => ({
    organisation: _id,
    kind: kindOf(params.kind),
  })

  return (serve) => {
    serve(api.listPolicies, async ({ organisation }) => {
      const states = await policies.overview(organisation._id)
      const issuer = parts.issuerOf(organisation)
      return onlyPage(states.map((state) => policyData(state, { organisation, issuer })))
    })

    serve(api.showPolicyDraft, async ({ organisation, params }) => {
      const { organisation: id, kind } = placeOf(organisation, params)
      return draftShown(kind, (await policies.state(id, kind)).draft)
    })

    serve(api.savePolicyDraft, async ({ organisation, params, body, version, by }) => {
      const place = placeOf(organisation, params)
      const draft = { locale: languageOf(params.language), text: textOf(body), version }
      return draftShown(place.kind, await policies.writeDraft(place, draft, by))
    })

    serve(api.removePolicyDraftText, async ({ organisation, params, version, by }) => {
      const place = placeOf(organisation, params)
      const draft = { locale: languageOf(params.language), version }
      return draftShown(place.kind, await policies.writeDraft(place, draft, by))
    })

    serve(api.removePolicyDraft, async ({ organisation, params, version, by }) => {
      const place = placeOf(organisation, params)
      return draftShown(place.kind, await policies.saveDraft(place, { texts: {}, version }, by))
    })

    serve(api.showPolicyPreview, async ({ ctx, organisation, params }) => {
      const { organisation: id, kind } = placeOf(organisation, params)
      const locale = languageOf(params.language)
      const { current, draft } = await policies.state(id, kind)
      const text = draft?.texts[locale]
      if (text === undefined) throw new AppError('not_found')
      const number = (current?.number ?? 0) + 1
      sendPreview(ctx, parts.drawPreview(organisation, { kind, locale, text, number }))
      return undefined
    })

    serve(api.listPolicyVersions, async ({ organisation, params, query }) => {
      const { organisation: id, kind } = placeOf(organisation, params)
      const { limit, cursor } = query
      const page = await policies.versions(id, kind, { limit, cursor })
      return pageData(page, (version) => shown(organisation, version))
    })

    serve(api.showPolicyVersion, async ({ organisation, params }) => {
      const { organisation: id, kind } = placeOf(organisation, params)
      const version = await policies.find(id, kind, numberOf(params.number))
      if (!version) throw new AppError('not_found')
      return { ...shown(organisation, version), texts: version.texts }
    })

    serve(api.publishPolicy, async ({ organisation, params, body, by }) => {
      const { needs_acceptance: needsAcceptance, repeats, draft_version: draft } = body
      const what = repeats === undefined ? { ...(draft !== undefined && { draft }) } : { repeats }
      const place = placeOf(organisation, params)
      const version = await policies.publish(place, { ...what, needsAcceptance }, by)
      return { ...shown(organisation, version), texts: version.texts }
    })

    serve(api.setPolicyAcceptance, async ({ organisation, body, by }) => {
      const { asksAcceptance = [] } = await policies.ask(organisation._id, body.kinds, by)
      return { kinds: [...asksAcceptance] }
    })

    serve(api.listAcceptances, async ({ organisation, params }) => {
      const account = await parts.findAccount(organisation._id, params.id)
      if (!account) throw new AppError('not_found')
      const rows = await parts.acceptancesOf(organisation._id, params.id)
      return onlyPage(rows.map(acceptanceShown))
    })
  }
}

function draftShown(kind: PolicyKind, draft: PolicyDraft | undefined) {
  const updated = draft && instantOf(draft.updatedAt)
  const data = { kind, texts: draft?.texts ?? {}, updated_at: updated ?? null }
  return { data, version: draft?.version ?? 0 }
}

function acceptanceShown(row: PolicyAcceptance) {
  return {
    kind: row.kind,
    number: row.number,
    sha256: row.hash,
    language: row.locale,
    accepted_at: instantOf(row.at),
    source: row.source,
    client_id: row.client,
  }
}

function kindOf(text: string): PolicyKind {
  const kind = policyKinds.find((each) => each === text)
  if (!kind) throw new AppError('not_found')
  return kind
}

function languageOf(text: string): Locale {
  const locale = locales.find((each) => each === text)
  if (!locale) throw new AppError('not_found')
  return locale
}

function numberOf(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new AppError('not_found')
  return Number(text)
}

function textOf(bytes: Uint8Array): string {
  if (!isUtf8(bytes)) throw new AppError('bad_request', { message: 'The body is not UTF-8' })
  return new TextDecoder('utf-8', { ignoreBOM: false }).decode(bytes)
}
