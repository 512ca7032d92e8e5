// Which organisation an address belongs to: one issuer each, found by host first, then by path.

import type { Organisation } from '../../stores/organisations.ts'
import type { Organisations } from './organisations.ts'

export type Resolution =
  /** `path` is what is asked of the issuer, with its query; `mount` is what stood in front of it. */
  | { outcome: 'found'; organisation: Organisation; mount: string; path: string }
  /** The organisation has another address, where the same path is. */
  | { outcome: 'moved'; address: string }
  | { outcome: 'unknown-host' }
  | { outcome: 'unknown-organisation' }

export type Issuers = {
  /** The issuer of an organisation: `BASE_URL`, a path below it, or a host of its own. */
  issuerOf(organisation: Organisation): string
  /** The organisation of an issuer, spelled exactly so; `undefined` for what is no issuer here. */
  organisationOf(issuer: string): Promise<Organisation | undefined>
  /** The organisation of a request. `host` as its header says, `target` its path and query. */
  resolve(request: { host: string; target: string }): Promise<Resolution>
}

/** `/o/{slug}` and what follows it. Exactly as spelled: nothing is decoded, folded or tidied first. */
const IN_PATH = /^\/o\/([a-z0-9-]{1,40})(\/[^?]*)?(\?.*)?$/
/** The path form of RFC 8414, 3.1, where the issuer's path comes last. */
const METADATA =
  /^(\/\.well-known\/(?:openid-configuration|oauth-authorization-server))\/o\/([a-z0-9-]{1,40})(\?.*)?$/

export function createIssuers(parts: {
  baseUrl: string
  organisations: Pick<Organisations, 'findDefault' | 'findBySlug' | 'findByHost'>
}): Issuers {
  const { baseUrl, organisations } = parts
  const { host: ownHost, protocol } = new URL(baseUrl)

  function mountOf(organisation: Organisation): string {
    return organisation.isDefault || organisation.host ? '' : `/o/${organisation.slug}`
  }

  function issuerOf(organisation: Organisation): string {
    if (organisation.isDefault) return baseUrl
    return organisation.host
      ? `${protocol}//${organisation.host}`
      : `${baseUrl}${mountOf(organisation)}`
  }

  const found = (organisation: Organisation, path: string): Resolution => ({
    outcome: 'found',
    organisation,
    mount: mountOf(organisation),
    path,
  })

  async function below(slug: string, path: string): Promise<Resolution> {
    const organisation = await organisations.findBySlug(slug)
    if (!organisation) return { outcome: 'unknown-organisation' }
    if (organisation.isDefault || organisation.host)
      return { outcome: 'moved', address: `${issuerOf(organisation)}${path}` }
    return found(organisation, path)
  }

  /** Asked with every access token: addresses are parsed only where it takes that. */
  async function candidateFor(issuer: string): Promise<Organisation | undefined> {
    if (issuer === baseUrl) return organisations.findDefault()
    if (issuer.startsWith(`${baseUrl}/o/`))
      return organisations.findBySlug(issuer.slice(baseUrl.length + 3))
    const host = URL.parse(issuer)?.host
    return host === undefined ? undefined : organisations.findByHost(host)
  }

  return {
    issuerOf,

    async organisationOf(issuer) {
      const organisation = await candidateFor(issuer)
      return organisation && issuerOf(organisation) === issuer ? organisation : undefined
    },

    async resolve({ host, target }) {
      if (host !== ownHost) {
        const organisation = await organisations.findByHost(host)
        return organisation ? found(organisation, target) : { outcome: 'unknown-host' }
      }
      const inPath = IN_PATH.exec(target)
      if (inPath) {
        const [, slug = '', path = '/', query = ''] = inPath
        return below(slug, `${path}${query}`)
      }
      const inMetadata = METADATA.exec(target)
      if (inMetadata) {
        const [, document = '', slug = '', query = ''] = inMetadata
        return below(slug, `${document}${query}`)
      }
      const organisation = await organisations.findDefault()
      return organisation ? found(organisation, target) : { outcome: 'unknown-organisation' }
    },
  }
}
