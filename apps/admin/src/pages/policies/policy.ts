// A policy as the console shows it: what the kinds and languages are called, and its draft as the values of a form.

import type { adminApi } from '@foyer/contract'

type Api = typeof adminApi.policies

export type Policy = adminApi.DataOf<Api['listPolicies']>['items'][number]
export type Policies = adminApi.DataOf<Api['listPolicies']>
export type PolicyVersion = adminApi.DataOf<Api['listPolicyVersions']>['items'][number]
export type PolicyTexts = adminApi.DataOf<Api['publishPolicy']>
export type PolicyDraft = adminApi.DataOf<Api['showPolicyDraft']>
export type Kind = Policy['kind']
export type Language = PolicyVersion['languages'][number]

export const kinds: { readonly [kind in Kind]: { title: string; detail: string } } = {
  terms: { title: 'Terms of service', detail: 'What customers and you owe each other.' },
  privacy: { title: 'Privacy policy', detail: 'What you do with what you know of them.' },
  refund: { title: 'Refund policy', detail: 'When they get their money back.' },
}

export const languages: readonly { value: Language; label: string }[] = [
  { value: 'en', label: 'English' },
  { value: 'de', label: 'Deutsch' },
  { value: 'ar', label: 'العربية' },
]

export function languageNames(all: readonly Language[]): string {
  return languages
    .filter(({ value }) => all.includes(value))
    .map(({ label }) => label)
    .join(', ')
}

/** One text for each language, empty where there is none. */
export type Texts = { [language in Language]: string }

export function textsOf(texts: { readonly [language in Language]?: string }): Texts {
  const { en = '', de = '', ar = '' } = texts
  return { en, de, ar }
}

/** The service has the same number. */
const MAX_KILOBYTES = 64

export function textProblem(text: string): string | undefined {
  const bytes = new TextEncoder().encode(text).length
  return bytes > MAX_KILOBYTES * 1024
    ? `A text has at most ${MAX_KILOBYTES} kB; this one has ${Math.ceil(bytes / 1024)}.`
    : undefined
}

/** From the `ETag` of a draft. */
export function numberOf(version: string | undefined): number {
  return Number(/\d+/.exec(version ?? '')?.[0] ?? 0)
}
