// From an OpenAPI document: requests that fit an operation, or nearly do, and what is wrong with an answer to one.

import fc from 'fast-check'
import { z } from 'zod'

type Schema = {
  $ref?: string
  anyOf?: Schema[]
  type?: string | string[]
  enum?: unknown[]
  const?: unknown
  properties?: { [name: string]: Schema }
  required?: string[]
  additionalProperties?: boolean | Schema
  items?: Schema
  minimum?: number
  maximum?: number
  format?: string
}
type Content = { [type: string]: { schema?: Schema } }
type RawOperation = {
  operationId?: string
  parameters?: { in: string; name: string; required?: boolean; schema: Schema }[]
  requestBody?: { content: Content }
  responses: { [status: string]: { content?: Content } }
}
export type OpenApi = {
  paths?: { [path: string]: { [method: string]: RawOperation } }
  components?: { schemas?: { [name: string]: Schema } }
}
/** What texts of a name are likely to be: parameters and members. */
export type Words = { readonly [name: string]: readonly string[] }

/** A request; a number in the path is one of the ids that are known when it is sent. */
export type Drawn = {
  path: { [name: string]: string | number }
  query: string
  headers: { [name: string]: string }
  body?: Body
}
export type Body = {
  type: string
  content: string
  /** It has a member that the contract does not know. */
  hasUnknown: boolean
}

export type Operation = {
  method: string
  path: string
  requests: fc.Arbitrary<Drawn>
  /** What is wrong with an answer, as the document has it. */
  problemOf(status: number, text: string): string | undefined
}

/** Every operation of a document. */
export function operationsOf(document: OpenApi, words: Words): Operation[] {
  const components = document.components?.schemas ?? {}
  return Object.entries(document.paths ?? {}).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, raw]) => ({
      method: method.toUpperCase(),
      path,
      requests: requestsOf(raw, { components, words }),
      problemOf: judgeOf(raw, components),
    })),
  )
}

type Ground = { components: { [name: string]: Schema }; words: Words }

const oddJson = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom<unknown>(null, '', 0, -1, 1e300, [], {}, [[]], '\u202e', 'a'.repeat(5000)),
)
const oddText = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.string({ unit: 'grapheme', maxLength: 8 }),
  fc.constantFrom('null', '-1', '1e9', '__proto__', 'constructor', '$where', '../..', '%', '%zz'),
)
/** Mostly the first. */
const mostly = <T>(usual: fc.Arbitrary<T>, odd: fc.Arbitrary<T>): fc.Arbitrary<T> =>
  fc.oneof({ weight: 6, arbitrary: usual }, { weight: 1, arbitrary: odd })

const headers = fc.record(
  {
    'if-match': fc.oneof(
      fc.constantFrom('*', '"v1"', '"v2"', 'W/"v1"', '"x"', ',', `"v${'9'.repeat(18)}"`),
    ),
    'idempotency-key': fc.oneof(fc.uuid(), fc.stringMatching(/^[\x21-\x7e ]{0,300}$/)),
  },
  { requiredKeys: [] },
)

function requestsOf(raw: RawOperation, ground: Ground): fc.Arbitrary<Drawn> {
  const { parameters = [], requestBody } = raw
  const of = (place: string) => parameters.filter((each) => each.in === place)
  const path = of('path').map(({ name }) => {
    const words = ground.words[name]
    const usual = words ? fc.constantFrom<string | number>(...words) : fc.nat()
    return [name, mostly<string | number>(usual, oddText.filter(isSegment))]
  })
  const query = of('query').map(({ name, schema }) => {
    const text = valuesFor(schema, name, ground).map(String)
    return [name, mostly(text, oddText)]
  })
  const required = of('query').filter((each) => each.required)
  return fc
    .tuple(
      fc.record<{ [name: string]: string | number }>(Object.fromEntries(path)),
      fc.record<{ [name: string]: string }>(Object.fromEntries(query), {
        requiredKeys: required.map(({ name }) => name),
      }),
      mostly(fc.constant(''), fc.webQueryParameters()),
      headers,
      bodyOf(requestBody?.content, ground),
    )
    .map(([inPath, known, more, inHead, body]) => ({
      path: inPath,
      query: [queryOf(known), more].filter(Boolean).join('&'),
      headers: inHead,
      ...(body && { body }),
    }))
}

function queryOf(values: { [name: string]: string }): string {
  return new URLSearchParams(values).toString()
}

/** What stays one segment of a path: parsers take dots for steps. */
function isSegment(text: string): boolean {
  return text !== '' && !/^(?:\.|%2e){1,2}$/i.test(text)
}

