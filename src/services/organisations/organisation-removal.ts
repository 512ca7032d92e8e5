// Removing an organisation: gone at once, to be restored for 30 days, then purged part by part.

import type { AuditAction } from '@foyer/contract'
import { type Clock, DAY, SECOND } from '../../shared/clock.ts'
import { AppError, invalidField } from '../../shared/errors.ts'
import type { Log } from '../../shared/log.ts'
import { changeAsRead, requireVersion } from '../../shared/versions.ts'
import type { CollectionSpec } from '../../stores/documents.ts'
import type { OrganisationDocuments } from '../../stores/organisation-documents.ts'
import type { OrganisationRemovalStore } from '../../stores/organisation-removals.ts'
import type { Organisation } from '../../stores/organisations.ts'
import { versionOf } from '../../stores/organisations.ts'
import type { Audit, By } from '../audit/audit.ts'
import type { OrganisationAct } from './organisation-administration.ts'
import type { Organisations } from './organisations.ts'

/** How long a removed organisation can be restored, in milliseconds. */
export const RESTORABLE = 30 * DAY

/** Every process knows of the removal by then, and what it had begun before is over. */
const SETTLED = 30 * SECOND
/** Documents of one part, and parts of one turn of the job: done well within its lease. */
const PART = 500
const PARTS = 40
/** Organisations of one turn. */
const SLICE = 10
const GO_ON_AFTER = SECOND
const EVERY = 5 * SECOND

/** The job of which there is one in the whole house. */
export const TEND_REMOVALS = 'organisations.tend-removals'

export type OrganisationRemoval = {
  /**
   * Every address of the organisation is 404 from now on, in this process at once and in others within two
   * seconds. `confirmation` is its slug. Throws `not_found`, `precondition_failed`, and `invalid_fields` for
   * the default organisation or another confirmation.
   */
  remove(act: OrganisationAct, confirmation: string): Promise<Organisation>
  /**
   * As it was, but that everybody has to sign in again. Throws `not_found` when there is nothing to restore
   * any more, and `conflict` in the first seconds, while its sessions and tokens are being ended.
   */
  restore(slug: string, by: By): Promise<Organisation>
  /** Those that can be restored, in the order of their slugs. */
  listRemoved(limit: number, afterSlug?: string): Promise<Organisation[]>
  /** Also one that was purged. */
  findRemoved(slug: string): Promise<Organisation | undefined>
  /** The next steps that are due, over all organisations; `true` when more are waiting. */
  tend(): Promise<boolean>
}

export function createOrganisationRemoval(parts: {
  store: OrganisationRemovalStore
  organisations: Pick<Organisations, 'read' | 'written' | 'findDefault'>
  documents: OrganisationDocuments
  /** What a bearer or a job could still use: it goes first, and is not restored. */
  perishable: readonly CollectionSpec[]
  /** Everything else of an organisation. */
  lasting: readonly CollectionSpec[]
  audit: Audit['record']
  clock: Clock
  log: Log
}): OrganisationRemoval {
  const { store, organisations, clock, log } = parts

  /** In the organisation's own log, and in the one that platform owners read. */
  async function note(
    action: Extract<AuditAction, `organisation.${string}`>,
    { _id, slug }: Organisation,
    by: By,
  ): Promise<void> {
    const standard = await organisations.findDefault()
    const after = { slug }
    for (const organisation of [_id, ...(standard ? [standard._id] : [])])
      await parts.audit({ organisation, action, target: _id, after, ...by })
  }

  /** Whether nothing of the organisation is left in these; else as much as one turn allows is gone. */
  async function empty(
    specs: readonly CollectionSpec[],
    { _id }: Organisation,
    budget: { parts: number },
  ): Promise<boolean> {
    for (const spec of specs) {
      let removed = PART
      while (removed === PART) {
        if (budget.parts === 0) return false
        budget.parts -= 1
        removed = await parts.documents.removeSome(spec, _id, PART)
      }
    }
    return true
  }

  async function step(organisation: Organisation, budget: { parts: number }): Promise<void> {
    if (organisation.endedAt === undefined) {
      if (!(await empty(parts.perishable, organisation, budget))) return
      const dueAt = (organisation.removedAt ?? 0) + RESTORABLE
      await store.noteEnded(organisation, { at: clock.now(), dueAt })
      return
    }
    const begun = await store.beginPurge(organisation, clock.now())
    if (!begun || !(await empty([...parts.perishable, ...parts.lasting], begun, budget))) return
    // Before the last step, so that whoever is interrupted here writes it twice and not never.
    await note('organisation.purged', begun, { actor: 'system' })
    await store.finishPurge(begun)
    log.info({ organisation: begun._id }, 'an organisation was purged')
  }

  return {
    async remove({ id, by, version }, confirmation) {
      const removed = await changeAsRead(version, async () => {
        const read = await organisations.read(id)
        if (!read) throw new AppError('not_found')
        if (read.isDefault) throw refused('slug', 'is the default organisation, which stays')
        if (confirmation !== read.slug) throw refused('confirm', `must be ${read.slug}`)
        requireVersion(version, versionOf(read))
        const at = clock.now()
        return store.remove(read, { at, dueAt: at + SETTLED })
      })
      organisations.written(removed)
      await note('organisation.removed', removed, by)
      return removed
    },

    async restore(slug, by) {
      const removed = await store.findRemoved(slug)
      if (!removed || removed.purgedAt !== undefined) throw new AppError('not_found')
      const restored = await store.restore(removed, clock.now())
      if (!restored)
        throw new AppError('conflict', {
          message: 'Its sessions are still being ended: try again in a minute',
        })
      organisations.written(restored)
      await note('organisation.restored', restored, by)
      return restored
    },

    listRemoved: store.listRemoved,
    findRemoved: store.findRemoved,

    async tend() {
      const budget = { parts: PARTS }
      const due = await store.due(clock.now(), SLICE)
      for (const organisation of due) await step(organisation, budget)
      return due.length === SLICE || budget.parts === 0
    },
  }
}

/** The leased job: whoever takes it over after a kill goes on with what is left. */
export function removalJob(removal: Pick<OrganisationRemoval, 'tend'>) {
  return { run: async () => ({ again: (await removal.tend()) ? GO_ON_AFTER : EVERY }) }
}

function refused(path: string, message: string): AppError {
  return invalidField(path, message)
}
