// Texts as they are searched for: without capitals, accents and doubled spaces.

const MAX_LENGTH = 100

/** At most 100 characters; nothing of it means anything to a database. */
export function searchable(text: string): string {
  const plain = text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/\s+/g, ' ')
    .trim()
  return [...plain].slice(0, MAX_LENGTH).join('') // by characters: half of one is none
}
