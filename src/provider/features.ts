// Which of the engine's features are on: each one chosen, with the reason.

import type { Configuration, KoaContextWithOIDC } from 'oidc-provider'
import { type RegistrationParts, registrationFeatures } from './registration.ts'
import { recordOf } from './seam.ts'

type Features = NonNullable<Configuration['features']>

/** The pages that the engine shows around signing out; HTML goes into `ctx.body`. */
export type SignOutPages = {
  signOut(ctx: KoaContextWithOIDC, form: { action: string; xsrf: string }): void
  /** `isOver` is false when the person chose to stay signed in. */
  signedOut(ctx: KoaContextWithOIDC, end: { isOver: boolean }): void
}

type FeatureParts = {
  pages: SignOutPages
  resources: Features['resourceIndicators']
  /** Left out: clients come from operators alone. */
  registration?: RegistrationParts | undefined
}

export function features({ pages, resources, registration }: FeatureParts): Features {
  return {
    ...on(resources),
    rpInitiatedLogout: {
      enabled: true,
      logoutSource: (ctx) =>
        pages.signOut(ctx, {
          action: ctx.oidc.urlFor('end_session_confirm'),
          xsrf: String(ctx.oidc.session?.state?.secret ?? ''),
        }),
      async postLogoutSuccessSource(ctx) {
        const session = await ctx.oidc.provider.Session.get(ctx)
        pages.signedOut(ctx, { isOver: !session.accountId })
      },
    },
    ...off,
    ...(registration && registrationFeatures(registration)),
  }
}

const on = (resources: Features['resourceIndicators']) =>
  ({
    backchannelLogout: { enabled: true }, // from stored jobs, see logout.ts
    clientCredentials: { enabled: true },
    pushedAuthorizationRequests: {
      enabled: true,
      requirePushedAuthorizationRequests: false, // stock libraries do not push
      allowUnregisteredRedirectUris: false,
    },
    resourceIndicators: resources,
    // ES256 keys sign by themselves, see elliptic-key.ts.
    externalSigningSupport: { enabled: true, ack: 'experimental-01' },
    userinfo: { enabled: true },
    jwtUserinfo: { enabled: true }, // for who registers for it: certification asks for it
    dPoP: { enabled: true, allowReplay: false }, // RFC 9449: by the client's choice
    introspection: {
      enabled: true,
      allowedPolicy: (_ctx, client, token) => mayIntrospect(client, token.clientId),
    },
    revocation: {
      enabled: true,
      allowedPolicy: (_ctx, client, token) => token.clientId === client.clientId,
    },
  }) satisfies Features

type Asking = { clientId: string; clientAuthMethod?: string | undefined }

/** A client may ask about its own tokens; the business's own servers, which prove who they are, about any. */
export function mayIntrospect(client: Asking, owner: string | undefined): boolean {
  if (client.clientId === owner) return true
  return client.clientAuthMethod !== 'none' && recordOf(client).firstParty
}

const off = {
  devInteractions: { enabled: false }, // our own pages
  claimsParameter: { enabled: false }, // every claim stands behind a scope that the customer can read
  requestObjects: { enabled: false }, // PAR does what they did, without parsing foreign JWTs
  registration: { enabled: false }, // only where the organisation wants it, see registration.ts
  registrationManagement: { enabled: false },
  deviceFlow: { enabled: false }, // no application without a browser has asked for it
  ciba: { enabled: false }, // the customer is always in front of a browser
  encryption: { enabled: false }, // TLS is there; encrypted ID tokens lock stock libraries out
  jwtIntrospection: { enabled: false }, // these two sign answers that TLS protects already
  jwtResponseModes: { enabled: false },
  fapi: { enabled: false },
  mTLS: { enabled: false }, // TLS ends at a proxy, which would have to be trusted with certificates
  richAuthorizationRequests: { enabled: false }, // scopes say all that the Client API knows
  rpMetadataChoices: { enabled: false },
  // Drafts, whose behaviour changes between minor versions of the engine:
  attestClientAuth: { enabled: false },
  clientIdMetadataDocument: { enabled: false },
  openid4vci: { enabled: false },
  webMessageResponseMode: { enabled: false },
} as const satisfies Features
