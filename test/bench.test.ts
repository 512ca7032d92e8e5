// The measurements, in small: every operation can still be done, so that figures can be taken at any time.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { measureDenyList } from '../bench/deny-list.ts'
import { growthOf, soakGoals } from '../bench/drift.ts'
import { measureLists } from '../bench/lists.ts'
import { createLoad, type Load, runAll } from '../bench/load.ts'
import { operations } from '../bench/operations.ts'
import { measureOrganisations } from '../bench/organisations.ts'
import { goalsOf, isReached } from '../bench/report.ts'
import { scenes } from '../bench/scenes.ts'
import type { Sample } from '../bench/soak.ts'
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

  it('of hours plays every scene, and the process tells what it holds', async () => {
    await runAll([...new Set(scenes)].map((scene) => () => scene(load)))
    const { heap, external, memory } = await load.target.holding()
    expect(memory).toBeGreaterThan(heap + external)
  })

  it('of hours finds what grows, and nothing else', () => {
    const steady = { heap: 50e6, external: 30e6, memory: 2e8, descriptors: 70, timers: 4, late: 20 }
    const stores = { mongoConnections: 30, redisConnections: 3, lastingKeys: 0 }
    const samples = Array.from({ length: 90 }, (_, index): Sample => {
      const noise = (index % 7) * 1e5
      return { ...steady, ...stores, heap: 50e6 + noise, descriptors: 70 + index / 5, cores: 0.1 }
    })
    const goals = soakGoals({ name: 'test', minutes: 15, played: 1, failed: 0, samples })
    const grown = goals.filter((goal) => !isReached(goal))
    expect(grown.map(({ what }) => what)).toEqual([expect.stringContaining('descriptors')])
    expect(growthOf([1, 2, 3])).toBe(2)
  })

  it('of streams comes with its goals', async () => {
    const streams = await measureStreams(20, folder)
    const goals = goalsOf({ figures: [], denyList: [], streams })
    for (const { value } of goals) expect(value).not.toBeNaN()
    expect(goals).toHaveLength(2)
  })
})
