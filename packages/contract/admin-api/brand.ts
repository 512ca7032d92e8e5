// Brands in the Admin API: the draft, whether it can be read, its pictures, versions, and a preview.

import { z } from 'zod'
import { instant, pageOf, pageQuery } from '../shapes.ts'
import { operation } from './operation.ts'
import { publication, published } from './versions.ts'

const BRAND = '/organisations/{slug}/brand'
const TAG = 'Brand'

const hex = z
  .string()
  .regex(/^#[0-9a-fA-F]{6}$/)
  .meta({ description: 'Six hexadecimal digits.', examples: ['#21493d'] })
const scheme = z.enum(['light', 'dark'])
const language = z.enum(['en', 'de', 'ar'])

const colours = z
  .strictObject({
    accent: hex.meta({ description: 'Of the button that leads on.' }),
    background: hex,
    text: hex,
    accent_text: hex
      .nullable()
      .meta({ description: 'On the button; null for whichever colour reads best.' }),
    link: hex.nullable().meta({ description: 'Of links; null for the accent.' }),
  })
  .meta({ id: 'BrandColours' })

const look = {
  colours: z.strictObject({ light: colours, dark: colours }),
  corners: z.enum(['square', 'small', 'medium', 'large', 'round']),
  font: z
    .enum(['classic', 'system', 'serif', 'humanist', 'geometric', 'rounded'])
    .meta({ description: 'Typefaces that machines have; nothing is fetched.' }),
}
const tokens = z.strictObject(look).meta({ id: 'BrandTokens' })

/** In an address: what is longer is none of these. */
const MAX_TOKENS = 1000

const inJson = <Shape extends z.ZodType>(shape: Shape) =>
  z
    .string()
    .max(MAX_TOKENS)
    .transform((text, context): unknown => {
      try {
        return JSON.parse(text)
      } catch {
        context.addIssue('is no JSON')
        return z.NEVER
      }
    })
    .pipe(shape)

const picture = z
  .object({
    address: z.string().meta({ description: 'A PNG; what it shows never changes.' }),
    width: z.int().meta({ description: 'Pixels, twice as many as it is shown with.' }),
    height: z.int(),
  })
  .meta({ id: 'BrandPicture' })

const brand = z
  .object({
    ...look,
    pictures: z.object({
      logo: picture.nullable(),
      logo_dark: picture.nullable(),
      favicon: picture.nullable(),
      mail_header: picture.nullable(),
    }),
  })
  .meta({ id: 'Brand' })

const contrast = z
  .object({
    passes: z.boolean().meta({ description: 'Every pair does: it can be published as it is.' }),
    checks: z.array(
      z.object({
        scheme,
        colour: z.enum(['text', 'accent_text', 'link']),
        on: z.enum(['background', 'accent']),
        foreground: hex,
        ground: hex,
        ratio: z.number().meta({ description: 'Cut to two places.', examples: [4.49] }),
        passes: z.boolean().meta({ description: 'At least 4.5:1 (WCAG 2.2, 1.4.3).' }),
        suggestion: hex.meta({ description: 'The nearest colour that passes.' }),
      }),
    ),
  })
  .meta({ id: 'BrandContrast' })

const version = brand
  .extend({
    number: z.int().min(1),
    repeats: z.int().nullable().meta({ description: 'The older version that was rolled back to.' }),
    ...published,
  })
  .meta({ id: 'BrandVersion' })

const state = z
  .object({
    published: version
      .nullable()
      .meta({ description: 'What customers see; null is the house’s own look.' }),
    draft: brand,
    updated_at: instant.nullable(),
    contrast: contrast.meta({ description: 'Of the draft.' }),
  })
  .meta({ id: 'BrandState' })

/** Of a picture as it is uploaded; the command line has the same number. */
export const MAX_PICTURE_BYTES = 1024 * 1024

export const showBrand = operation({
  id: 'showBrand',
  method: 'GET',
  path: BRAND,
  tag: TAG,
  summary: 'Read the brand',
  description:
    'What is published, the draft, and whether all of it can be read. The `ETag` is the draft’s.',
  needs: ['read', 'brand'],
  answer: state,
  versioned: true,
})

export const saveBrandDraft = operation({
  id: 'saveBrandDraft',
  method: 'PUT',
  path: `${BRAND}/draft`,
  tag: TAG,
  summary: 'Write the draft',
  description: 'Its pictures stay. Customers see nothing of it before it is published.',
  needs: ['change', 'brand'],
  body: tokens,
  answer: state,
  versioned: true,
})

export const setBrandPicture = operation({
  id: 'setBrandPicture',
  method: 'PUT',
  path: `${BRAND}/draft/pictures/{place}`,
  tag: TAG,
  summary: 'Put a picture into the draft',
  description:
    '`place` is `logo`, `logo_dark`, `favicon` or `mail_header`. The picture is drawn anew as a PNG: at most 16 million pixels, of an SVG without entities and pictures inside. The content says what it is, whatever the content type.',
  needs: ['change', 'brand'],
  bytes: {
    types: ['image/png', 'image/jpeg', 'image/webp', 'image/svg+xml'],
    maxBytes: MAX_PICTURE_BYTES,
  },
  answer: state,
  versioned: true,
})

export const removeBrandPicture = operation({
  id: 'removeBrandPicture',
  method: 'DELETE',
  path: `${BRAND}/draft/pictures/{place}`,
  tag: TAG,
  summary: 'Take a picture out of the draft',
  needs: ['change', 'brand'],
  answer: state,
  versioned: true,
})

export const publishBrand = operation({
  id: 'publishBrand',
  method: 'POST',
  path: `${BRAND}/versions`,
  tag: TAG,
  summary: 'Publish the draft, or an older version again',
  description:
    'Makes the next version; pages and mails follow within seconds. Refused when something could not be read, unless it is adjusted. With `repeats` it rolls back, and the draft stays.',
  needs: ['change', 'brand'],
  body: z.strictObject({
    adjust: z
      .boolean()
      .optional()
      .meta({ description: 'Take the suggestion for each colour that cannot be read.' }),
    ...publication,
  }),
  answer: version,
  status: 201,
  idempotent: true,
  refuses: ['precondition_failed'],
})

export const listBrandVersions = operation({
  id: 'listBrandVersions',
  method: 'GET',
  path: `${BRAND}/versions`,
  tag: TAG,
  summary: 'List what was published',
  description: 'The newest first.',
  needs: ['read', 'brand'],
  query: pageQuery,
  answer: pageOf(version),
})

export const previewBrand = operation({
  id: 'previewBrand',
  method: 'POST',
  path: `${BRAND}/preview`,
  tag: TAG,
  summary: 'See what the draft looks like',
  description:
    'The sign-in page and the mail with a code as whole HTML documents, drawn by what draws the real ones, with their pictures inside. Nothing is saved or sent.',
  needs: ['read', 'brand'],
  body: z.strictObject({
    scheme,
    language,
    tokens: tokens
      .optional()
      .meta({ description: 'In place of the draft’s own, to see before saving.' }),
  }),
  answer: z.object({
    sign_in_page: z.string(),
    code_mail: z.object({ subject: z.string(), html: z.string() }),
    contrast,
  }),
})

export const showBrandPreview = operation({
  id: 'showBrandPreview',
  method: 'GET',
  path: `${BRAND}/preview/{page}`,
  tag: TAG,
  summary: 'Frame what the draft looks like',
  description:
    '`page` is `sign-in` or `code-mail`. The document with a policy of its own that lets the console show it in a frame.',
  needs: ['read', 'brand'],
  query: z.strictObject({
    scheme: scheme.default('light'),
    language: language.default('en'),
    tokens: inJson(tokens)
      .optional()
      .meta({ description: 'As JSON, in place of the draft’s own, to see before saving.' }),
  }),
  answer: z.string(),
  produces: 'text/html',
})

export const showBrandPicture = operation({
  id: 'showBrandPicture',
  method: 'GET',
  path: `${BRAND}/pictures/{digest}`,
  tag: TAG,
  summary: 'See a picture',
  description:
    'By the SHA-256 that its address ends in: for front ends that may not show what comes from an issuer’s own host.',
  needs: ['read', 'brand'],
  answer: z.string(),
  produces: 'image/png',
})
