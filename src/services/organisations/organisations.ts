// Organisations: the default one, made at the first start.

import type { Clock } from '../../shared/clock.ts'
import { newId } from '../../shared/ids.ts'
import { AlreadyExists } from '../../stores/errors.ts'
import type { Organisation, OrganisationStore } from '../../stores/organisations.ts'

export type Organisations = {
  /** The default organisation, made under this name when the store is empty. Many at once make one. */
  ensureDefault(name: string): Promise<{ organisation: Organisation; isNew: boolean }>
}

export function createOrganisations(parts: {
  store: OrganisationStore
  clock: Clock
}): Organisations {
  const { store, clock } = parts

  return {
    async ensureDefault(name) {
      const known = await store.findDefault()
      if (known) return { organisation: known, isNew: false }
      const organisation: Organisation = {
        _id: newId('org', clock),
        slug: slugOf(name),
        name,
        isDefault: true,
        locale: 'en',
        timeZone: 'Europe/London',
        currency: 'GBP',
        makesCustomers: true,
        createdAt: clock.now(),
      }
      try {
        await store.insert(organisation)
        return { organisation, isNew: true }
      } catch (error) {
        const other = error instanceof AlreadyExists ? await store.findDefault() : undefined
        if (!other) throw error
        return { organisation: other, isNew: false }
      }
    },
  }
}

const MAX_SLUG = 40

function slugOf(name: string): string {
  const ascii = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
  return ascii.slice(0, MAX_SLUG).replace(/^-+|-+$/g, '') || 'main'
}
