// What is remembered of organisations, while one of them changes.

import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createEmbeddedDocuments } from '../../adapters/embedded/documents.ts'
import { createOrganisationMemory } from '../../src/services/organisations/organisation-memory.ts'
import { createOrganisations } from '../../src/services/organisations/organisations.ts'
import { HOUR, MINUTE } from '../../src/shared/clock.ts'
import type { Documents } from '../../src/stores/documents.ts'
import { createOrganisationStore, organisationsCollection } from '../../src/stores/organisations.ts'
import { newFolder } from '../support/folder.ts'
import { recordingLog } from '../support/recording-log.ts'

const folder = newFolder('foyer-organisations-')
let documents: Documents
beforeAll(async () => {
  documents = createEmbeddedDocuments({ file: join(folder, 'documents.db'), clock: Date })
  await documents.prepare([organisationsCollection])
})
afterAll(async () => {
  await documents.close()
  rmSync(folder, { recursive: true })
})

it('forgets what was being read while it changed: it would be remembered for ever', async () => {
  const store = createOrganisationStore(documents)
  const { promise: released, resolve: release } = Promise.withResolvers<void>()
  const organisations = createOrganisations({
    store: {
      ...store,
      async findBySlug(slug) {
        const found = await store.findBySlug(slug)
        await released // the answer is slow on its way
        return found
      },
    },
    clock: Date,
    log: recordingLog(),
  })
  const { _id } = await organisations.create({ slug: 'acme', name: 'Before' })
  const early = organisations.findBySlug('acme')
  await organisations.change(_id, { name: 'After' })
  release()
  expect((await early)?.name).toBe('Before')
  expect((await organisations.findBySlug('acme'))?.name).toBe('After')
})

describe('what another process changed', () => {
  /** Two processes, and what the second knows of an organisation. */
  async function twoProcesses(slug: string) {
    const store = createOrganisationStore(documents)
    const clock = { at: Date.now(), now: () => clock.at }
    const other = { at: clock.at, now: () => other.at }
    const elsewhere = createOrganisations({ store, clock: other, log: recordingLog() })
    const memory = createOrganisationMemory({ store, clock })
    const { _id } = await elsewhere.create({ slug, name: 'Before' })
    const nameHere = async () => (await memory.find(slug, () => store.findBySlug(slug)))?.name
    expect(await nameHere()).toBe('Before')
    await memory.look()
    const change = () => elsewhere.change(_id, { name: 'After' })
    return { clock, other, memory, change, nameHere }
  }

  it('is seen after an hour in which the store could not be asked', async () => {
    const { clock, other, memory, change, nameHere } = await twoProcesses('away')
    other.at += MINUTE
    await change()
    clock.at += HOUR
    await memory.look()
    expect(await nameHere()).toBe('After')
  })

  it.each([
    ['behind', -5 * MINUTE],
    ['ahead', 5 * MINUTE],
  ])('is seen though its clock is five minutes %s', async (how, off) => {
    const { clock, other, memory, change, nameHere } = await twoProcesses(how)
    clock.at += HOUR
    other.at = clock.at + off
    await memory.look()
    await change()
    await memory.look()
    expect(await nameHere()).toBe('After')
  })
})
