// What the console says by itself: shown for a while, and read out.

type Said = { number: number; text: string; isShown: boolean }

let said: readonly Said[] = []
let count = 0
const listeners = new Set<() => void>()

/** How long a notice stays, in milliseconds: never the only place of what it says. */
const STAYS = 6000

/** Read out by screen readers, and not shown. */
export function announce(text: string): void {
  say(text, false)
}

/** Shown at the edge for a moment, and read out. What somebody needs to know stands on the page as well. */
export function notify(text: string): void {
  say(text, true)
}

function say(text: string, isShown: boolean): void {
  count += 1
  const number = count
  change([...said, { number, text, isShown }])
  setTimeout(() => dismiss(number), STAYS)
}

export function dismiss(number: number): void {
  change(said.filter((each) => each.number !== number))
}

function change(next: readonly Said[]): void {
  said = next
  for (const listener of listeners) listener()
}

export const live = {
  said: (): readonly Said[] => said,
  onChange(listener: () => void): () => void {
    listeners.add(listener)
    return () => void listeners.delete(listener)
  },
}
