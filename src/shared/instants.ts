// Instants as people and programs read them: ISO 8601, or null where there is none.

export function instantOf(at: number): string
export function instantOf(at: number | undefined): string | null
export function instantOf(at: number | undefined): string | null {
  return at === undefined ? null : new Date(at).toISOString()
}
