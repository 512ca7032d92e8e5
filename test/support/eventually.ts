// Waiting for what happens outside this process: asked again until it holds, with an end.

const PAUSE = 20

/** Resolves with what `probe` returns once it throws no more; throws its last error after `limit` milliseconds. */
export async function eventually<T>(probe: () => Promise<T>, limit = 15_000): Promise<T> {
  const deadline = Date.now() + limit
  for (;;) {
    try {
      return await probe()
    } catch (error) {
      if (Date.now() > deadline) throw error
      await new Promise((resolve) => setTimeout(resolve, PAUSE))
    }
  }
}
