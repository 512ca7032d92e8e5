// Which view is shown: opening, signed out, or a customer's account.

import type { Configuration } from 'openid-client'
import { useCallback, useEffect, useState } from 'preact/hooks'
import { Account } from './account.tsx'
import { Landing } from './landing.tsx'
import { Masthead } from './masthead.tsx'
import { arrive, discover, type Session, signIn, wasSignedIn } from './session.ts'
import { readSettings, type Settings } from './settings.ts'

type State =
  | { view: 'opening' }
  | { view: 'broken'; problem: string }
  | { view: 'landing'; settings: Settings; config: Configuration; notice?: string }
  | { view: 'account'; settings: Settings; config: Configuration; session: Session }

/** What a refused sign-in means to the person who came back. */
const notices: { readonly [error: string]: string } = {
  access_denied: 'You did not sign in. Nothing was shared with us.',
  failed: 'Signing in did not work this time. Please try again.',
}

async function open(): Promise<State> {
  const settings = await readSettings()
  const config = await discover(settings)
  const arrival = await arrive(config)
  const ground = { settings, config }
  if (arrival.outcome === 'signed-in')
    return { view: 'account', ...ground, session: arrival.session }
  if (arrival.outcome === 'refused' && !arrival.silent)
    return { view: 'landing', ...ground, notice: notices[arrival.error] ?? notices.failed ?? '' }
  if (arrival.outcome === 'signed-out' && wasSignedIn()) {
    await signIn(config, { scope: settings.scope, silent: true })
    return { view: 'opening' } // the browser is on its way
  }
  return { view: 'landing', ...ground }
}

export function App() {
  const [state, setState] = useState<State>({ view: 'opening' })

  useEffect(() => {
    open().then(setState, (error: unknown) =>
      setState({ view: 'broken', problem: error instanceof Error ? error.message : String(error) }),
    )
  }, [])

  const onEnded = useCallback(() => {
    setState((now) =>
      now.view === 'account'
        ? {
            view: 'landing',
            settings: now.settings,
            config: now.config,
            notice: 'Your session has ended. Please sign in again.',
          }
        : now,
    )
  }, [])

  if (state.view === 'account')
    return <Account settings={state.settings} session={state.session} onEnded={onEnded} />
  return (
    <>
      <Masthead />
      <main class="wide">
        {state.view === 'opening' && (
          <p class="opening" role="status">
            One moment …
          </p>
        )}
        {state.view === 'broken' && (
          <section class="hero">
            <h1>We cannot open just now</h1>
            <p class="lead">{state.problem}</p>
            <a class="button" href="/demo/">
              Try again
            </a>
          </section>
        )}
        {state.view === 'landing' && (
          <Landing
            brand={state.settings.brand}
            notice={state.notice}
            onSignIn={() => signIn(state.config, { scope: state.settings.scope })}
          />
        )}
      </main>
    </>
  )
}
