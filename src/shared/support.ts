// Where customers find help, as links that pages and mails show.

/** `mailto:` or `https:`, and nothing else. */
export type SupportLink = {
  href: string
  /** The e-mail address; left out, a page. */
  address?: string
}

/** Read anew: what a script could be is no link, whatever is stored. */
export function supportLinks(contact: {
  supportEmail?: string | undefined
  supportUrl?: string | undefined
}): SupportLink[] {
  const { supportEmail: address, supportUrl } = contact
  const page = supportUrl === undefined ? null : URL.parse(supportUrl)
  return [
    ...(page?.protocol === 'https:' ? [{ href: page.href }] : []),
    ...(address === undefined ? [] : [{ href: mailtoOf(address), address }]),
  ]
}

/** What stands before the @ may hold signs that mean something in an address of the web (RFC 6068, 2). */
function mailtoOf(address: string): string {
  const at = address.lastIndexOf('@')
  return `mailto:${encodeURIComponent(address.slice(0, at))}${address.slice(at)}`
}
