// Which language a page speaks: chosen, asked for by the application, preferred by the browser, or the house's.

import type { Context } from 'koa'
import { mountOf } from '../src/shared/issuer.ts'
import { type Locale, locales, pickLocale } from '../src/shared/locale.ts'

const COOKIE = 'foyer_language'
const ONE_YEAR = 365 * 24 * 60 * 60 * 1000

/** The language of this request's page. */
export function localeOf(
  ctx: Context,
  { uiLocales = [], fallback }: { uiLocales?: readonly string[]; fallback: string },
): Locale {
  const chosen = ctx.cookies.get(COOKIE, { signed: false })
  return pickLocale(
    [...(chosen ? [chosen] : []), ...uiLocales, ...acceptedLanguages(ctx)],
    fallback,
  )
}

/** Keeps a choice made with `?lang=` and answers 303 to `page`; `false` when there is none. */
export function keepChoice(
  ctx: Context,
  { issuer, page }: { issuer: string; page: string },
): boolean {
  const choice = locales.find((locale) => locale === ctx.query.lang)
  if (ctx.query.lang === undefined) return false
  if (choice)
    ctx.cookies.set(COOKIE, choice, {
      signed: false, // a language is no secret and gives no rights
      sameSite: 'lax',
      httpOnly: true,
      path: mountOf(issuer) || '/',
      maxAge: ONE_YEAR,
    })
  ctx.status = 303
  ctx.redirect(page)
  return true
}

function acceptedLanguages(ctx: Context): string[] {
  const accepted = ctx.acceptsLanguages()
  return Array.isArray(accepted) ? accepted.filter((tag) => tag !== '*') : []
}