function bodyOf(content: Content | undefined, ground: Ground): fc.Arbitrary<Body | undefined> {
  const [type = '', { schema } = {}] = Object.entries(content ?? {})[0] ?? []
  if (!content) return fc.constant(undefined)
  if (!schema || !type.includes('json'))
    return oddText.map((text) => ({ type, content: text, hasUnknown: false }))
  const usual = valuesFor(schema, '', ground)
  const json = (value: unknown, hasUnknown = false): Body => ({
    type,
    content: JSON.stringify(value),
    hasUnknown,
  })
  const names = fc.constantFrom('unknown', '__proto__', 'constructor', '$set', '')
  return fc.oneof(
    { weight: 6, arbitrary: usual.map((value) => json(value)) },
    {
      weight: 3,
      arbitrary: fc
        .tuple(usual, fc.nat(), oddJson)
        .map(([value, at, odd]) => json(replaced(value, at, odd))),
    },
    {
      weight: 2,
      arbitrary: fc
        .tuple(usual, names, oddJson)
        // Not spread: `__proto__` is a member like any other in JSON.
        .map(([value, name, odd]) =>
          json(Object.fromEntries([...Object.entries(value as object), [name, odd]]), true),
        ),
    },
    { weight: 1, arbitrary: oddJson.map((value) => json(value)) },
  )
}

/** One member, however deep, is something else. */
function replaced(value: unknown, at: number, odd: unknown): unknown {
  if (typeof value !== 'object' || value === null) return odd
  const names = Object.keys(value)
  const name = names[at % Math.max(1, names.length)]
  if (name === undefined) return odd
  const copy: unknown = structuredClone(value)
  const next = at % 3 === 0 ? replaced(Reflect.get(value, name), Math.floor(at / 3), odd) : odd
  Object.assign(copy as object, { [name]: next }) // an object or a list, as just asked
  return copy
}

function valuesFor(schema: Schema, name: string, ground: Ground): fc.Arbitrary<unknown> {
  if (schema.$ref)
    return valuesFor(ground.components[schema.$ref.split('/').at(-1) ?? ''] ?? {}, name, ground)
  if (schema.anyOf) return fc.oneof(...schema.anyOf.map((each) => valuesFor(each, name, ground)))
  if (schema.const !== undefined) return fc.constant(schema.const)
  if (schema.enum) return fc.constantFrom(...schema.enum)
  const types = [schema.type ?? 'any'].flat()
  return fc.oneof(...types.map((type) => typedOf(type, schema, { name, ground })))
}

function typedOf(
  type: string,
  schema: Schema,
  { name, ground }: { name: string; ground: Ground },
): fc.Arbitrary<unknown> {
  const { minimum: min = -10, maximum: max = 10 ** 6 } = schema
  switch (type) {
    case 'object':
      return objectOf(schema, ground)
    case 'array':
      return fc.array(valuesFor(schema.items ?? {}, name, ground), { maxLength: 3 })
    case 'integer':
      return fc.integer({ min: Math.max(min, -(10 ** 9)), max: Math.min(max, 10 ** 9) })
    case 'number':
      return fc.double({ min, max, noNaN: true })
    case 'boolean':
      return fc.boolean()
    case 'null':
      return fc.constant(null)
    case 'string':
      return textOf(schema, ground.words[name])
    default:
      return oddJson
  }
}

function objectOf(schema: Schema, ground: Ground): fc.Arbitrary<unknown> {
  const { properties = {}, required = [], additionalProperties } = schema
  const members = Object.entries(properties).map(([name, each]) => [
    name,
    valuesFor(each, name, ground),
  ])
  const known = fc.record<{ [name: string]: unknown }>(Object.fromEntries(members), {
    requiredKeys: required,
  })
  if (typeof additionalProperties !== 'object') return known
  return fc.dictionary(fc.string({ maxLength: 8 }), valuesFor(additionalProperties, '', ground), {
    maxKeys: 3,
  })
}

function textOf({ format }: Schema, words: readonly string[] = []): fc.Arbitrary<string> {
  const instants = fc.date({ noInvalidDate: true, min: new Date(0), max: new Date(4e12) })
  const usual = format === 'date-time' ? instants.map((each) => each.toISOString()) : oddText
  return words.length > 0 ? mostly(fc.constantFrom(...words), usual) : usual
}

function judgeOf(raw: RawOperation, components: Ground['components']): Operation['problemOf'] {
  const schemas = new Map<string, z.ZodType>()
  const schemaOf = (status: string): z.ZodType | undefined => {
    const schema = raw.responses[status]?.content?.['application/json']?.schema
    if (!schema || schemas.has(status)) return schemas.get(status)
    const text = JSON.stringify({ ...schema, $defs: components }, withoutUnicodePatterns)
    const local = JSON.parse(text.replaceAll('#/components/schemas/', '#/$defs/'))
    const made = z.fromJSONSchema(local)
    schemas.set(status, made)
    return made
  }
  return (status, text) => {
    if (status >= 500) return `a fault: ${status}`
    if (raw.responses[status] === undefined) return `a status that is not documented: ${status}`
    const schema = schemaOf(String(status))
    if (!schema) return undefined
    const { error } = schema.safeParse(JSON.parse(text))
    return error && `not the documented answer: ${z.prettifyError(error)}`
  }
}

/** The library reads patterns without the `u` flag that JSON Schema asks for (2020-12, 6.4), and `\p` as a `p`. */
function withoutUnicodePatterns(name: string, value: unknown): unknown {
  return name === 'pattern' && String(value).includes('\\p{') ? undefined : value
}
