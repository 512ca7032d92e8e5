// Puts the console on its page.

import { render } from 'preact'
import { LocationProvider } from 'preact-iso/router'
import { createApi } from './api.ts'
import { App } from './app.tsx'
import { PartsProvider } from './state/parts.ts'
import { createQueries } from './state/queries.ts'
import { sessionSeen } from './state/session.ts'

const parts = {
  api: createApi({ fetch: (...request) => fetch(...request), onSession: sessionSeen }),
  queries: createQueries(),
}

const place = document.getElementById('app')
place?.replaceChildren() // what stood there while this was on its way
if (place)
  render(
    <LocationProvider scope={/^\/admin(\/(o|organisations)\/.*|\/?)($|\?)/}>
      <PartsProvider value={parts}>
        <App />
      </PartsProvider>
    </LocationProvider>,
    place,
  )
