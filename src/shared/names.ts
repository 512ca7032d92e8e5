// Names that people give to things, and that others read on pages, in mails and on terminals.

/** Printable, and on one line: no line breaks, no control characters, nothing that turns the text round. */
export function isPrintableName(name: string, maxLength: number): boolean {
  const text = name.trim()
  return (
    text.length > 0 && text.length <= maxLength && !/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u.test(text)
  )
}
