// The escaping template of every page and mail made on the server: values become text, never markup.

import htm from 'htm'
import { createContext, Fragment, h, type VNode } from 'preact'
import { render } from 'preact-render-to-string'

/** What a template makes, and what another may be given as a child. */
export type Html = VNode | readonly VNode[]

type Template = (strings: TemplateStringsArray, ...values: readonly unknown[]) => Html

// The package's typings describe its CommonJS build; as ESM the import is the function itself.
const bindable = htm as unknown as { bind(create: typeof h): Template }

/** `html\`<p>${text}</p>\`` */
export const html: Template = bindable.bind(h)

/** A whole document; the doctype is put in front by hand because the template swallows it. */
export function renderDocument(document: Html): string {
  return `<!doctype html>${render(h(Fragment, {}, document))}`
}

/** A style sheet or script of our own, which must not be escaped. Never anything from outside. */
export function verbatim(source: string): { dangerouslySetInnerHTML: { __html: string } } {
  return { dangerouslySetInnerHTML: { __html: source } }
}

/**
 * Something that a whole document is made with (its colours), for parts that are made before the document is:
 * `using` makes a part that is drawn when the value is known, `giving` says it for all that is inside.
 */
export function createAmbient<T>(standard: T): {
  using(draw: (value: T) => Html): Html
  giving(value: T, children: Html): Html
} {
  const context = createContext(standard)
  return {
    using: (draw) => html`<${context.Consumer}>${draw}<//>`,
    giving: (value, children) => html`<${context.Provider} value=${value}>${children}<//>`,
  }
}
