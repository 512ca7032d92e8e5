// How long functions are, read off sources as the formatter writes them.

type Measured = { at: string; own: number; whole: number }

/** Where a function begins, as the formatter writes it; `)` and `}` end what its parameters began. */
const opening = /(?:=>|\)(?:: [^=]+)?) \{$|=>(?: \()?$/
const noFunction = /^(?:\} )?(?:else )?(?:if|for|while|switch|catch)\b/

/**
 * The functions of a file whose body begins a line. A factory is a scope: what stands in it is measured
 * by itself, and what is left are its own lines.
 */
export function functionsOf(file: string, source: string): Measured[] {
  const lines = source.split('\n')
  const depthOf = (line: string): number => line.search(/\S/)
  const found = lines.flatMap((line, open): { from: number; to: number }[] => {
    const text = line.trim()
    if (!opening.test(text) || noFunction.test(text)) return []
    const isBeside = (other: string): boolean => depthOf(other) === depthOf(line)
    const from = /^[)}\]]/.test(text)
      ? lines.findLastIndex((each, at) => at < open && isBeside(each) && !/^\s*[)}\]]/.test(each))
      : open
    const ends = (other: string): boolean =>
      text.endsWith('=>')
        ? other !== '' && depthOf(other) <= depthOf(line)
        : isBeside(other) && /^\s*[)}]/.test(other)
    const after = lines.findIndex((each, at) => at > open && ends(each))
    const to = text.endsWith('=>') ? after - 1 : after
    return [{ from, to }]
  })
  return found.map(({ from, to }) => {
    const inner = found.filter((each) => each.from > from && each.to < to)
    const taken = new Set(
      inner.flatMap((each) => lines.map((_, at) => at).slice(each.from, each.to + 1)),
    )
    const whole = to - from + 1
    return { at: `${file}: ${lines[from]?.trim()}`, own: whole - taken.size, whole }
  })
}
