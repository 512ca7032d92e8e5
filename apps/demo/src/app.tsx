// Which view is shown: opening, signed out, or a customer's account.

import type { Configuration } from 'openid-client'
import { useCallback, useEffect, useState } from 'preact/hooks'
import { Account } from './account.tsx'
import { Landing } from './landing.tsx'
import { Masthead } from './masthead.tsx'
import type { RequestLog } from './requests.ts'
import { type Arrival, arrive, discover, type Session, signIn, wasSignedIn } from './session.ts'
import { readSettings, type Settings } from './settings.ts'

type Ground = { settings: Settings; config: Configuration }

type State =
  | { view: 'opening' }
  | { view: 'closed' }
  | (Ground & { view: 'landing'; notice?: string })
  | (Ground & { view: 'account'; session: Session })

const ENDED = 'Your session has ended. Please sign in again.'

/** What has to be said to somebody who came back without a session. */
function noticeOf(arrival: Arrival, brand: string): string | undefined {
  if (arrival.outcome !== 'refused') return undefined
  if (arrival.occasion === 'left') return `You are signed out, here and at ${brand}.`
  if (arrival.occasion === 'loaded-anew') return ENDED
  if (arrival.error === 'access_denied') return 'You did not sign in. Nothing was shared with us.'
  return 'Signing in did not work this time. Please try again.'
}

async function open(requests: RequestLog): Promise<State> {
  const settings = await readSettings()
  const config = await discover(settings, requests)
  const arrival = await arrive(config)
  const ground = { settings, config }
  if (arrival.outcome === 'signed-in')
    return { ...ground, view: 'account', session: arrival.session }
  const isBack = arrival.outcome === 'left'
  if (isBack || (arrival.outcome === 'nothing' && wasSignedIn())) {
    await signIn(config, { scope: settings.scope, occasion: isBack ? 'left' : 'loaded-anew' })
    return { view: 'opening' } // the browser is on its way
  }
  const notice = noticeOf(arrival, settings.brand)
  return { ...ground, view: 'landing', ...(notice && { notice }) }
}

export function App({ requests }: { requests: RequestLog }) {
  const [state, setState] = useState<State>({ view: 'opening' })

  useEffect(() => {
    open(requests).then(setState, () => setState({ view: 'closed' }))
  }, [requests])

  const onEnded = useCallback(() => {
    setState((now) => (now.view === 'account' ? { ...now, view: 'landing', notice: ENDED } : now))
  }, [])

  switch (state.view) {
    case 'account':
      return <Account {...state} requests={requests} onEnded={onEnded} />
    case 'landing':
      return (
        <Landing
          brand={state.settings.brand}
          shop={state.settings.shop}
          notice={state.notice}
          onSignIn={() => signIn(state.config, { scope: state.settings.scope, occasion: 'asked' })}
        />
      )
    default:
      return <Waiting isClosed={state.view === 'closed'} />
  }
}

function Waiting({ isClosed }: { isClosed: boolean }) {
  return (
    <>
      <Masthead />
      <main class="wide waiting">
        {isClosed ? (
          <>
            <h1>We cannot open just now</h1>
            <p class="lead">Where you sign in does not answer. Please try again in a moment.</p>
            <a class="button" href="/demo/">
              Try again
            </a>
          </>
        ) : (
          <p role="status">One moment …</p>
        )}
      </main>
    </>
  )
}
