// Random sentences of the document port's language: what a property may be about.

import fc from 'fast-check'
import type { Filter, Json, Sort, Update } from '../../src/stores/documents.ts'
import type { Thing } from './things.ts'

export type Operation =
  | { kind: 'delete'; filter: Filter }
  | { kind: 'update' | 'upsert'; filter: Filter & { _id: string }; update: Update }

// Few values, so that they meet. No characters above U+D7FF but whole pairs: JavaScript orders those by
// their UTF-16, both databases by their UTF-8.
const texts = fc.constantFrom(
  '',
  'a',
  'B',
  'b',
  'ab',
  'é',
  'e\u0301',
  'a\u0000b',
  'a\u0000',
  '"',
  "'",
  '\\',
  '%_',
  '😀',
  '1',
  'true',
  'null',
)
const numbers = fc.constantFrom(
  0,
  1,
  -1,
  1.5,
  2,
  10,
  2 ** 31 - 1,
  2 ** 31,
  -(2 ** 31) - 1,
  1e-7,
  2 ** 52,
)
const small = fc.constantFrom(1, -1, 0.5, 3, 2 ** 31)
const booleans = fc.boolean()
const scalars = fc.oneof(texts, numbers, booleans)
const maybe = <T>(values: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 4, arbitrary: values }, { weight: 1, arbitrary: fc.constant(null) })

const fields = fc.record(
  {
    n: maybe(numbers),
    s: maybe(texts),
    b: maybe(booleans),
    any: maybe(scalars),
    deep: fc.record(
      {
        n: maybe(numbers),
        s: maybe(texts),
        more: fc.record({ any: maybe(scalars) }, { requiredKeys: [] }),
      },
      { requiredKeys: [] },
    ),
    list: fc.array(maybe(scalars), { maxLength: 4 }),
  },
  { requiredKeys: [] },
)

/** A few documents; their ids stand for themselves. */
export const thingSets: fc.Arbitrary<Thing[]> = fc
  .array(fields, { maxLength: 8 })
  .map((all) => all.map((each, index) => ({ _id: String(index), ...each })))

/** Paths that may be sorted by, with the condition that a document has a place in their order. */
export const sortPaths: { [path: string]: Filter[string] } = {
  n: { $gte: -(2 ** 53) + 1 },
  s: { $gte: '' },
  'deep.n': { $gte: -(2 ** 53) + 1 },
}

export const sorts: fc.Arbitrary<Sort> = fc.uniqueArray(
  fc.tuple(fc.constantFrom(...Object.keys(sortPaths)), fc.constantFrom(1 as const, -1 as const)),
  { selector: ([path]) => path, maxLength: 2 },
)

/** The sort values of a document that has them all. */
export function placesOf(document: Thing, sort: Sort): (string | number)[] {
  const valueAt = (path: string): unknown =>
    path
      .split('.')
      .reduce((holder: unknown, key) => (holder as { [key: string]: unknown })[key], document)
  return [...sort.map(([path]) => valueAt(path) as string | number), document._id] // found by `sortPaths`
}

const scalarPaths = fc.constantFrom(
  'n',
  's',
  'b',
  'any',
  'deep.n',
  'deep.s',
  'deep.more.any',
  'nowhere',
)
const order = fc.constantFrom('$gt', '$gte', '$lt', '$lte')
const ranges = fc.oneof(texts, numbers).chain((first) =>
  fc.oneof(
    order.map((operator) => ({ [operator]: first })),
    fc
      .tuple(order, order, typeof first === 'string' ? texts : numbers)
      .map(([from, to, second]) => ({ [from]: first, [to]: second })),
  ),
)
const lists = fc.oneof(
  fc.array(texts, { maxLength: 3 }),
  fc.array(numbers, { maxLength: 3 }),
  fc.array(booleans, { maxLength: 3 }),
)
const conditions = fc.oneof(
  scalars,
  ranges,
  lists.map(($in) => ({ $in })),
  booleans.map(($exists) => ({ $exists })),
  texts.map((text) => ({ $exists: true, $gte: text })),
)
const flatFilters = fc.dictionary(scalarPaths, conditions, { maxKeys: 2 })

export const filters: fc.Arbitrary<Filter> = fc.oneof(
  flatFilters,
  fc
    .tuple(flatFilters, fc.array(flatFilters, { minLength: 1, maxLength: 3 }))
    .map(([filter, $or]): Filter => ({ ...filter, $or })),
)

const anyPath = fc.constantFrom(
  'n',
  's',
  'any',
  'deep',
  'deep.n',
  'deep.more',
  'deep.more.any',
  'list',
  'made.here',
  'n.below',
)
const json: fc.Arbitrary<Json> = fc.oneof(
  maybe(scalars),
  fc.record({ n: numbers }),
  fc.array(scalars, { maxLength: 3 }),
)

const changes = fc.oneof(
  fc.tuple(fc.constant('$set'), anyPath, json),
  fc.tuple(fc.constant('$unset'), anyPath, fc.constant(true)),
  fc.tuple(fc.constant('$inc'), anyPath, small),
  fc.tuple(fc.constant('$push'), anyPath, json),
  fc.tuple(fc.constant('$pull'), anyPath, maybe(scalars)),
)

/** Operators on paths of which none lies inside another. */
const updates: fc.Arbitrary<Update> = fc
  .array(changes, { minLength: 1, maxLength: 3 })
  .map((all) => {
    const update: { [operator: string]: { [path: string]: unknown } } = {}
    const taken: string[] = []
    for (const [operator, path, value] of all) {
      if (
        taken.some((each) => `${each}.`.startsWith(`${path}.`) || `${path}.`.startsWith(`${each}.`))
      )
        continue
      taken.push(path)
      update[operator] = { ...update[operator], [path]: value }
    }
    return update as Update // made of operators and values of the subset
  })

const ids = fc.integer({ min: 0, max: 9 }).map(String)
const targets = fc.tuple(ids, flatFilters).map(([_id, filter]) => ({ ...filter, _id }))
const plain = fc.dictionary(fc.constantFrom('n', 's', 'any'), scalars, { maxKeys: 2 })

export const operations: fc.Arbitrary<Operation> = fc.oneof(
  { weight: 1, arbitrary: filters.map((filter): Operation => ({ kind: 'delete', filter })) },
  {
    weight: 4,
    arbitrary: fc
      .tuple(targets, updates)
      .map(([filter, update]): Operation => ({ kind: 'update', filter, update })),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(ids, plain, json).map(
      ([_id, filter, value]): Operation => ({
        kind: 'upsert',
        filter: { ...filter, _id },
        update: { $inc: { count: 1 }, $setOnInsert: { made: value } },
      }),
    ),
  },
)
