// What a file is, by its content: neither its name nor a header of the request is asked.

export type Kind = 'png' | 'jpeg' | 'webp' | 'svg'

const beginnings: readonly [kind: Kind, pattern: RegExp][] = [
  // biome-ignore lint/suspicious/noControlCharactersInRegex: how a PNG begins
  ['png', /^\x89PNG\r\n\x1a\n/],
  ['jpeg', /^\xff\xd8\xff/],
  ['webp', /^RIFF[\s\S]{4}WEBP/],
]

const ROOT = /^<(?:[\w.-]+:)?svg[\s/>]/
/**
 * An entity may be a file, an address, or a billion letters. A picture inside the picture is read by a
 * decoder of its own, beyond our limit of pixels. Neither is needed for a logo. A prefix may have any letters.
 */
const UNSAFE = /<!ENTITY|<\?xml-stylesheet|<(?:[^\s<>/:]+:)?(?:image|feImage)[\s/>]/i
const FOREIGN_ENCODING = /\sencoding\s*=\s*["'](?!utf-8["'])/i

/** `unsafe-svg` for one that is not drawn. */
export function kindOf(bytes: Uint8Array): Kind | 'unsafe-svg' | undefined {
  const start = Buffer.from(bytes.subarray(0, 16)).toString('latin1')
  const found = beginnings.find(([, pattern]) => pattern.test(start))
  if (found) return found[0]
  // Of another encoding nothing could be told by its letters.
  const text = utf8(bytes)
  const before = text === undefined ? undefined : prologOf(text)
  if (text === undefined || before === undefined) return undefined
  if (!ROOT.test(text.slice(before.end, before.end + ROOT_LENGTH))) return undefined
  return before.isUnsafe || UNSAFE.test(text) ? 'unsafe-svg' : 'svg'
}

const ROOT_LENGTH = 100

/** Declarations and comments before the root, read once from left to right however long they are. */
function prologOf(text: string): { end: number; isUnsafe: boolean } | undefined {
  let isUnsafe = false
  let at = text.startsWith('\ufeff') ? 1 : 0
  for (;;) {
    while (/\s/.test(text.charAt(at))) at += 1
    const ending = endings.find(([opening]) => text.startsWith(opening, at))
    if (!ending) return { end: at, isUnsafe }
    const end = text.indexOf(ending[1], at)
    if (end < 0) return undefined
    const declaration = text.slice(at, end)
    isUnsafe ||= ending[0] === '<?' && FOREIGN_ENCODING.test(declaration)
    // With a subset of its own, which is where entities are declared.
    if (ending[0] === '<!DOCTYPE' && declaration.includes('['))
      return { end: rootAfter(text, end), isUnsafe: true }
    at = end + ending[1].length
  }
}

const endings = [
  ['<!--', '-->'],
  ['<?', '?>'],
  ['<!DOCTYPE', '>'],
] as const

/** Where a root may begin after a subset: enough to tell the reader what was wrong. */
function rootAfter(text: string, from: number): number {
  return Math.max(from, text.indexOf('<svg', from))
}

function utf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
}
