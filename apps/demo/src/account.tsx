// A signed-in customer's page: their profile, what they did at the business, and what went over the wire.

import { useEffect, useMemo } from 'preact/hooks'
import { createApi } from './api.ts'
import { Inspector } from './inspector.tsx'
import { Bookings, Enquiries, Orders } from './lists.tsx'
import { Masthead } from './masthead.tsx'
import { ProfileCard } from './profile.tsx'
import type { RequestLog } from './requests.ts'
import type { Session } from './session.ts'
import type { Settings } from './settings.ts'

export function Account(props: {
  settings: Settings
  session: Session
  requests: RequestLog
  onEnded(): void
}) {
  const { settings, session, requests, onEnded } = props
  const { api: base, brand } = settings
  const api = useMemo(() => createApi({ base, session, requests }), [base, session, requests])

  useEffect(() => {
    session.whenEnded.then(onEnded)
  }, [session, onEnded])

  const { given_name: name } = session.claims
  return (
    <>
      <Masthead>
        <button type="button" class="quiet" onClick={() => session.signOut()}>
          Sign out
        </button>
      </Masthead>
      <main>
        <div class="band">
          <div class="wide greeting">
            <h1>{name ? `Hello, ${name}` : 'Hello'}</h1>
            <p class="lead">This is what {brand} lets us see, because you said so.</p>
          </div>
        </div>
        <div class="wide columns">
          <div class="stack">
            <ProfileCard api={api} brand={brand} />
            <Bookings api={api} brand={brand} />
            <Orders api={api} brand={brand} />
            <Enquiries api={api} brand={brand} />
          </div>
          <Inspector session={session} requests={requests} />
        </div>
      </main>
    </>
  )
}
