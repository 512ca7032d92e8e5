// What every relying party is put through, whatever it is written in: the same table for all.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { eventually } from '../../support/eventually.ts'
import { untilLeft } from '../../support/relying-party.ts'
import { wordsOf } from '../../support/sign-in-pages.ts'
import type { Command } from './application.ts'
import { type Installation, startInstallation } from './installation.ts'
import { type ClientOfParty, publicClient, type RelyingParty, secretClient } from './party.ts'
import { issuerRefusal, nothingForged, refusals, renewalRefusals, tryToSignIn } from './refusals.ts'
import { type RunningParty, startParty } from './running-party.ts'
import { describeWithTools } from './tools.ts'
import { goTo } from './walk.ts'

/** Milliseconds; with nothing fetched yet, on a slow machine. */
const BUILD_TIME = 480_000

export function describeRelyingParty(party: RelyingParty): void {
  describeWithTools(party.name, party.tools, () => {
    let installation: Installation
    let command: Command
    beforeAll(async () => {
      ;[installation, command] = await Promise.all([startInstallation(), party.build()])
    }, BUILD_TIME)
    afterAll(() => installation?.stop())

    describe.each(party.clients ?? [secretClient, publicClient])('as $title', (client) => {
      let run: RunningParty
      beforeAll(async () => {
        run = await startParty(party, client, { installation, command })
      }, BUILD_TIME)
      afterAll(() => run?.stop())

      signsIn(() => run)
      renews(() => run, client)
      renewsOnlyWhatFits(() => run)
      refuses(() => run, party)
      signsOut(() => run, party)
    })
    party.more?.(() => ({ installation, command }))
  })
}

function signsIn(running: () => RunningParty): void {
  it('finds the issuer by discovery, and signs a customer in by code and PKCE', async () => {
    const { issuer, clientId, installation, ...run } = running()
    const visit = run.visit()
    const url = await run.begin(visit)
    const asked = Object.fromEntries(url.searchParams)
    expect(asked).toMatchObject({ response_type: 'code', code_challenge_method: 'S256' })
    expect(asked).toMatchObject({ state: expect.any(String), nonce: expect.any(String) })

    const shown = await run.account(visit, await run.walkPages(visit, url))
    expect(shown.claims).toMatchObject({ iss: issuer, nonce: asked.nonce, email: visit.email })
    expect([shown.claims.aud].flat()).toEqual([clientId])
    expect(shown.userinfo).toMatchObject({ sub: shown.claims.sub, email: visit.email })
    expect(shown.profile).toMatchObject({ email: visit.email })

    const { pathname } = new URL(issuer)
    const paths = installation.relay.passed.filter(({ status }) => status === 200)
    for (const path of ['.well-known/openid-configuration', 'oauth/jwks', 'oauth/userinfo'])
      expect(paths.map((each) => each.path)).toContain(`${pathname.replace(/\/$/, '')}/${path}`)
    const [exchange] = run.grants('authorization_code').slice(-1)
    expect(exchange?.form.get('code_verifier')).toMatch(/^[\w.~-]{43,128}$/)
    expect(exchange?.status).toBe(200)
  })
}

function renews(running: () => RunningParty, { kind }: ClientOfParty): void {
  it('renews its tokens, and accepts the new ID token', async () => {
    const { installation, issuer, ...run } = running()
    const visit = await run.signedIn()
    const { claims } = await run.account(visit)
    const from = installation.relay.passed.length
    for (const _again of [1, 2]) {
      const shown = await run.account(visit)
      expect(shown.claims).toMatchObject({ iss: issuer, sub: claims.sub })
      expect(shown.profile).toMatchObject({ email: visit.email })
    }
    const refreshes = run.grants('refresh_token', from)
    expect(refreshes.length).toBeGreaterThanOrEqual(2)
    expect(refreshes.every(({ status }) => status === 200)).toBe(true)
    const shown = new Set(refreshes.map(({ form }) => form.get('refresh_token')))
    // A public client's are for one use each; another's is kept until it has grown old.
    expect(shown.size).toBe(kind === 'native' ? refreshes.length : 1)
  })
}

function renewsOnlyWhatFits(running: () => RunningParty): void {
  it.each(renewalRefusals)('refuses a renewed ID token %s', async (_what, { alter }) => {
    const run = running()
    const visit = await run.signedIn()
    const reached = await run.installation.relay.during(alter?.(run), () =>
      goTo(visit.here, '/account'),
    )
    const isShown = !(reached instanceof URL) && reached.html.includes(visit.email)
    expect(isShown).toBe(false)
  })
}

function refuses(running: () => RunningParty, { comparesIssuer }: RelyingParty): void {
  it('takes an ID token that was made as those it refuses, with nothing wrong in it', async () => {
    const run = running()
    const visit = await tryToSignIn(run, nothingForged)
    expect((await run.account(visit)).profile).toMatchObject({ email: visit.email })
  })

  it.each([...refusals, ...(comparesIssuer ? [issuerRefusal] : [])])(
    'refuses %s',
    async (_what, refusal) => {
      const run = running()
      const visit = await tryToSignIn(run, refusal)
      // It shows nothing, and begins anew.
      expect((await run.begin(visit)).href).toContain(`${run.issuer}/oauth/authorize?`)
    },
  )
}

function signsOut(running: () => RunningParty, party: RelyingParty): void {
  it('signs the customer out, at the issuer too', async () => {
    const { issuer, application, ...run } = running()
    const { here, there, ...visit } = await run.signedIn()
    const url = await party.signOut(here)
    expect(url.href).toContain(`${issuer}/oauth/logout?`)
    const home = await untilLeft(async () => there.submit(await there.open(url)))
    expect(`${home.origin}${home.pathname}`).toBe(`${application.origin}/`)
    expect((await here.open(home)).html).toContain('The shop')
    const asked = await there.open(await run.begin({ here, there, ...visit }))
    expect(wordsOf(asked).heading).toBe('Sign in')
  })

  it('learns that the session was ended elsewhere', async () => {
    const { issuer, back, installation, ...run } = running()
    const visit = await run.signedIn()
    const [told, from] = [back?.passed.length ?? 0, installation.relay.passed.length]
    await visit.there.submit(await visit.there.open(`${issuer}/oauth/logout`))
    if (back) {
      const calls = () => back.passed.slice(told).filter(({ path }) => path === party.backChannel)
      const call = await eventually(async () => {
        const [first] = calls()
        if (!first) throw new Error('it was not told')
        return first
      })
      expect(call.status).toBeLessThan(300)
    }
    expect((await run.begin(visit)).href).toContain(`${issuer}/oauth/authorize?`)
    // Who is told does not have to ask.
    expect(run.grants('refresh_token', from).length > 0).toBe(!back)
  })
}
