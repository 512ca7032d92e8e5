// The host that an organisation has to itself: what proves it, taking it as the issuer, giving it back.

import { AppError } from '../../shared/errors.ts'
import { changeAsRead, requireVersion } from '../../shared/versions.ts'
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
  organisations: Pick<Organisations, 'read' | 'setHost' | 'changeRead'>
  audit: Audit['record']
}): Domains {
  const { proof, organisations } = parts

  async function found({ id, version }: OrganisationAct): Promise<Organisation> {
    const organisation = await organisations.read(id)
    if (!organisation) throw new AppError('not_found')
    requireVersion(version, versionOf(organisation))
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
      const change = await changeAsRead(act.version, async () => {
        const before = await found(act)
        const target = await proof.prove(before, host)
        const after = await organisations.setHost(before, target)
        return after && { target, before, after }
      })
      await note('organisation.host-set', act, change)
      return change.after
    },

    async release(act) {
      const { target, before, after } = await changeAsRead(act.version, async () => {
        const before = await found(act)
        const { host: target } = before
        if (target === undefined) return { before, after: before }
        const after = await organisations.changeRead(before, { host: undefined })
        return after && { target, before, after }
      })
      if (target !== undefined)
        await note('organisation.host-released', act, { target, before, after })
      return after
    },
  }
}
