// Policies in the Admin API: drafts, versions, and what customers are asked to accept.

import { z } from 'zod'
import { instant, pageOf, pageQuery } from '../shapes.ts'
import { operation } from './operation.ts'
import { publication, published } from './versions.ts'

const POLICIES = '/organisations/{slug}/policies'
const TAG = 'Policies'

const kind = z.enum(['terms', 'privacy', 'refund'])
const language = z.enum(['en', 'de', 'ar'])
const texts = z
  .partialRecord(language, z.string())
  .meta({ description: 'Markdown, by language.', examples: [{ en: '# Terms' }] })

const version = z
  .object({
    kind,
    number: z.int().min(1),
    languages: z.array(language),
    sha256: z
      .partialRecord(language, z.string())
      .meta({ description: 'Of each text, in hexadecimal digits.' }),
    needs_acceptance: z
      .boolean()
      .meta({ description: 'Who accepted an earlier version is asked again.' }),
    repeats: z.int().nullable().meta({
      description: 'The older version whose texts these are, when it was rolled back to.',
    }),
    ...published,
    address: z.string().meta({ description: 'Where everybody reads it.' }),
  })
  .meta({ id: 'PolicyVersion' })

const versionWithTexts = version.extend({ texts }).meta({ id: 'PolicyVersionWithTexts' })

const draft = z
  .object({
    kind,
    texts: texts.meta({ description: 'Markdown, by language; empty where nothing is drafted.' }),
    updated_at: instant.nullable(),
  })
  .meta({ id: 'PolicyDraft' })

const policy = z
  .object({
    kind,
    current: version.nullable().meta({ description: 'The newest version.' }),
    asked: z.boolean().meta({ description: 'Customers accept it before they are signed in.' }),
    drafted: z
      .array(language)
      .meta({ description: 'The languages of the draft; none where there is no draft.' }),
    draft_version: z.int().meta({ description: 'What `If-Match` compares: 0 before the first.' }),
  })
  .meta({ id: 'Policy' })

/** Of one text, in bytes of UTF-8; the service has the same number. */
export const MAX_POLICY_BYTES = 64 * 1024

export const listPolicies = operation({
  id: 'listPolicies',
  method: 'GET',
  path: POLICIES,
  tag: TAG,
  summary: 'List the policies',
  description: 'Terms, privacy and refund: each stands in the list, published or not.',
  needs: ['read', 'policies'],
  answer: pageOf(policy),
})

export const showPolicyDraft = operation({
  id: 'showPolicyDraft',
  method: 'GET',
  path: `${POLICIES}/{kind}/draft`,
  tag: TAG,
  summary: 'Read a draft',
  needs: ['read', 'policies'],
  answer: draft,
  versioned: true,
})

export const savePolicyDraft = operation({
  id: 'savePolicyDraft',
  method: 'PUT',
  path: `${POLICIES}/{kind}/draft/{language}`,
  tag: TAG,
  summary: 'Write a draft in one language',
  description:
    'Where nothing is drafted yet, the draft begins with the texts of the newest version, so that its other languages stay. Customers see nothing of it before it is published.',
  needs: ['change', 'policies'],
  bytes: { types: ['text/markdown'], maxBytes: MAX_POLICY_BYTES },
  answer: draft,
  versioned: true,
})

export const removePolicyDraftText = operation({
  id: 'removePolicyDraftText',
  method: 'DELETE',
  path: `${POLICIES}/{kind}/draft/{language}`,
  tag: TAG,
  summary: 'Take one language out of a draft',
  needs: ['change', 'policies'],
  answer: draft,
  versioned: true,
})

export const removePolicyDraft = operation({
  id: 'removePolicyDraft',
  method: 'DELETE',
  path: `${POLICIES}/{kind}/draft`,
  tag: TAG,
  summary: 'Throw a draft away',
  needs: ['change', 'policies'],
  answer: draft,
  versioned: true,
})

export const showPolicyPreview = operation({
  id: 'showPolicyPreview',
  method: 'GET',
  path: `${POLICIES}/{kind}/draft/{language}/preview`,
  tag: TAG,
  summary: 'Frame what a draft looks like',
  description:
    'The page of the saved draft in one language, with a policy of its own that lets the console show it in a frame.',
  needs: ['read', 'policies'],
  answer: z.string(),
  produces: 'text/html',
})

export const listPolicyVersions = operation({
  id: 'listPolicyVersions',
  method: 'GET',
  path: `${POLICIES}/{kind}/versions`,
  tag: TAG,
  summary: 'List the versions of a policy',
  description: 'The newest first, without their texts.',
  needs: ['read', 'policies'],
  query: pageQuery,
  answer: pageOf(version),
})

export const showPolicyVersion = operation({
  id: 'showPolicyVersion',
  method: 'GET',
  path: `${POLICIES}/{kind}/versions/{number}`,
  tag: TAG,
  summary: 'Read a version with its texts',
  needs: ['read', 'policies'],
  answer: versionWithTexts,
})

export const publishPolicy = operation({
  id: 'publishPolicy',
  method: 'POST',
  path: `${POLICIES}/{kind}/versions`,
  tag: TAG,
  summary: 'Publish the draft, or an older version again',
  description:
    'Makes the next version, in all its languages at once; it never changes. The language of the organisation has to be among them. With `repeats` it rolls back: the texts of that version become the newest one.',
  needs: ['change', 'policies'],
  body: z.strictObject({
    needs_acceptance: z.boolean().meta({
      description: 'Whether who accepted an earlier version is asked again. The first is always.',
    }),
    ...publication,
  }),
  answer: versionWithTexts,
  status: 201,
  idempotent: true,
  refuses: ['precondition_failed'],
})

export const setPolicyAcceptance = operation({
  id: 'setPolicyAcceptance',
  method: 'PUT',
  path: `${POLICIES}/acceptance`,
  tag: TAG,
  summary: 'Choose what customers accept',
  description:
    'Before they are signed in, once it is published: at their first sign-in, and after a version that needs it.',
  needs: ['change', 'policies'],
  body: z.strictObject({ kinds: z.array(z.enum(['terms', 'privacy'])).max(2) }),
  answer: z.object({ kinds: z.array(z.enum(['terms', 'privacy'])) }),
})

const acceptance = z
  .object({
    kind: z.enum(['terms', 'privacy']),
    number: z.int().min(1),
    sha256: z.string().meta({ description: 'Of the text that was offered.' }),
    language,
    accepted_at: instant,
    source: z.string().meta({ description: 'Address of the request.' }),
    client_id: z.string().meta({ description: 'What they signed in to.' }),
  })
  .meta({ id: 'PolicyAcceptance' })

export const listAcceptances = operation({
  id: 'listAcceptances',
  method: 'GET',
  path: '/organisations/{slug}/accounts/{id}/acceptances',
  tag: TAG,
  summary: 'List what an account has accepted',
  description: 'The newest first, at most 100: one for each version.',
  needs: ['read', 'accounts'],
  answer: pageOf(acceptance),
})
