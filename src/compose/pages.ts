// The pages that every issuer has, joined to the engine and to what they ask for: sign-in, policies, brand pictures.

import type { Middleware } from 'koa'
import { createPolicyPages } from '../../interactions/policies.ts'
import { createInteractions } from '../../interactions/routes.ts'
import { organisationOf } from '../app.ts'
import type { Engines } from '../provider/engines.ts'
import { createBrandPictures } from '../routes/brand-pictures.ts'
import type { Agreements } from '../services/identity/sign-in/agreements.ts'
import type { Brands } from '../services/organisations/brands.ts'
import type { Issuers } from '../services/organisations/issuers.ts'
import type { Policies } from '../services/organisations/policies.ts'
import { cookieNameOf, cookiePathOf } from '../shared/issuer.ts'
import type { Ground } from './ground.ts'
import type { Identity } from './identity.ts'

export function composePages(
  { clock, log }: Ground,
  parts: {
    engines: Engines
    identity: Pick<Identity, 'signIn' | 'accounts'>
    agreements: Agreements
    policies: Policies
    brands: Brands
    issuers: Issuers
  },
): Middleware[] {
  const { engines, identity } = parts
  const { issuerOf } = parts.issuers
  return [
    createBrandPictures({ organisationOf, find: parts.brands.findPicture }),
    createInteractions({
      engineOf: async (owner) => (await engines.of(owner)).interactions,
      signIn: identity.signIn,
      agreements: parts.agreements,
      emailOf: async (owner, id) =>
        (await identity.accounts.findActive(owner._id, id))?.displayEmail,
      organisationOf,
      issuerOf,
      knownBrowserCookieOf(owner) {
        const issuer = issuerOf(owner)
        return {
          name: cookieNameOf(issuer, 'known'),
          path: cookiePathOf(issuer),
          secure: issuer.startsWith('https:'),
        }
      },
      clock,
      log,
    }),
    createPolicyPages({ organisationOf, issuerOf, findVersion: parts.policies.find, clock }),
  ]
}
