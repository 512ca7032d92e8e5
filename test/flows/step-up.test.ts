// O19: a relying party that wants the customer to prove who they are anew, and how what it gets says so.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { decodeJwt } from 'jose'
import { inDays } from '../support/calendar.ts'
import { type Credentials, refresh } from '../support/endpoints.ts'
import { type Person, signedInPerson, type Tokens, tokensFor } from '../support/journeys.ts'
import {
  createRelyingParty,
  type RelyingParty,
  signIn,
  untilLeft,
} from '../support/relying-party.ts'
import { startServer, type TestServer } from '../support/server.ts'
import { wordsOf } from '../support/sign-in-pages.ts'
import type { Page } from '../support/user-agent.ts'

const SCOPE = 'openid profile:read'
const EMAIL_CODE = 'urn:foyer:acr:email-code'
const HOUR = 1 / 24

let server: TestServer
let shop: Credentials
let desk: Credentials
let party: RelyingParty

beforeAll(async () => {
  server = await startServer()
  shop = await server.register({ firstParty: true })
  desk = await server.register({ firstParty: true })
  party = await createRelyingParty(server, shop)
})
afterAll(() => server.stop())

type Parameters = { [name: string]: string }

const signed = (person: Person, client = shop, more: Parameters = {}): Promise<Tokens> =>
  tokensFor(server, person, { client, parameters: { scope: SCOPE, ...more } })

/** Whether a request shows a page, or is answered at once. */
async function asks(person: Person, parameters: Parameters): Promise<boolean> {
  const { url } = await party.authorize({ scope: SCOPE, ...parameters })
  const page = await person.agent.open(url).catch(() => undefined)
  return page !== undefined
}

describe('O19: a sign-in that must be fresh', () => {
  it.each<[name: string, parameters: Parameters]>([
    ['prompt=login', { prompt: 'login' }],
    ['max_age=0', { max_age: '0' }],
    ['max_age=1', { max_age: '1' }],
    ['a max_age that has passed', { max_age: '1800' }],
    ['prompt=login within max_age', { prompt: 'login', max_age: '36000' }],
    ['prompt=login and consent', { prompt: 'login consent' }],
  ])('by %s asks for a new code, in the same session', async (_name, parameters) => {
    const person = await signedInPerson(server)
    const before = await signed(person)
    await inDays(HOUR, async () => {
      const pending = await party.authorize({ scope: SCOPE, ...parameters })
      const page = await person.agent.open(pending.url)
      expect(wordsOf(page).heading).toBe('Sign in')
      const after = await party.exchange(
        await signIn(server, { url: pending.url, ...person }),
        pending,
      )
      const [old, fresh] = [decodeJwt(before.access_token), decodeJwt(after.access_token)]
      expect(fresh).toMatchObject({ sub: old.sub, sid: old.sid, acr: EMAIL_CODE })
      expect(Number(fresh.auth_time) - Number(old.auth_time)).toBeGreaterThanOrEqual(3600)
      expect(after.claims()).toMatchObject({ auth_time: fresh.auth_time, acr: EMAIL_CODE })
    })
  })

  it('is asked for once: the new one is good for the next who asks', async () => {
    const person = await signedInPerson(server)
    await inDays(HOUR, async () => {
      const { url } = await party.authorize({ prompt: 'login' })
      await signIn(server, { url, ...person })
      expect(await asks(person, { max_age: '600' })).toBe(false)
    })
  })

  it('is not skipped by a code that was never typed', async () => {
    const person = await signedInPerson(server)
    const { url } = await party.authorize({ scope: SCOPE, prompt: 'login' })
    const resume = ({ url }: Page) => url.replace('/sign-in/', '/oauth/authorize/')
    let page = await person.agent.open(url)
    page = await person.agent.open(resume(page))
    expect(wordsOf(page).heading).toBe('Sign in')
    page = await person.agent.submit(page, { email: person.email })
    page = await person.agent.open(resume(page))
    expect(wordsOf(page).heading).toBe('Sign in')
  })

  it('is not made by refreshing, nor by another application’s: auth_time stays', async () => {
    const person = await signedInPerson(server)
    const first = await signed(person)
    await inDays(HOUR, async () => {
      const { url } = await (await createRelyingParty(server, desk)).authorize({ prompt: 'login' })
      await signIn(server, { url, ...person })
      const { body } = await refresh(server, shop, { refresh_token: first.refresh_token })
      for (const token of [body.access_token, body.id_token])
        expect(decodeJwt(String(token))).toMatchObject({
          auth_time: first.claims()?.auth_time,
          acr: EMAIL_CODE,
        })
      const later = await signed(person, desk)
      expect(Number(later.claims()?.auth_time)).toBeGreaterThan(Number(first.claims()?.auth_time))
    })
  })

  it('is not needed within max_age', async () => {
    const person = await signedInPerson(server)
    expect(await asks(person, { max_age: '3600' })).toBe(false)
    await inDays(HOUR, async () => expect(await asks(person, { max_age: '3590' })).toBe(true))
  })

  it.each(['-1', 'x', '1.5'])('is refused with the max_age %j', async (max_age) => {
    const person = await signedInPerson(server)
    const { url } = await party.authorize({ scope: SCOPE, max_age })
    const left = await untilLeft(() => person.agent.open(url))
    expect(left.searchParams.get('error')).toBe('invalid_request')
  })
})

describe('what a sign-in is worth', () => {
  it.each([EMAIL_CODE, `urn:example:gold ${EMAIL_CODE}`, 'urn:mace:incommon:iap:gold', '1 2'])(
    'is said as it is, whatever acr_values asks for: %s',
    async (acr_values) => {
      const person = await signedInPerson(server)
      const tokens = await signed(person, shop, { acr_values })
      expect(tokens.claims()).toMatchObject({ acr: EMAIL_CODE, amr: ['otp'] })
      expect(decodeJwt(tokens.access_token)).toMatchObject({ acr: EMAIL_CODE })
    },
  )
})
