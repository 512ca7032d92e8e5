// What an attacker or a mistake could put where a filter, an update or a document belongs: the port refuses each.

export const hostileFilters: readonly [name: string, filter: object][] = [
  ['an unknown operator', { name: { $ne: 'x' } }],
  ['an operator at the top', { $where: 'true' }],
  ['a regular expression', { name: /x/ }],
  ['an operator in $in', { name: { $in: [{ $gt: '' }] } }],
  ['an object where a value belongs', { name: { first: 'x' } }],
  ['a list where a value belongs', { name: ['x'] }],
  ['null', { name: null }],
  ['undefined', { name: undefined }],
  ['types that are mixed', { name: { $in: ['x', 1] } }],
  ['an id that is no string', { _id: 1 }],
  ['an organisation that is no string', { organisation: { $gt: 1 } }],
  ['an empty alternative', { $or: [] }],
  ['a path through a prototype', { '__proto__.x': 1 }],
  ['a path with a quotation mark', { 'a"b': 1 }],
  ['NUL in a path', { 'a\0': 1 }],
  ['a lone surrogate', { name: '\ud800' }],
  ['a number beyond 2^53', { name: 2 ** 60 }],
  ['not a number', { name: Number.NaN }],
  ['$exists with a string', { name: { $exists: 'yes' } }],
]

export const hostileUpdates: readonly [name: string, update: object][] = [
  ['no operator', { name: 'x' }],
  ['nothing', {}],
  ['an unknown operator', { $rename: { a: 'b' } }],
  ['the id', { $set: { _id: 'other' } }],
  ['an organisation that is no string', { $set: { organisation: { $gt: '' } } }],
  ['one path twice', { $set: { a: 1 }, $inc: { a: 1 } }],
  ['a path and what holds it', { $set: { a: {}, 'a.b': 1 } }],
  ['a string to add', { $inc: { a: '1' } }],
  ['an object to pull', { $pull: { a: { $gt: 1 } } }],
  ['a date', { $set: { a: new Date() } }],
  ['a key with a dollar', { $set: { a: { $gt: 1 } } }],
  ['a key with a dot', { $set: { a: { 'b.c': 1 } } }],
  ['a path into a prototype', { $set: { 'constructor.prototype': 1 } }],
]

export const hostileDocuments: readonly [name: string, document: object][] = [
  ['no id', { a: 1 }],
  ['an empty id', { _id: '' }],
  ['a date', { _id: 'x', at: new Date() }],
  ['a key with a dollar', { _id: 'x', $set: 1 }],
  ['a key with a dot', { _id: 'x', 'a.b': 1 }],
  ['a gap in a list', { _id: 'x', list: [undefined] }],
  ['an infinite number', { _id: 'x', n: Number.POSITIVE_INFINITY }],
  ['a lone surrogate', { _id: 'x', text: '\udc00' }],
  ['an organisation that is no string', { _id: 'x', organisation: 1 }],
]
