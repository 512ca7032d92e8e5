// What every page is given: the API, what was read from it, and who is signed in.

import type { QueryClient } from '@tanstack/query-core'
import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import type { Api } from '../api.ts'

export type Parts = { api: Api; queries: QueryClient }

const context = createContext<Parts | undefined>(undefined)

export const PartsProvider = context.Provider

export function useParts(): Parts {
  const parts = useContext(context)
  if (!parts) throw new Error('Outside of the console.')
  return parts
}
