// The measurements, in small: every operation can still be done, so that figures can be taken at any time.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { measureDenyList } from '../bench/deny-list.ts'
import { measureLists } from '../bench/lists.ts'
import { createLoad, type Load, runAll } from '../bench/load.ts'
import { operations } from '../bench/operations.ts'
import { measureOrganisations } from '../bench/organisations.ts'
import { goalsOf } from '../bench/report.ts'
import { measureStreams } from '../bench/streams.ts'
import { startTarget } from '../bench/target.ts'
import { freePort } from './support/services/processes.ts'

describe('a measurement', () => {
  const folder = mkdtempSync(join(tmpdir(), 'foyer-bench-'))
  let load: Load

  beforeAll(async () => {
    const BASE_URL = `http://127.0.0.1:${await freePort()}`
    const env = { BASE_URL, DATA_DIR: join(folder, 'store'), LOG_LEVEL: 'warn' }
    load = createLoad(await startTarget({ name: 'test', file: 'foyer.ts', env }))
  })
  afterAll(async () => {
    await load.close()
    await load.target.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  it.each(operations.map(({ name, prepare }) => [name, prepare] as const))(
    'of %s does what it measures',
    async (_name, prepare) => {
      const before = await load.target.cpu()
      const work = await prepare(load, 2)
      expect(work.length).toBeGreaterThan(0)
      await runAll(work)
      expect(await load.target.cpu()).toBeGreaterThan(before)
    },
  )

  it('of the deny-list, of many organisations and of long lists, comes with its goals', async () => {
    const goals = goalsOf({
      figures: [],
      denyList: await measureDenyList(),
      organisations: await measureOrganisations(3, folder),
      lists: await measureLists({
        name: 'embedded',
        folder,
        sizes: { customers: 250, clients: 120 },
        env: {},
      }),
    })
    for (const { value } of goals) expect(value).not.toBeNaN()
    expect(goals).toHaveLength(13)
  })

  it('of streams comes with its goals', async () => {
    const streams = await measureStreams(20, folder)
    const goals = goalsOf({ figures: [], denyList: [], streams })
    for (const { value } of goals) expect(value).not.toBeNaN()
    expect(goals).toHaveLength(2)
  })
})
