// Which view is shown: opening, a page, or why there is none.

import { useEffect, useMemo, useState } from 'preact/hooks'
import { Skeleton } from './kit/skeleton.tsx'
import { Guarded } from './shell/guarded.tsx'
import { Live } from './shell/live.tsx'
import { Routes } from './shell/routes.tsx'
import { Trouble } from './shell/trouble.tsx'
import { type Me, OperatorProvider, operatorOf } from './state/operator.ts'
import { useRead } from './state/queries.ts'
import { readSession, type Session } from './state/session.ts'

export function App() {
  return (
    <Guarded>
      <Opened />
      <Live />
    </Guarded>
  )
}

function Opened() {
  const [session, setSession] = useState<Session>()
  const [fault, setFault] = useState<Error>()
  useEffect(() => void readSession().then(setSession, setFault), [])
  const me = useRead<Me>('/me', {}, { isOff: session === undefined })
  const operator = useMemo(
    () => (me.data && session ? operatorOf(me.data, session.email) : undefined),
    [me.data, session],
  )
  if (fault) return <Trouble error={fault} onRetry={() => location.reload()} />
  // Loaded anew: to who is no operator any more, the server itself says so.
  if (me.error && !me.data) return <Trouble error={me.error} onRetry={() => location.reload()} />
  if (!operator) return <Opening />
  return (
    <OperatorProvider value={operator}>
      <Routes />
    </OperatorProvider>
  )
}

function Opening() {
  return (
    <main class="alone" aria-busy="true">
      <Skeleton lines={4} />
    </main>
  )
}
