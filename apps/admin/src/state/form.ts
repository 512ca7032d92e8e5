// A form: what was entered, what is wrong with it, and whether it differs from what is kept.

import { useEffect, useState } from 'preact/hooks'
import { ApiError } from '../api.ts'
import { announce } from './live.ts'
import { type Action, useAction } from './queries.ts'

export type Value = string | boolean | readonly string[]
export type Values = { readonly [name: string]: Value }

/** What a control of the kit is given, by `{...form.field('name')}`. */
export type Bound<V> = {
  name: string
  value: V
  problem: string | undefined
  onChange(value: V): void
  /** Shows what is wrong with it, if anything. */
  onBlur(): void
}

export type Problem = { name: string; message: string }

export type Form<V extends Values> = {
  values: V
  field<Name extends keyof V & string>(name: Name): Bound<V[Name]>
  set(change: Partial<V>): void
  /** For the summary at the top, once it was sent. */
  problems: readonly Problem[]
  /** Problems of no field, such as a server that cannot be reached. */
  error: Error | undefined
  /** Counts the refusals: the summary takes the focus at each. */
  refusals: number
  isChanged: boolean
  isSaving: boolean
  submit(event?: Event): Promise<void>
  /** Back to what is kept. */
  reset(): void
}

type Check<V> = {
  readonly [Name in keyof V & string]?: (value: V[Name], values: V) => string | undefined
}

export type FormParts<V extends Values, Output> = {
  initial: V
  check?: Check<V>
  /** `intent` is the `Idempotency-Key` of a create. */
  save: (values: V, intent: string) => Promise<Output>
  onSaved?: (output: Output) => void
  changes?: readonly string[]
}

/**
 * `check` says of a field what is wrong with it, while it is filled in; the API has the last word and names
 * fields by the same names. `initial` is what is kept; a newer one is taken over, but for what was entered.
 */
export function useForm<V extends Values, Output>(parts: FormParts<V, Output>): Form<V> {
  const { initial, onSaved } = parts
  const [kept, setKept] = useState(initial)
  const [values, setValues] = useState(initial)
  const [touched, setTouched] = useState<ReadonlySet<string>>(new Set())
  const [refused, setRefused] = useState<{ values: V; problems: readonly Problem[] }>()
  const [refusals, setRefusals] = useState(0)
  const action: Action<V, Output> = useAction({
    run: parts.save,
    ...(parts.changes && { changes: parts.changes }),
  })
  const isChanged = differs(values, kept)
  const identity = JSON.stringify(initial)
  useEffect(() => {
    // Asked of what is there now: somebody may have begun to write since this was drawn.
    setValues((now) => withEntered(initial, now, kept))
    setKept(initial)
  }, [identity])

  const checked = (name: string): string | undefined =>
    parts.check?.[name]?.(values[name] as V[string], values) // its own value, by its name
  const problemOf = (name: string): string | undefined => {
    const isAsRefused =
      refused !== undefined && !differs(pick(values, name), pick(refused.values, name))
    const said = isAsRefused
      ? refused.problems.find((each) => each.name === name)?.message
      : undefined
    return said ?? checked(name)
  }
  const names = Object.keys(values)
  const problems = names.flatMap((name) => {
    const message = problemOf(name)
    return message === undefined ? [] : [{ name, message }]
  })

  async function submit(event?: Event): Promise<void> {
    event?.preventDefault()
    if (action.isRunning) return
    setTouched(new Set(names))
    setRefused(undefined)
    const wrong = names.flatMap((name) => {
      const message = checked(name)
      return message === undefined ? [] : [{ name, message }]
    })
    if (wrong.length > 0) return setRefusals((count) => count + 1)
    const done = await action.start(values)
    if (!done) return setRefusals((count) => count + 1)
    setKept(values)
    setTouched(new Set())
    onSaved?.(done.data)
  }

  const { error } = action
  useEffect(() => {
    if (!error) return
    const found = error instanceof ApiError ? error.details : []
    setRefused({
      values,
      problems: found.map(({ path, message }) => ({
        name: fieldAt(path, names),
        message: sentenceAtField(message),
      })),
    })
  }, [error])

  return {
    values,
    field: (name) => ({
      name,
      value: values[name],
      problem: touched.has(name) ? problemOf(name) : undefined,
      onChange: (value) => setValues((now) => ({ ...now, [name]: value })),
      onBlur: () => setTouched((now) => new Set([...now, name])),
    }),
    set: (change) => setValues((now) => ({ ...now, ...change })),
    problems: refusals > 0 ? problems.filter(({ name }) => touched.has(name)) : [],
    error,
    refusals,
    isChanged,
    isSaving: action.isRunning,
    submit,
    reset() {
      setValues(kept)
      setTouched(new Set())
      setRefused(undefined)
      setRefusals(0)
      action.clear()
      announce('Your changes were discarded.')
    },
  }
}

/** `redirect_uris[2]` and `redirect_uris.2` are said at the field `redirect_uris`; `address.city` where it is one. */
function fieldAt(path: string, names: readonly string[]): string {
  if (names.includes(path)) return path
  return path.replace(/^\//, '').split(/[.[/]/)[0] ?? path
}

/** The API says "is taken", which follows the name of a field. */
function sentenceAtField(message: string): string {
  return /^(is|are|must|needs|has|may|can)\b/.test(message) ? `This ${message}.` : message
}

/** What is kept now, and in place of it what differs from what was kept before. */
function withEntered<V extends Values>(next: V, now: V, before: V): V {
  const entered = Object.keys(next).filter((name) => differs(pick(now, name), pick(before, name)))
  return { ...next, ...Object.fromEntries(entered.map((name) => [name, now[name]])) }
}

function pick(values: Values, name: string): Values {
  const value = values[name]
  return value === undefined ? {} : { [name]: value }
}

function differs(one: Values, other: Values): boolean {
  return Object.keys(one).some((name) => JSON.stringify(one[name]) !== JSON.stringify(other[name]))
}
