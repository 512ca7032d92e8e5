// A refusal in the words of the page: at its own fields, and what to do where somebody else was faster with an act.

import { ApiError, type FieldProblem } from '../../api.ts'

/** By the path in the API: the field of the page, and what it is called there. */
export type FieldNames = { readonly [path: string]: { name: string; label: string } }

const CONFLICT =
  'Somebody else changed this since you read it. What they changed is shown now: look at it, and try again.'

/**
 * For the `catch` of what is sent: throws the same refusal, with sentences at the fields of the page. What is
 * said of no field becomes the sentence of the whole. `readAgain` reads what is kept now, where no form does it.
 */
export function retold(words: {
  fields?: FieldNames
  readAgain?: () => void
  /** Puts a sentence of the server into the words of the page. */
  inWords?: (text: string) => string
}) {
  const fields = new Map(Object.entries(words.fields ?? {}))
  // Of a list the whole is the field.
  const fieldOf = (path: string) => fields.get(path) ?? fields.get(path.replace(/\.\d+$/, ''))
  return (error: unknown): never => {
    if (!(error instanceof ApiError)) throw error
    const isConflict = words.readAgain !== undefined && error.code === 'precondition_failed'
    if (isConflict) words.readAgain?.()
    const details = error.details.flatMap(({ path, message }) => {
      const field = fieldOf(path)
      return field ? [{ path: field.name, message: sentence(field.label, message) }] : []
    })
    const others = error.details.filter(({ path }) => !fieldOf(path))
    const message = isConflict ? CONFLICT : messageOf(error, others)
    throw withFacts(error, { message: words.inWords?.(message) ?? message, details })
  }
}

function messageOf(error: ApiError, others: readonly FieldProblem[]): string {
  return others.length > 0 ? others.map(({ message }) => message).join(' ') : error.message
}

function sentence(label: string, message: string): string {
  const isPredicate = /^(must|is|needs|has) /.test(message)
  const text = isPredicate ? `${label} ${message}` : `${label}: ${message}`
  return text.endsWith('.') ? text : `${text}.`
}

function withFacts(
  { code, status, requestId }: ApiError,
  { message, details }: { message: string; details: readonly FieldProblem[] },
): ApiError {
  return new ApiError(message, {
    code,
    status,
    details,
    ...(requestId !== undefined && { requestId }),
  })
}
