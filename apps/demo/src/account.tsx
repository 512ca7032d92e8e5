// A signed-in customer's page: their profile, what they did at the business, and what went over the wire.

import { useEffect, useMemo, useState } from 'preact/hooks'
import { type Call, createApi } from './api.ts'
import { Inspector } from './inspector.tsx'
import { Bookings, Enquiries, Orders } from './lists.tsx'
import { Masthead } from './masthead.tsx'
import { ProfileCard } from './profile.tsx'
import type { Session } from './session.ts'
import type { Settings } from './settings.ts'

const MAX_CALLS = 30

export function Account(props: { settings: Settings; session: Session; onEnded(): void }) {
  const { settings, session, onEnded } = props
  const [calls, setCalls] = useState<readonly Call[]>([])
  const api = useMemo(
    () =>
      createApi({
        base: settings.api,
        session,
        onCall: (call) => setCalls((known) => [call, ...known].slice(0, MAX_CALLS)),
      }),
    [settings.api, session],
  )

  useEffect(() => {
    session.whenEnded.then(onEnded)
  }, [session, onEnded])

  const name = String(session.claims.name ?? session.claims.email ?? 'you')
  return (
    <>
      <Masthead>
        <button type="button" class="quiet" onClick={() => session.signOut()}>
          Sign out
        </button>
      </Masthead>
      <main class="wide">
        <h1>Hello, {name}</h1>
        <p class="lead">This is what {settings.brand} lets us see, because you said so.</p>
        <div class="columns">
          <div class="stack">
            <ProfileCard api={api} />
            <Bookings api={api} brand={settings.brand} />
            <Orders api={api} brand={settings.brand} />
            <Enquiries api={api} brand={settings.brand} />
          </div>
          <Inspector session={session} calls={calls} />
        </div>
      </main>
    </>
  )
}
