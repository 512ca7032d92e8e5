// What was read from the API and is kept: one entry for each address, read again when something changed it.

import { QueryClient, QueryObserver, type QueryObserverOptions } from '@tanstack/query-core'
import { useCallback, useEffect, useMemo, useState } from 'preact/hooks'
import { type Api, isTransient, type Query, type Read } from '../api.ts'
import { useParts } from './parts.ts'

/** Seconds for which what was read is shown without asking again. */
const FRESH = 10

const ATTEMPTS = 3

export function createQueries(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: FRESH * 1000,
        retry: (failures, error) => failures < ATTEMPTS - 1 && isTransient(error),
      },
    },
  })
}

export type Reading<Data> = {
  /** Left out until there is an answer; kept while a newer one is on its way. */
  data?: Data
  /** Send it back as `If-Match` with a change. */
  version?: string
  /** Why there is no answer, or no newer one. */
  error?: Error
  isReading: boolean
  /** What is shown is the answer to the query before. */
  isPrevious: boolean
  readAgain(): void
}

type Options = {
  /** Do not ask yet. */
  isOff?: boolean
  /** Show the answer to another query of the same address until this one has its own. */
  keepsPrevious?: boolean
}

/** What an address of the API holds; the page is drawn again when that changes. */
export function useRead<Data>(
  path: string,
  query: Query = {},
  options: Options = {},
): Reading<Data> {
  const { api, queries } = useParts()
  const wanted = readOptions<Data>(api, { path, query, options })
  const [observer] = useState(() => new QueryObserver<Read<Data>>(queries, wanted))
  const [, draw] = useState({})
  useEffect(() => observer.subscribe(() => draw({})), [observer])
  // The options are made anew each time; this is what they say.
  const identity = JSON.stringify([path, query, options.isOff])
  useEffect(() => observer.setOptions(wanted), [observer, identity])
  const result = observer.getOptimisticResult(queries.defaultQueryOptions(wanted))
  const readAgain = useCallback(() => void observer.refetch(), [observer])
  return {
    ...result.data,
    ...(result.error && { error: result.error }),
    isReading: result.isFetching,
    isPrevious: result.isPlaceholderData,
    readAgain,
  }
}

function readOptions<Data>(
  api: Api,
  { path, query, options }: { path: string; query: Query; options: Options },
): QueryObserverOptions<Read<Data>> {
  return {
    queryKey: [path, query],
    queryFn: ({ signal }) => api.read<Data>(path, query, signal),
    enabled: !options.isOff,
    ...(options.keepsPrevious && {
      placeholderData: (previous, from) => (from?.queryKey[0] === path ? previous : undefined),
    }),
  }
}

export type Action<Input, Output> = {
  /** Resolves to what the API answered, or to nothing when it refused; `error` then says why. */
  start(input: Input): Promise<{ data: Output } | undefined>
  isRunning: boolean
  error?: Error
  /** Forgets the error. */
  clear(): void
}

/**
 * Something that changes what the API holds. `intent` is the `Idempotency-Key`: it stays the same while the
 * same thing is tried again. `changes` are the addresses that are read again afterwards, with all below them.
 */
export function useAction<Input, Output>(parts: {
  run: (input: Input, intent: string) => Promise<Output>
  changes?: readonly string[]
}): Action<Input, Output> {
  const { queries } = useParts()
  const [state, setState] = useState<{ isRunning: boolean; error?: Error }>({ isRunning: false })
  const intents = useMemo(createIntents, [])

  async function start(input: Input): Promise<{ data: Output } | undefined> {
    setState({ isRunning: true })
    try {
      const data = await parts.run(input, intents.of(input))
      intents.settle()
      setState({ isRunning: false })
      // Not waited for: a form takes over what is kept now only once it knows that it was saved.
      void forget(queries, parts.changes ?? [])
      return { data }
    } catch (error) {
      // Nobody knows whether it was done when no answer came; what was refused is over.
      if (!isTransient(error)) intents.settle()
      setState({
        isRunning: false,
        error: error instanceof Error ? error : new Error(String(error)),
      })
      return undefined
    }
  }
  return { ...state, start, clear: () => setState({ isRunning: false }) }
}

function createIntents() {
  let last: { input: string; key: string } | undefined
  return {
    of(input: unknown): string {
      const text = JSON.stringify(input) ?? ''
      if (last?.input !== text) last = { input: text, key: crypto.randomUUID() }
      return last.key
    },
    settle() {
      last = undefined
    },
  }
}

/** What is shown of these addresses is read again now, the rest when it is shown. */
async function forget(queries: QueryClient, paths: readonly string[]): Promise<void> {
  await queries.invalidateQueries({
    predicate: ({ queryKey: [path] }) =>
      paths.some((changed) => path === changed || String(path).startsWith(`${changed}/`)),
  })
}
