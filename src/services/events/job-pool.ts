// The due jobs of one kind, as far as this process does them: so many at once, and the next as soon as one ends.

import type { Job } from '../../stores/jobs.ts'

export type JobPool = {
  /** Begins what is due, as far as there is room. Returns at once; jobs that end make room for others. */
  look(): void
  /** Resolves when nothing is under way any more. */
  idle(): Promise<void>
  /** How many it has begun so far. */
  begun(): number
}

export function createJobPool(parts: {
  /** The next due job, leased to us, or `undefined`. */
  claim(): Promise<Job | undefined>
  attempt(job: Job): Promise<void>
  atOnce: number
  onError(error: unknown): void
}): JobPool {
  const { claim, attempt, atOnce, onError } = parts
  const running = new Set<Promise<void>>()
  let looking: Promise<void> | undefined
  /** Something became due after the look that is under way had begun. */
  let mustLookAgain = false
  let begun = 0

  function begin(job: Job): void {
    begun += 1
    const work = attempt(job)
      .catch(onError)
      .finally(() => {
        running.delete(work)
        look()
      })
    running.add(work)
  }

  async function fill(): Promise<void> {
    while (running.size < atOnce) {
      const job = await claim()
      if (!job) return
      begin(job)
    }
  }

  function look(): void {
    mustLookAgain = looking !== undefined
    looking ??= fill()
      .catch(onError)
      .finally(() => {
        looking = undefined
        if (mustLookAgain) look()
      })
  }

  return {
    look,
    async idle() {
      while (looking || running.size > 0) await Promise.all([looking, ...running])
    },
    begun: () => begun,
  }
}
