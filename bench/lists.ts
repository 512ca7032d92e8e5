// Long lists of the Admin API, paged through to their end: whether the last page is as fast as the first.

import { once } from 'node:events'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { compose, type Server } from '../src/compose.ts'
import { readConfig } from '../src/config.ts'
import { searchKeysOf } from '../src/services/commerce/profile.ts'
import { apiKeyScopes } from '../src/services/operators/api-key-scopes.ts'
import { HOUR } from '../src/shared/clock.ts'
import { newId } from '../src/shared/ids.ts'
import { createCustomerStore } from '../src/stores/customers.ts'
import { PLATFORM } from '../src/stores/operator-roles.ts'
import { freePort } from '../test/support/services/processes.ts'
import { type ListFigures, median } from './report.ts'

const SECRET = 'the-lists-of-a-measurement-and-nothing-else'
const PAGE = 100
/** Pages at either end whose middle one is told. */
const ENDS = 50
/** How many are written at the same time. */
const WRITERS = 50

export async function measureLists(plan: {
  /** Of the stores. */
  name: string
  folder: string
  sizes: { customers: number; clients: number }
  env: { [name: string]: string }
}): Promise<ListFigures[]> {
  const port = await freePort()
  const config = readConfig({
    DATA_DIR: join(plan.folder, `lists-${plan.name}`),
    SECRET,
    LOG_LEVEL: 'warn',
    PORT: String(port),
    BASE_URL: `http://127.0.0.1:${port}`,
    ...plan.env,
  })
  const server = await compose(config)
  const http = createServer(server.app.callback()).listen(port, '127.0.0.1')
  await once(http, 'listening')
  try {
    await plantCustomers(server, plan.sizes.customers)
    await plantClients(server, plan.sizes.clients)
    const figures: ListFigures[] = []
    for (const noun of ['customers', 'clients'] as const) {
      const path = `${config.baseUrl}/api/admin/v1/organisations/${server.organisation.slug}/${noun}`
      const { times, items } = await walk(path, await keyOf(server))
      const sorted = [...times].sort((a, b) => a - b)
      figures.push({
        what: `${noun}, ${plan.name}`,
        items,
        // The very first one runs code that was never run before.
        first: median(times.slice(1, 1 + ENDS)),
        last: median(times.slice(-ENDS)),
        p99: sorted[Math.floor(sorted.length * 0.99)] ?? Number.NaN,
      })
    }
    return figures
  } finally {
    http.closeAllConnections()
    http.close()
    await server.close()
  }
}

/** One for each list: a key may ask so often in a minute, and no more. */
async function keyOf({ apiKeys }: Server): Promise<string> {
  const { key } = await apiKeys.create(
    PLATFORM,
    { name: 'Measurement', role: 'owner', scopes: apiKeyScopes, life: HOUR },
    { actor: 'bench', role: 'platform-owner' },
  )
  return key
}

async function walk(path: string, key: string): Promise<{ times: number[]; items: number }> {
  const times: number[] = []
  let items = 0
  let cursor: string | null = ''
  while (cursor !== null) {
    const began = performance.now()
    const query: string = cursor === '' ? '' : `&cursor=${cursor}`
    const response = await fetch(`${path}?limit=${PAGE}${query}`, {
      headers: { authorization: `Bearer ${key}` },
    })
    const answer = (await response.json()) as {
      data: { items: unknown[]; next_cursor: string | null }
    } // the contract's
    if (response.status !== 200) throw new Error(`a page was answered with ${response.status}`)
    times.push(performance.now() - began)
    items += answer.data.items.length
    cursor = answer.data.next_cursor
  }
  return { times, items }
}

async function plantCustomers({ documents, organisation }: Server, count: number): Promise<void> {
  const store = createCustomerStore(documents)
  await inParallel(count, async (index) => {
    const now = Date.now()
    const details = { givenName: `Person ${index}`, familyName: `Family ${index % 977}` }
    const email = `person-${index}@example.com`
    await store.insert({
      _id: newId('cus', Date),
      organisation: organisation._id,
      email,
      displayEmail: email,
      ...details,
      ...searchKeysOf(details),
      version: 1,
      createdAt: now,
      updatedAt: now,
    })
  })
}

async function plantClients({ clients, organisation }: Server, count: number): Promise<void> {
  await inParallel(count, async (index) => {
    await clients.create({
      organisation: organisation._id,
      kind: 'browser',
      name: `Application ${index}`,
      redirectUris: [`https://app-${index}.example.com/callback`],
    })
  })
}

async function inParallel(count: number, work: (index: number) => Promise<void>): Promise<void> {
  let next = 0
  const worker = async (): Promise<void> => {
    while (next < count) {
      const index = next
      next += 1
      await work(index)
    }
  }
  await Promise.all(Array.from({ length: WRITERS }, worker))
}
