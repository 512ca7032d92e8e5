// What is remembered of organisations, while one of them changes.

import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { createEmbeddedDocuments } from '../../adapters/embedded/documents.ts'
import { createOrganisations } from '../../src/services/organisations/organisations.ts'
import type { Documents } from '../../src/stores/documents.ts'
import { createOrganisationStore, organisationsCollection } from '../../src/stores/organisations.ts'
import { newFolder } from '../support/folder.ts'
import { recordingLog } from '../support/server.ts'

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
