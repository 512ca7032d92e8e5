// A form that changes what is kept, on the version that its author has seen, and not on what came since.

import { useRef, useState } from 'preact/hooks'
import { ApiError } from '../api.ts'
import { type Form, type FormParts, useForm, type Values } from './form.ts'
import type { Reading } from './queries.ts'

export type Edit<V extends Values> = {
  form: Form<V>
  /** Somebody else changed it under what is being entered. */
  isBehind: boolean
  /** That was noticed only when it was to be saved. */
  wasRefused: boolean
  /** What was entered shall stand, whatever came since. */
  keepMine(): void
}

type Parts<V extends Values, Output> = Omit<FormParts<V, Output>, 'save'> & {
  reading: Pick<Reading<unknown>, 'version' | 'readAgain'>
  /** Send `version` as `If-Match`: a refusal has what came since read. */
  save(values: V, version: string | undefined): Promise<Output>
  /** How what was entered is read back, where it is not kept to the letter. */
  asKept?(values: V): V
}

/**
 * `initial` is what `reading` has, as the form shows it. What somebody else changed is taken over where nothing
 * was entered; saving then waits for its author to have seen that: `Behind` asks.
 */
export function useEdit<V extends Values, Output>(parts: Parts<V, Output>): Edit<V> {
  const { initial, reading, asKept = (values) => values } = parts
  const current = { text: JSON.stringify(initial), version: reading.version }
  const seen = useRef(current)
  const saved = useRef<string>(undefined)
  const [, draw] = useState({})

  async function save(values: V): Promise<Output> {
    try {
      const done = await parts.save(values, seen.current.version)
      saved.current = JSON.stringify(asKept(values))
      return done
    } catch (error) {
      if (isOvertaken(error)) reading.readAgain()
      throw error
    }
  }

  const form = useForm({ ...parts, save })
  const isKnown = current.text === seen.current.text || current.text === saved.current
  if (isKnown || !form.isChanged) seen.current = current
  const isBehind = seen.current.version !== current.version
  const wasRefused = isOvertaken(form.error)
  return {
    // `Behind` says what that refusal says, and what can be done.
    form: isBehind && wasRefused ? { ...form, error: undefined } : form,
    isBehind,
    wasRefused,
    keepMine() {
      seen.current = current
      draw({})
    },
  }
}

function isOvertaken(error: unknown): boolean {
  return error instanceof ApiError && error.code === 'precondition_failed'
}
