// The engine's configuration, held against everything that the engine lets one choose.

import { beforeAll, describe, expect, it } from '@jest/globals'
import type { Configuration } from 'oidc-provider'
import { engineOptions } from '../../src/provider/options.ts'
import { resolveLifetimes } from '../../src/services/identity/clients/lifetimes.ts'

type Tree = { readonly [key: string]: unknown }

const nothing = (): never => {
  throw new TypeError('configured, not called')
}

const options = engineOptions({
  clock: { now: () => 0 },
  chosen: resolveLifetimes(),
  hasEnded: async () => false,
  consoleClient: 'console',
  isHandedOn: nothing,
  issuer: 'https://auth.example.com',
  adapter: nothing,
  keys: { signing: [], published: [], retired: [], changesAt: 0 },
  cookieDigests: nothing,
  pages: { signOut: nothing, signedOut: nothing, passOn: nothing, error: nothing },
  clientMetadata: [],
  findAccount: nothing,
  loadExistingGrant: nothing,
  resources: {
    enabled: true,
    defaultResource: nothing,
    useGrantedResource: nothing,
    getResourceServerInfo: nothing,
  },
  extraTokenClaims: nothing,
  fetch: nothing,
  locales: ['en'],
  restarts: {
    tokenOf: nothing,
    keep: nothing,
    askWhetherAnswered: nothing,
    view: nothing,
    ask: nothing,
    answerOnce: nothing,
  },
})

/** What is not chosen here, because something else makes it meaningless. */
const leftAlone: { readonly [path: string]: string } = {
  clientDefaults: 'adapters/oidc writes every one of them for each client',
  pairwiseIdentifier: 'subjectTypes has public only',
  sectorIdentifierUriValidate: 'subjectTypes has public only',
  fetchResponseBodyLimits: 'no client has a jwks_uri or a sector_identifier_uri',
  'ttl.BackchannelAuthenticationRequest': 'features.ciba is off',
  'ttl.DeviceCode': 'features.deviceFlow is off',
  'ttl.PreAuthorizedCode': 'features.openid4vci is off',
  'features.dPoP.nonceSecret': 'no nonces: proofs are good once, and for their minute',
  'features.dPoP.requireNonce': 'no nonces',
}

/** Groups of settings, each of which is chosen one by one. */
const groups = ['', 'features', 'ttl', 'cookies', 'interactions']

const at = (tree: unknown, path: string): unknown =>
  path
    .split('.')
    .filter(Boolean)
    .reduce((node: unknown, key) => (node as Tree | undefined)?.[key], tree)

describe('the engine’s configuration', () => {
  let defaults: Tree

  beforeAll(async () => {
    const inside = 'oidc-provider/lib/helpers/defaults.js' // it has no types
    defaults = ((await import(inside)) as { defaults: Tree }).defaults
  })

  const keysOf = (path: string): string[] => Object.keys(at(defaults, path) as Tree)
  const isChosen = (path: string): boolean => at(options, path) !== undefined || path in leftAlone
  const isOff = (feature: string): boolean => at(options, `features.${feature}.enabled`) === false

  it.each(groups)('chooses every setting under "%s"', (group) => {
    const paths = keysOf(group).map((key) => (group ? `${group}.${key}` : key))
    expect(paths.filter((path) => !isChosen(path))).toEqual([])
  })

  it('says of each feature whether it is on, and of those that are on all that can be said', () => {
    for (const feature of keysOf('features')) {
      const path = `features.${feature}`
      expect([path, typeof at(options, `${path}.enabled`)]).toEqual([path, 'boolean'])
      if (isOff(feature)) continue
      const settings = keysOf(path).map((key) => `${path}.${key}`)
      expect(settings.filter((setting) => !isChosen(setting))).toEqual([])
    }
  })

  it('leaves alone only what exists', () => {
    for (const path of Object.keys(leftAlone)) {
      const [, group = '', key = path] = /^(.*)\.([^.]+)$/.exec(path) ?? []
      expect(keysOf(group)).toContain(key)
    }
  })

  it('has no symmetric algorithm: secrets are digests, and their placeholders must not verify', () => {
    expect(JSON.stringify((options as Configuration).enabledJWA)).not.toContain('HS')
  })
})
