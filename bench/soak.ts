// A day of a server in an hour: mixed load at a steady rate, and whether what the process holds stays as it is.

import { setTimeout as pause } from 'node:timers/promises'
import { createLoad, type Load } from './load.ts'
import { type Scene, scenes } from './scenes.ts'
import type { Services, StoreHolding } from './services.ts'
import { type Holding, startTarget } from './target.ts'

/** What was seen at one moment. */
export type Sample = Holding &
  StoreHolding & { /** Of one core, since the sample before. */ cores: number }

export type SoakFigures = {
  /** Of the stores. */
  name: string
  minutes: number
  /** Scenes. */
  played: number
  failed: number
  samples: readonly Sample[]
}

/** Scenes begin one after the other, whether or not those before have ended. */
const PACE = 500
const SAMPLE_EVERY = 10_000
/** Where more would be under way the server does not keep up: then a scene fails before it begins. */
const MOST_UNDER_WAY = 100

const NO_STORES: StoreHolding = { mongoConnections: 0, redisConnections: 0, lastingKeys: 0 }

export async function soak(plan: {
  name: string
  minutes: number
  env: { [name: string]: string }
  /** Where the server uses them. */
  services?: Pick<Services, 'holding'>
  /** Hears of every sample. */
  onSample(sample: Sample): void
  onFailure(error: Error): void
}): Promise<SoakFigures> {
  const { name, minutes, env, services, onSample, onFailure } = plan
  const target = await startTarget({ name, file: 'foyer.ts', env: { ...env, LOG_LEVEL: 'warn' } })
  const load = createLoad(target)
  const play = createPlay(load, onFailure)
  const samples: Sample[] = []
  try {
    let cpu = await target.cpu()
    while (samples.length < (minutes * 60_000) / SAMPLE_EVERY) {
      const began = performance.now()
      await play.until(began + SAMPLE_EVERY)
      const used = await target.cpu()
      const cores = (used - cpu) / (performance.now() - began)
      cpu = used
      const held = await target.holding()
      const sample = { ...held, ...((await services?.holding()) ?? NO_STORES), cores }
      samples.push(sample)
      onSample(sample)
    }
    return { name, minutes, ...(await play.finish()), samples }
  } finally {
    await load.close()
    await target.stop()
  }
}

/** The scenes in turn, at a steady pace. One that fails is counted: on a busy machine an answer comes too late. */
function createPlay(load: Load, onFailure: (error: Error) => void) {
  const underWay = new Set<Promise<void>>()
  let played = 0
  let failed = 0

  function begin(scene: Scene): void {
    const playing = scene(load)
      .catch((error: unknown) => {
        failed += 1
        onFailure(new Error(`${scene.name} failed`, { cause: error }))
      })
      .finally(() => underWay.delete(playing))
    underWay.add(playing)
  }

  return {
    /** Goes on until then, by `performance.now()`. */
    async until(end: number): Promise<void> {
      for (let next = performance.now(); next < end; next += PACE) {
        await pause(Math.max(0, next - performance.now()))
        if (underWay.size >= MOST_UNDER_WAY) failed += 1
        else begin(scenes[played % scenes.length] as Scene) // there are scenes
        played += 1
      }
    },

    /** Waits for those under way; returns how many there were in all. */
    async finish(): Promise<{ played: number; failed: number }> {
      await Promise.all(underWay)
      return { played, failed }
    },
  }
}
