// /organisations/{slug}/brand: the draft, its pictures, versions and a preview.

import { adminApi } from '@foyer/contract'
import { pageData } from '../../http/pages.ts'
import type { BrandEdit, ColoursEdit } from '../../services/organisations/brand-fields.ts'
import type { PreviewBrand } from '../../services/organisations/brand-preview.ts'
import type { Brands } from '../../services/organisations/brands.ts'
import type { ImagePlace } from '../../shared/brand.ts'
import { AppError } from '../../shared/errors.ts'
import type { Organisation } from '../../stores/organisations.ts'
import { brandStateData, brandVersionData, contrastData } from './brand-messages.ts'
import { sendPreview } from './previews.ts'
import type { Routes } from './serve.ts'

const api = adminApi.brand

/** What places are called on either side. */
const places = {
  logo: 'logo',
  logo_dark: 'logoDark',
  favicon: 'favicon',
  mail_header: 'mailHeader',
} as const satisfies { [name: string]: ImagePlace }

export function brandRoutes(parts: {
  brands: Brands
  preview: PreviewBrand
  issuerOf(organisation: Organisation): string
}): Routes {
  const { brands } = parts

  async function stateOf(organisation: Organisation) {
    const state = await brands.state(organisation._id)
    const data = brandStateData(state, parts.issuerOf(organisation))
    return { data, version: state.draft.version }
  }

  return (serve) => {
    serve(api.showBrand, ({ organisation }) => stateOf(organisation))

    serve(api.saveBrandDraft, async ({ organisation, body, by, version }) => {
      const act = { organisation: organisation._id, by, version }
      await brands.saveDraft(act, editOf(body))
      return stateOf(organisation)
    })

    serve(api.setBrandPicture, async ({ organisation, params, body, by, version }) => {
      const act = { organisation: organisation._id, by, version }
      await inItsWords(brands.setPicture(act, placeOf(params.place), body))
      return stateOf(organisation)
    })

    serve(api.removeBrandPicture, async ({ organisation, params, by, version }) => {
      const act = { organisation: organisation._id, by, version }
      await brands.removePicture(act, placeOf(params.place))
      return stateOf(organisation)
    })

    serve(api.publishBrand, async ({ organisation, body, by }) => {
      const act = { organisation: organisation._id, by, version: body.draft_version }
      const { adjust, repeats } = body
      const made = await inItsWords(
        repeats === undefined ? brands.publish(act, { adjust }) : brands.rollBack(act, repeats),
      )
      return brandVersionData(made, parts.issuerOf(organisation))
    })

    serve(api.listBrandVersions, async ({ organisation, query: { limit, cursor } }) => {
      const page = await brands.versions(organisation._id, { limit, cursor })
      const issuer = parts.issuerOf(organisation)
      return pageData(page, (each) => brandVersionData(each, issuer))
    })

    serve(api.previewBrand, async ({ organisation, body }) => {
      const edit = body.tokens ? editOf(body.tokens) : {}
      const { brand, verdict } = await brands.imagined(organisation._id, edit)
      const { scheme, language: locale } = body
      const request = { brand, locale, scheme }
      const { signInPage, codeMail } = await parts.preview(organisation, request)
      return { sign_in_page: signInPage, code_mail: codeMail, contrast: contrastData(verdict) }
    })

    serve(api.showBrandPreview, async ({ ctx, organisation, params, query }) => {
      const { scheme, language: locale, tokens } = query
      const { brand } = await brands.imagined(organisation._id, tokens ? editOf(tokens) : {})
      const made = await parts.preview(organisation, { brand, locale, scheme })
      const html = new Map([
        ['sign-in', made.signInPage],
        ['code-mail', made.codeMail.html],
      ]).get(params.page)
      if (html === undefined) throw new AppError('not_found')
      sendPreview(ctx, html)
      return undefined
    })

    serve(api.showBrandPicture, async ({ ctx, organisation, params }) => {
      const png = await brands.findPicture(organisation._id, params.digest)
      if (!png) throw new AppError('not_found')
      // What it is called is what it holds: it never changes.
      ctx.set('Cache-Control', 'private, max-age=86400, immutable')
      ctx.type = 'png'
      ctx.body = png
      return undefined
    })
  }
}

type Tokens = adminApi.BodyOf<typeof api.saveBrandDraft>

function editOf({ colours, corners, font }: Tokens): BrandEdit {
  const coloursOf = ({ accent_text, ...named }: Tokens['colours']['light']): ColoursEdit => ({
    ...named,
    accentText: accent_text,
  })
  const { light, dark } = colours
  return { colours: { light: coloursOf(light), dark: coloursOf(dark) }, corners, font }
}

function placeOf(name: string): ImagePlace {
  const found = Object.entries(places).find(([place]) => place === name)
  if (!found) throw new AppError('not_found')
  return found[1]
}

/** What is wrong, with the names that fields have here. */
async function inItsWords<T>(doing: Promise<T>): Promise<T> {
  try {
    return await doing
  } catch (error) {
    if (!(error instanceof AppError) || !error.fields) throw error
    const fields = error.fields.map(({ path, message }) => ({ path: snakeCase(path), message }))
    throw new AppError(error.code, { fields, cause: error })
  }
}

function snakeCase(path: string): string {
  return path.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}
