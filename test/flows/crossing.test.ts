// Nothing crosses: whatever one organisation gave out is worth no more at another than what somebody made up.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose'
import { callerOf, tokensOf } from '../support/client-api.ts'
import { basic } from '../support/endpoints.ts'
import { type Possessions, possessionsAt, useAll } from '../support/possessions.ts'
import { createRelyingParty, untilLeft } from '../support/relying-party.ts'
import {
  type OtherOrganisation,
  REDIRECT_URI,
  startServer,
  type TestServer,
} from '../support/server.ts'
import { freshAddress, roomyLimits } from '../support/sign-in-pages.ts'
import { createUserAgent } from '../support/user-agent.ts'

let server: TestServer
let acme: OtherOrganisation
let bistro: OtherOrganisation
let theirs: Possessions
let ours: Possessions

beforeAll(async () => {
  server = await startServer()
  await server.changeSignIn(roomyLimits)
  acme = await server.addOrganisation('acme')
  bistro = await server.addOrganisation('bistro')
  theirs = await possessionsAt(acme)
  ours = await possessionsAt(bistro)
})
afterAll(() => server.stop())

/** What is tried: a value of another organisation, or one of the same shape that nobody ever gave out. */
type Request = { path: string; init: RequestInit }

/** As many characters, none of them as they were; of a JWT, one that says the like of others. */
function madeUp(value: string): string {
  const [header, payload, signature, ...more] = value.split('.')
  if (header && payload && signature && more.length === 0) {
    const claims = Object.entries(decodeJwt(value)).map(([name, claim]) => [
      name,
      typeof claim === 'string' && name !== 'iss' ? madeUp(claim) : claim,
    ])
    const text = JSON.stringify(Object.fromEntries(claims))
    return [header, Buffer.from(text).toString('base64url'), madeUp(signature)].join('.')
  }
  const prefix = /^(?:urn:[a-z:_]+|[a-z]{3}_)/.exec(value)?.[0] ?? ''
  const rest = value.slice(prefix.length)
  return (
    prefix + rest.replace(/[A-Za-z0-9]/g, (each) => (/[a-y0-8]/i.test(each) ? next(each) : 'a'))
  )
}

function next(character: string): string {
  return String.fromCharCode(character.charCodeAt(0) + 1)
}

const parameters = [
  ...['token', 'code', 'refresh_token', 'id_token_hint', 'request_uri', 'client_id'],
  ...['client_secret', 'login_hint', 'state', 'r'],
]

/** Every way a value can come along: in a header, a cookie, a parameter, the path. */
function requestsWith(value: string): Request[] {
  const { client } = ours
  const own = basic({ client_id: client.client_id, client_secret: client.client_secret ?? '' })
  const cookie = ['session', 'session.sig', 'interaction', 'resume', 'known']
    .map((name) => `foyer_${bistro.organisation.slug}_${name}=${value}`)
    .join('; ')
  const endpoints = ['token', 'userinfo', 'introspect', 'revoke', 'par', 'logout', 'authorize']
  const withHeaders = endpoints.flatMap((endpoint) => [
    ...[{ authorization: `Bearer ${value}` }, { authorization: `DPoP ${value}` }, { cookie }].map(
      (headers) => ({ path: `/oauth/${endpoint}`, init: { headers } }),
    ),
    { path: `/oauth/${endpoint}`, init: { method: 'POST', headers: { cookie } } },
  ])
  const withParameters = endpoints.flatMap((endpoint) =>
    parameters.flatMap((name) => {
      const fields = {
        grant_type: name === 'refresh_token' ? 'refresh_token' : 'authorization_code',
        redirect_uri: REDIRECT_URI,
        code_verifier: theirs.unspent.pending.verifier,
        ...(endpoint === 'authorize' && { response_type: 'code', client_id: client.client_id }),
        [name]: value,
      }
      return [
        {
          path: `/oauth/${endpoint}`,
          init: { method: 'POST', headers: own, body: new URLSearchParams(fields) },
        },
        { path: `/oauth/${endpoint}`, init: { method: 'POST', body: new URLSearchParams(fields) } },
        {
          path: `/oauth/${endpoint}?${new URLSearchParams(fields)}`,
          init: { headers: { cookie } },
        },
      ]
    }),
  )
  const id = encodeURIComponent(value)
  const form = (path: string, body: string) => ({
    path,
    init: { method: 'POST', headers: { cookie }, body: new URLSearchParams(body) },
  })
  const inPaths = [
    { path: `/sign-in/${id}`, init: { headers: { cookie } } },
    { path: `/sign-in/${id}?r=${id}`, init: { headers: { cookie } } },
    { path: `/oauth/authorize/${id}`, init: { headers: { cookie } } },
    { path: `/oauth/handoff/${id}`, init: { headers: { cookie } } },
    { path: `/oauth/handoff/${id}`, init: { method: 'POST' } },
    form(`/sign-in/${id}/email`, 'email=a@example.org'),
    form(`/sign-in/${id}/code`, 'code=123456'),
    form(`/sign-in/${id}/resend`, ''),
    form(`/sign-in/${id}/other-address`, ''),
    form(`/sign-in/${id}/permission`, ''),
    form(`/sign-in/${id}/cancel`, ''),
  ]
  const handOff = ['Bearer', 'DPoP'].map((scheme) => ({
    path: '/oauth/handoff',
    init: { method: 'POST', headers: { authorization: `${scheme} ${value}` } },
  }))
  return [...withHeaders, ...withParameters, ...inPaths, ...handOff, ...onOwnPages(value)]
}

