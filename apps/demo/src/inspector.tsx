// For developers: what the ID token says, how long the access token lives, and which calls were made.

import { useEffect, useState } from 'preact/hooks'
import type { Call } from './api.ts'
import type { Session } from './session.ts'

export function Inspector({ session, calls }: { session: Session; calls: readonly Call[] }) {
  const [left, setLeft] = useState(secondsLeft(session))
  const [note, setNote] = useState('')
  useEffect(() => {
    const timer = setInterval(() => setLeft(secondsLeft(session)), 1000)
    return () => clearInterval(timer)
  }, [session])

  const refresh = (): void => {
    session.refresh().then(
      () => {
        setLeft(secondsLeft(session))
        setNote('New tokens, without signing in again.')
      },
      () => setNote('The provider cannot be reached. You stay signed in.'),
    )
  }

  return (
    <aside class="inspector" aria-labelledby="inspector-title">
      <h2 id="inspector-title">What just happened</h2>
      <p>
        Authorization code with PKCE, then the Client API. The access token is good for{' '}
        <b>{Math.floor(left / 60)} min</b> more.
      </p>
      <button type="button" class="button" onClick={refresh}>
        Refresh tokens
      </button>
      <p class="note" role="status">
        {note}
      </p>
      <h3>Calls</h3>
      <ol class="calls">
        {calls.map((call, index) => (
          <li key={calls.length - index}>
            <code>
              {call.method} {call.path.replace(/cursor=[^&]*/, 'cursor=…')}
            </code>
            <span>
              {call.status}, {call.milliseconds} ms
            </span>
          </li>
        ))}
      </ol>
      <h3>ID token</h3>
      <dl>
        {Object.entries(session.claims).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{typeof value === 'string' ? value : JSON.stringify(value)}</dd>
          </div>
        ))}
      </dl>
    </aside>
  )
}

function secondsLeft(session: Session): number {
  return Math.max(0, session.expiresAt - Math.floor(Date.now() / 1000))
}
