// For developers: which requests were made, how long the access token lives, and what the ID token says.

import { useEffect, useState } from 'preact/hooks'
import { formatInstant } from './format.ts'
import type { RequestLine, RequestLog } from './requests.ts'
import type { Session } from './session.ts'

/** Claims that are seconds since 1970. */
const INSTANTS = new Set(['auth_time', 'exp', 'iat', 'updated_at'])

export function Inspector({ session, requests }: { session: Session; requests: RequestLog }) {
  const lines = useLines(requests)
  const minutes = useMinutesLeft(session)
  const [note, setNote] = useState('')

  const refresh = (): void => {
    session.refresh().then(
      () => setNote('New tokens, without signing in again.'),
      () => setNote('The provider cannot be reached. You stay signed in.'),
    )
  }

  return (
    <section class="inspector" aria-labelledby="inspector-title">
      <h2 id="inspector-title">What just happened</h2>
      <p>
        You signed in elsewhere and came back with a code. The code, with its PKCE verifier, became
        tokens. They stay in this page's memory; the access token is good for <b>{minutes} min</b>{' '}
        and renewed before its end.
      </p>
      <button type="button" class="button" onClick={refresh}>
        Refresh tokens
      </button>
      <p class="note" role="status">
        {note}
      </p>
      <h3>Requests, newest first</h3>
      <ol class="requests">
        {lines.map((line) => (
          <li key={line.number}>
            <code>
              {line.method} {line.path.replace(/cursor=[^&]*/, 'cursor=…')}
            </code>
            <span>{resultOf(line)}</span>
          </li>
        ))}
      </ol>
      <h3>ID token</h3>
      <dl>
        {Object.entries(session.claims).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{textOf(name, value)}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}

function useLines(requests: RequestLog): readonly RequestLine[] {
  const [lines, setLines] = useState(requests.lines())
  useEffect(() => requests.onChange(() => setLines(requests.lines())), [requests])
  return lines
}

function useMinutesLeft(session: Session): number {
  const [, setNow] = useState(0)
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000)
    return () => clearInterval(timer)
  }, [])
  return Math.max(0, Math.round((session.expiresAt - Date.now() / 1000) / 60))
}

function resultOf({ status, milliseconds }: RequestLine): string {
  return status === undefined ? 'no answer' : `${status}, ${milliseconds} ms`
}

function textOf(name: string, value: unknown): string {
  if (INSTANTS.has(name) && typeof value === 'number') return `${value} (${formatInstant(value)})`
  return typeof value === 'string' ? value : JSON.stringify(value)
}