/** As an application with pages of its own would, as itself and as what the value says. */
function onOwnPages(value: string): Request[] {
  const { client, page } = ours.own
  const begin = { email: 'a@example.org', code_challenge_method: 'S256' }
  const steps = [{ otp: theirs.own.otp }, { email: 'a@example.org' }, { accept: 'terms.1' }]
  const forms = [
    ...steps.map((step) => ({ auth_session: value, ...step })),
    ...steps.map((step) => ({ auth_session: value, ...client, ...step })),
    { auth_session: ours.own.session, client_id: value, otp: '123456' },
    { ...begin, client_id: value, code_challenge: 'c'.repeat(43) },
    { ...begin, ...client, code_challenge: value },
  ]
  const redeeming = [client, { client_id: value }, theirs.own.client].flatMap((by) =>
    [page, theirs.own.page].map(({ verifier }) => ({
      grant_type: 'authorization_code',
      code: value,
      code_verifier: verifier,
      ...by,
    })),
  )
  const post = (path: string, fields: { [name: string]: string }): Request => ({
    path,
    init: { method: 'POST', body: new URLSearchParams(fields) },
  })
  return [
    ...forms.map((fields) => post('/oauth/challenge', fields)),
    ...redeeming.map((fields) => post('/oauth/token', fields)),
  ]
}

/** What of an answer could tell one value from another. */
async function told({ path, init }: Request, value: string) {
  const response = await fetch(`${bistro.baseUrl}${path}`, { ...init, redirect: 'manual' })
  const text = await response.text()
  const isJson = response.headers.get('content-type')?.includes('json')
  const location = response.headers.get('location')
  return {
    status: response.status,
    error: isJson && text ? JSON.parse(text).error : undefined,
    redirectError: location && new URL(location, bistro.baseUrl).searchParams.get('error'),
    heading: /<h1>([\s\S]*?)<\/h1>/.exec(text)?.[1],
    leaks: theirs.markers.filter((marker) => marker !== value && text.includes(marker)),
  }
}

describe('at every address of another organisation', () => {
  const names = [
    ...['access token', 'opaque access token', 'refresh token', 'ID token', 'authorization code'],
    ...['client id', 'client secret', 'session cookie', 'session id', 'grant id'],
    ...['interaction uid', 'interaction cookie', 'pushed request'],
    ...['auth session', 'code of an own page', 'hand-off ticket'],
  ]

  it.each(names)('M02, M03, M04, M06, J11: the %s is worth what somebody made up', async (name) => {
    const value = theirs.credentials[name] ?? ''
    expect(value).not.toBe('')
    const invented = madeUp(value)
    const real = requestsWith(value)
    const fake = requestsWith(invented)
    expect(real.length).toBeGreaterThan(200)
    for (const [index, request] of real.entries()) {
      const answer = await told(request, value)
      const what = { method: request.init.method, path: request.path }
      expect({ ...what, ...answer }).toEqual({
        ...what,
        ...(await told(fake[index] ?? request, invented)),
        leaks: [],
      })
    }
  })

  it('and whatever was tried, all of it is as good as before at its own', async () => {
    await useAll(theirs)
    await useAll(ours)
  })
})

