// Names that people give to things, and that others read on pages, in mails and on terminals.

/** Controls, ends of lines, halves of characters, and what is not seen; but for joiners, which some scripts and emoji need. */
const UNPRINTABLE = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]|(?![\u200c\u200d])\p{Cf}/u
const VISIBLE = /[^\s\u200c\u200d]/u

/** Printable, and on one line: no line breaks, no control characters, nothing that turns the text round. */
export function isPrintableName(name: string, maxLength: number): boolean {
  const text = name.trim()
  return text.length <= maxLength && VISIBLE.test(text) && !UNPRINTABLE.test(text)
}
