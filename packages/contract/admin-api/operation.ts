// An operation of the Admin API: one row says all that routes, documents and tests need to know of it.

import type { z } from 'zod'
import type { ErrorCode } from '../errors.ts'
import type { Noun, Verb } from './access.ts'

export type Operation = {
  /** Its `operationId`: a verb and what it is about, such as `listClients`. */
  readonly id: string
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Below `/api/admin/v1`. `{slug}` is always an organisation's. */
  readonly path: `/${string}`
  /** The heading that it stands under in the document. */
  readonly tag: string
  readonly summary: string
  readonly description?: string
  /**
   * What the role table has to allow; an API key also needs the scope of it. For paths without `{slug}` it
   * is asked of the platform. `operator`: whoever is signed in, who sees what they are an operator of.
   */
  readonly needs: readonly [verb: Verb, noun: Noun] | 'operator'
  /** Unknown parameters are refused. */
  readonly query?: z.ZodObject
  /** JSON that it takes; unknown fields are refused. */
  readonly body?: z.ZodType
  /** In place of JSON the bytes of one of these content types, at most `maxBytes`. */
  readonly bytes?: { readonly types: readonly string[]; readonly maxBytes: number }
  /** What `data` holds; nothing else of what a service returns leaves the house. */
  readonly answer: z.ZodType
  /** 200 unless it says so. */
  readonly status?: 201
  /** Answers with an `ETag`, and as a write takes `If-Match`. */
  readonly versioned?: true
  /** Answers with another content type than JSON, which its handler writes. */
  readonly produces?: string
  /** Takes `Idempotency-Key`: the same request again has the same answer, for 24 hours. */
  readonly idempotent?: true
  /** Refusals beyond those that every operation of its form has. */
  readonly refuses?: readonly ErrorCode[]
}

/** Keeps the exact types of a row, for who serves and who calls it. */
export const operation = <const Row extends Operation>(row: Row): Row => row

/** What is sent, after it was checked. */
export type QueryOf<Row extends Operation> = Row['query'] extends z.ZodType
  ? z.output<Row['query']>
  : undefined
export type BodyOf<Row extends Operation> = Row['body'] extends z.ZodType
  ? z.output<Row['body']>
  : Row['bytes'] extends object
    ? Uint8Array
    : undefined

/** What is answered, before what is not named is left out. */
export type DataOf<Row extends Operation> = z.input<Row['answer']>

/** The parameters in a path: `/clients/{id}` has `id`. */
export type ParametersOf<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? Name | ParametersOf<Rest>
  : never

export function parametersOf(path: string): string[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name)
}

/** The scope that an API key needs for it. */
export function scopeOf({ needs }: Pick<Operation, 'needs'>): string | undefined {
  if (needs === 'operator') return undefined
  const [verb, noun] = needs
  return `${noun}:${verb === 'read' ? 'read' : 'write'}`
}
