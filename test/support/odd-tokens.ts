// Tokens as nobody makes them: headers and claims with members replaced, and JSON that is written oddly.

import fc from 'fast-check'

export type Json = { [member: string]: unknown }

/** Some members replaced, taken out (`undefined`), or new. */
export function altered(base: Json, values: { [member: string]: fc.Arbitrary<unknown> }) {
  const changes = fc.record(values, { requiredKeys: [] })
  return fc.oneof(
    fc.constant(base),
    changes.map((change): Json => ({ ...base, ...change })),
  )
}

export const anything = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom<unknown>(
    undefined,
    null,
    '',
    0,
    -1,
    1e308,
    [],
    {},
    true,
    ['https://id.example'],
    {
      toString: 1,
    },
  ),
)

/** JSON as texts of it differ: padded, with members twice, or not quite JSON. */
export const writing = fc.constantFrom<(value: Json) => string>(
  ...Array.from({ length: 6 }, () => JSON.stringify),
  (value) => JSON.stringify(value, null, 2),
  (value) => `\ufeff${JSON.stringify(value)}`,
  (value) => JSON.stringify(value).replace('{', '{"alg":"none","iss":"https://evil.example",'),
  (value) => JSON.stringify(value).replace(/}$/, ',"alg":"none","org":"org_two"}'),
  (value) => `[${JSON.stringify(value)}]`,
  (value) => JSON.stringify(value).slice(0, -1),
  (value) => `${JSON.stringify(value)}\0`,
)
export const base64url = (text: string | Buffer) => Buffer.from(text).toString('base64url')
