// Markdown of an organisation as HTML that is safe on our pages: no markup of its own, and links that lead to the web or to a mail.

import MarkdownIt, { type Token } from 'markdown-it'

const markdown = new MarkdownIt({ html: false, linkify: false, typographer: false })
  // Pictures would be loaded from elsewhere, which our pages never do.
  .disable('image')
markdown.validateLink = isPlainLink

/** Below the page's own heading. */
const DEMOTED = 1
const LAST_LEVEL = 6

markdown.core.ruler.push('fit-the-page', ({ tokens }) => {
  for (const token of tokens) {
    if (token.type.startsWith('heading_')) {
      const level = Math.min(Number(token.tag.slice(1)) + DEMOTED, LAST_LEVEL)
      token.tag = `h${level}`
    }
    // Columns that are aligned: our pages allow no style but their own sheet.
    token.attrs = token.attrs?.filter(([name]) => name !== 'style') ?? null
    hideEmptyLinks(token.children ?? [])
  }
})

/** `[a]()` is asked of nobody below, and would lead to the page that it stands on. Links hold no links. */
function hideEmptyLinks(tokens: readonly Token[]): void {
  for (const [at, token] of tokens.entries()) {
    if (token.type !== 'link_open' || token.attrGet('href') !== '') continue
    token.hidden = true
    const end = tokens.slice(at).find(({ type }) => type === 'link_close')
    if (end) end.hidden = true
  }
}

/** What a page may hold as it is, because it was made here. */
export type Markup = { dangerouslySetInnerHTML: { __html: string } }

/** The text as HTML: whatever is no Markdown is escaped. The same text gives the same HTML. */
export function markdownHtml(text: string): Markup {
  const plain = text.replace(/^\uFEFF/, '') // some editors begin a file with it
  return { dangerouslySetInnerHTML: { __html: markdown.render(plain) } }
}

/** Any other scheme runs something, and a path would lead somewhere among our own pages. */
function isPlainLink(href: string): boolean {
  return /^(https:\/\/[^/]|mailto:)/i.test(href) && URL.canParse(href)
}
