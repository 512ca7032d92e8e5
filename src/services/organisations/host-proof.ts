// That a host is an organisation's: a DNS record that only who holds the name can make.

import { type AppError, invalidField } from '../../shared/errors.ts'
import type { Keyring } from '../../shared/secrets.ts'
import type { Organisation } from '../../stores/organisations.ts'

/** Labels of letters, digits and hyphens; no address, no port. */
const NAME =
  /^(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/

/** A TXT record that proves a host. */
export type HostRecord = {
  host: string
  /** Where it is to stand. */
  name: string
  value: string
  /** Not for names that never leave the machine. */
  isNeeded: boolean
  isFound: boolean
}

type ProofRecord = { name: string; value: string; accepted: readonly string[] }

export type HostProof = ReturnType<typeof hostProof>

export function hostProof(parts: {
  baseUrl: string
  isProduction: boolean
  keyring: Keyring
  /** The TXT records of a name; rejects when there is none. */
  resolveTxt(name: string): Promise<string[][]>
}) {
  const { baseUrl, isProduction, keyring } = parts
  const own = new URL(baseUrl)

  /** Its value, and what it may be under other values of `SECRET`: it was set while that was rotated. */
  function recordOf(organisation: Organisation, host: string): ProofRecord {
    const textOf = (digest: string): string => `foyer-organisation=${digest}`
    return {
      name: `_foyer.${host}`,
      value: textOf(keyring.digest('host-proof', organisation._id, host)),
      accepted: keyring.digests('host-proof', organisation._id, host).map(textOf),
    }
  }

  /** Names under `localhost` never leave the machine (RFC 6761, 6.3): outside production they need no proof. */
  function needsNoProof(host: string): boolean {
    return !isProduction && host.endsWith('.localhost')
  }

  function refuse(message: string): AppError {
    return invalidField('host', message)
  }

  /** The name as it is looked up. Throws `invalid_fields` for what cannot be a host of the organisation. */
  function read(organisation: Organisation, name: string): string {
    const host = name.trim().toLowerCase()
    if (!NAME.test(host)) throw refuse('must be a host name such as id.example.com')
    if (organisation.isDefault) throw refuse('the default organisation is at BASE_URL: change that')
    const { hostname } = own
    if (host === hostname || hostname.endsWith(`.${host}`))
      throw refuse('must not be the host of BASE_URL, or above it')
    return host
  }

  return {
    /** What to set, and whether it is there already. Throws `invalid_fields` with what makes the name unfit. */
    async look(organisation: Organisation, name: string): Promise<HostRecord> {
      const host = read(organisation, name)
      const record = recordOf(organisation, host)
      const { name: at, value } = record
      const isNeeded = !needsNoProof(host)
      const isFound = isNeeded && (await hasRecord(record))
      return { host, name: at, value, isNeeded, isFound }
    },

    /**
     * The host as requests name it, with the port that `BASE_URL` has. Throws `invalid_fields` with the
     * record that is missing, or with what makes the name unfit.
     */
    async prove(organisation: Organisation, name: string): Promise<string> {
      const host = read(organisation, name)
      const record = recordOf(organisation, host)
      if (!needsNoProof(host) && !(await hasRecord(record)))
        throw refuse(`needs a DNS record first: ${record.name} TXT "${record.value}"`)
      return own.port ? `${host}:${own.port}` : host
    },
  }

  async function hasRecord({ name, accepted }: ProofRecord): Promise<boolean> {
    try {
      // A long record comes in pieces (RFC 7208, 3.3).
      return (await parts.resolveTxt(name)).some((pieces) => accepted.includes(pieces.join('')))
    } catch {
      return false // there is no such name, or nobody who knows: no proof either way
    }
  }
}
