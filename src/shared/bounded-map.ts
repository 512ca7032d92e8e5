// A map that never grows over a number of entries.

/** Puts an entry at the end. When there are more than `most`, what was put there longest ago goes. */
export function putBounded<Key, Value>(
  map: Map<Key, Value>,
  { key, value, most }: { key: Key; value: Value; most: number },
): void {
  map.delete(key)
  map.set(key, value)
  const oldest = map.size > most ? map.keys().next() : undefined
  if (oldest && !oldest.done) map.delete(oldest.value)
}