it('M03: a browser that is signed in at one organisation is asked to sign in at another', async () => {
  const { agent } = theirs
  const page = await agent.open((await ours.party.authorize()).url)
  expect(page.url).toContain(`${bistro.baseUrl}/sign-in/`)
  const silent = await ours.party.authorize({ prompt: 'none' })
  const answer = await untilLeft(() => createUserAgent(bistro.baseUrl).open(silent.url))
  expect(answer.searchParams.get('error')).toBe('login_required')
})

it('M01: every answer names its issuer, errors too, and a swapped one is refused', async () => {
  for (const [issuer, { party }] of [
    [acme, theirs],
    [bistro, ours],
  ] as const) {
    const { url } = await party.authorize({ prompt: 'none' })
    const answer = await untilLeft(() => createUserAgent(issuer.baseUrl).open(url))
    expect(answer.searchParams.get('iss')).toBe(issuer.baseUrl)
    expect(answer.searchParams.get('error')).toBe('login_required')
  }
  const pending = await theirs.party.authorize()
  const callback = await untilLeft(() => theirs.agent.open(pending.url))
  const swapped = await createRelyingParty(bistro, ours.client)
  await expect(swapped.exchange(callback, pending)).rejects.toMatchObject({
    code: 'OAUTH_INVALID_RESPONSE',
  })
  await theirs.party.exchange(callback, pending)
})

const SCOPE =
  'openid profile:read orders:read bookings:read enquiries:read sessions:read sessions:write'

it('J11: the Client API answers every token with its own customer, and no id of another', async () => {
  const [mine, other] = await Promise.all(
    [acme, bistro].map(async (issuer) => {
      const email = freshAddress()
      const client = await issuer.register({ kind: 'browser', firstParty: true })
      const tokens = await tokensOf({ ...server, ...issuer }, { email, client, scope: SCOPE })
      return { email, call: callerOf(server, tokens.access_token), ...tokens }
    }),
  )
  if (!mine || !other) throw new Error('two were made')
  const sessions = (await other.call('GET', '/sessions')).data.items as { id: string }[] // of the contract
  for (const path of ['/profile', '/orders', '/bookings', '/enquiries', '/sessions']) {
    const { status, text } = await mine.call('GET', path)
    expect({ path, status }).toEqual({ path, status: 200 })
    for (const marker of [other.email, other.sub, String(sessions[0]?.id)])
      expect(text).not.toContain(marker)
  }
  expect((await mine.call('DELETE', `/sessions/${sessions[0]?.id}`)).status).toBe(404)
  expect((await other.call('GET', '/sessions')).data.items).toEqual(sessions)
})

it('M10: a thousand answers to two organisations at once are never crossed', async () => {
  const documents = ['/.well-known/openid-configuration', '/oauth/jwks']
  const read = async (issuer: OtherOrganisation, path: string) =>
    (await fetch(`${issuer.baseUrl}${path}`)).text()
  const expected = new Map<string, string>()
  for (const issuer of [acme, bistro])
    for (const path of documents) expected.set(`${issuer.baseUrl}${path}`, await read(issuer, path))
  expect(new Set(expected.values()).size).toBe(4)
  for (let round = 0; round < 25; round += 1)
    await Promise.all(
      Array.from({ length: 40 }, async (_, at) => {
        const issuer = at % 2 === 0 ? acme : bistro
        const path = documents[(at >> 1) % 2] ?? ''
        expect(await read(issuer, path)).toBe(expected.get(`${issuer.baseUrl}${path}`))
      }),
    )
  const names = await Promise.all(
    Array.from({ length: 40 }, async (_, at) => {
      const [issuer, { party }] = at % 2 === 0 ? [acme, theirs] : [bistro, ours]
      const page = await createUserAgent(issuer.baseUrl).open((await party.authorize()).url)
      return page.html.includes(`The ${issuer.organisation.slug}`)
    }),
  )
  expect(names).toEqual(names.map(() => true))
})

it('M11: a token of one organisation does not verify with the keys of another', async () => {
  const keysOf = ({ baseUrl }: OtherOrganisation) =>
    createRemoteJWKSet(new URL(`${baseUrl}/oauth/jwks`))
  const token = theirs.credentials['access token'] ?? ''
  await expect(jwtVerify(token, keysOf(acme))).resolves.toBeDefined()
  await expect(jwtVerify(token, keysOf(bistro))).rejects.toMatchObject({
    code: 'ERR_JWKS_NO_MATCHING_KEY',
  })
})
