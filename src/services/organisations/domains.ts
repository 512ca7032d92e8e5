// The host that an organisation has to itself: what proves it, taking it as the issuer, giving it back.

import { AppError } from '../../shared/errors.ts'
import type { Organisation } from '../../stores/organisations.ts'
import { versionOf } from '../../stores/organisations.ts'
import type { Audit } from '../audit/audit.ts'
import type { HostProof, HostRecord } from './host-proof.ts'
import type { OrganisationAct } from './organisation-administration.ts'
import type { Organisations } from './organisations.ts'

export type Domains = {
  /** The record that would prove a host, and whether it is there. Throws `invalid_fields` for an unfit name. */
  look(organisation: Organisation, host: string): Promise<HostRecord>
  /**
   * Its issuer from now on. Throws `invalid_fields` when the record is missing or another has the host,
   * `not_found`, and `precondition_failed`.
   */
  set(act: OrganisationAct, host: string): Promise<Organisation>
  /** Its issuer is below `BASE_URL` again; whatever was issued under the host is refused. */
  release(act: OrganisationAct): Promise<Organisation>
}

export function createDomains(parts: {
  proof: HostProof
  organisations: Pick<Organisations, 'read' | 'setHost' | 'change'>
  audit: Audit['record']
}): Domains {
  const { proof, organisations } = parts

  async function found({ id, version }: OrganisationAct): Promise<Organisation> {
    const organisation = await organisations.read(id)
    if (!organisation) throw new AppError('not_found')
    if (version !== undefined && version !== versionOf(organisation))
      throw new AppError('precondition_failed')
    return organisation
  }

  async function note(
    action: 'organisation.host-set' | 'organisation.host-released',
    { id, by }: OrganisationAct,
    change: { target: string; before: Organisation; after: Organisation },
  ): Promise<void> {
    await parts.audit({ organisation: id, action, ...change, ...by })
  }

  return {
    look: proof.look,

    async set(act, host) {
      const before = await found(act)
      const target = await proof.prove(before, host)
      const after = await organisations.setHost(act.id, target, versionOf(before))
      await note('organisation.host-set', act, { target, before, after })
      return after
    },

    async release(act) {
      const before = await found(act)
      const { host: target } = before
      if (target === undefined) return before
      const after = await organisations.change(act.id, { host: undefined }, versionOf(before))
      await note('organisation.host-released', act, { target, before, after })
      return after
    },
  }
}
