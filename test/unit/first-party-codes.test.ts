// The engine's undocumented surface under codes without a redirect: what its authorization endpoint uses itself, and we by hand.

import { expect, it } from '@jest/globals'
import { exportJWK, generateKeyPair } from 'jose'
import Provider, { type AdapterFactory } from 'oidc-provider'

const kept: { payload: object; seconds: unknown }[] = []
const nothing = async (): Promise<undefined> => undefined
const adapter: AdapterFactory = () => ({
  async upsert(_id, payload, seconds) {
    kept.push({ payload, seconds })
  },
  find: nothing,
  findByUid: nothing,
  findByUserCode: nothing,
  consume: nothing,
  destroy: nothing,
  revokeByGrantId: nothing,
})
const { privateKey } = await generateKeyPair('ES256', { extractable: true })
const provider = new Provider('http://localhost', {
  adapter,
  jwks: { keys: [await exportJWK(privateKey)] },
  features: { devInteractions: { enabled: false } },
})

it('a session that was made by hand knows its account and its clients, and is saved for as long as it is told', async () => {
  const session = new provider.Session() as unknown as {
    loginAccount(login: object): void
    ensureClientContainer(client: string): void
    sidFor(client: string): string
    authorizationFor(client: string): object
    save(seconds: number): Promise<unknown>
    uid: string
  }
  session.loginAccount({ accountId: 'acc', loginTs: 7, amr: ['otp'], acr: 'code' })
  session.ensureClientContainer('client')
  Object.assign(session.authorizationFor('client'), { grantId: 'grant' })
  await session.save(60)
  expect(kept.pop()).toMatchObject({
    payload: {
      uid: session.uid,
      accountId: 'acc',
      loginTs: 7,
      amr: ['otp'],
      acr: 'code',
      authorizations: { client: { sid: session.sidFor('client'), grantId: 'grant' } },
    },
    seconds: 60,
  })
  expect(session.sidFor('client')).toMatch(/^.{20,}$/)
})

it('an authorization code keeps all that we put into it', () => {
  // Missing from the typings.
  const { IN_PAYLOAD } = provider.AuthorizationCode as unknown as { IN_PAYLOAD: string[] }
  expect(IN_PAYLOAD).toEqual(
    expect.arrayContaining([
      ...['accountId', 'acr', 'amr', 'authTime', 'clientId', 'codeChallenge'],
      ...['codeChallengeMethod', 'dpopJkt', 'expiresWithSession', 'grantId', 'nonce'],
      ...['redirectUri', 'resource', 'scope', 'sessionUid', 'sid'],
    ]),
  )
})
