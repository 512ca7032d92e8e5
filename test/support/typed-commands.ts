// What `foyer` would say of words that a document has somebody type, as far as the words alone tell.

import { createProgram } from '../../src/command-line/foyer.ts'

const foyer = createProgram(process)

type Words = readonly string[]
type Named = { command: typeof foyer; path: string; rest: Words }

/** The first words that a command may begin with. */
export const groups: Words = foyer.commands.map((each) => each.name())

/** The command that the first words name, and what stands behind them. */
function commandOf([word = '', ...rest]: Words, from = foyer, path = ''): Named {
  const found = from.commands.find((each) => each.name() === word)
  if (found) return commandOf(rest, found, `${path} ${word}`.trimStart())
  return { command: from, path, rest: word === '' ? [] : [word, ...rest] }
}

/** Whether the words begin with no command, or a word stands where a subcommand should. */
export function isNoCommand(words: Words): boolean {
  const { command, path, rest } = commandOf(words)
  return path === '' || (command.commands.length > 0 && /^[a-z-]+$/.test(rest[0] ?? ''))
}

export function unknownOptions(words: Words): string[] {
  const { command, path, rest } = commandOf(words)
  const known = [...foyer.options, ...command.options].map(({ long }) => long)
  const unknown = rest.filter((word) => word.startsWith('--') && !known.includes(word))
  return unknown.map((option) => `${path} takes no ${option}`)
}

/** All that is wrong with a command as it is typed: no such one, no such option, too few or too many arguments. */
export function complaintsAbout(words: Words): string[] {
  const { command, path, rest } = commandOf(words)
  if (path === '' || command.commands.length > 0) return [`no command: ${words.join(' ')}`]
  const options = [...foyer.options, ...command.options]
  const given = rest.filter((word, at) => {
    const before = options.find(({ long }) => long === rest[at - 1])
    return !word.startsWith('--') && !before?.required && !before?.optional
  })
  const wanted = command.registeredArguments
  const least = wanted.filter(({ required }) => required).length
  const most = wanted.some(({ variadic }) => variadic) ? Number.POSITIVE_INFINITY : wanted.length
  const fits = given.length >= least && given.length <= most
  const counted = `${path} takes ${wanted.length} arguments, not ${given.length}`
  return [...unknownOptions(words), ...(fits ? [] : [counted])]
}
