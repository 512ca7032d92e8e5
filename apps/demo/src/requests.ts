// Every request that the application makes by itself, written down for the curious.

export type RequestLine = {
  number: number
  method: string
  path: string
  /** Undefined while nothing has come back, and when nothing did. */
  status?: number
  milliseconds?: number
}

export type RequestLog = {
  /** Like the browser's own, and a line for each. */
  fetch(address: string, init?: RequestInit): Promise<Response>
  /** The newest first. */
  lines(): readonly RequestLine[]
  /** Calls after each change; returns what ends that. */
  onChange(listener: () => void): () => void
}

const MAX_LINES = 30

export function createRequestLog(): RequestLog {
  let lines: readonly RequestLine[] = []
  let count = 0
  const listeners = new Set<() => void>()

  function write(line: RequestLine): void {
    const others = lines.filter(({ number }) => number !== line.number)
    lines = [line, ...others].sort((one, other) => other.number - one.number).slice(0, MAX_LINES)
    for (const listener of listeners) listener()
  }

  return {
    async fetch(address, init = {}) {
      const { pathname, search } = new URL(address)
      count += 1
      const line = { number: count, method: init.method ?? 'GET', path: `${pathname}${search}` }
      const began = performance.now()
      write(line)
      const response = await fetch(address, init)
      const milliseconds = Math.round(performance.now() - began)
      write({ ...line, status: response.status, milliseconds })
      return response
    },
    lines: () => lines,
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
