// Koa with a router and one read from the same store, in the same form as `GET /profile`.

import { once } from 'node:events'
import { createServer } from 'node:http'
import { join } from 'node:path'
import Router from '@koa/router'
import Koa from 'koa'
import { createEmbeddedDocuments } from '../../adapters/embedded/documents.ts'
import { createMongoDocuments } from '../../adapters/mongo/documents.ts'
import { createCustomerStore, customersCollection } from '../../src/stores/customers.ts'
import { serveQuestions } from '../target.ts'

const { PORT, MONGODB_URI, DATA_DIR } = process.env
const documents = MONGODB_URI
  ? await createMongoDocuments({ uri: MONGODB_URI })
  : createEmbeddedDocuments({ file: join(String(DATA_DIR), 'documents.db'), clock: Date })
await documents.prepare([customersCollection])
const customers = createCustomerStore(documents)
const [organisation, id] = ['org_bench', 'cus_bench']
await customers.insert({
  _id: id,
  organisation,
  email: 'ana.dubois@example.com',
  displayEmail: 'ana.dubois@example.com',
  givenName: 'Ana',
  familyName: 'Dubois',
  version: 1,
  createdAt: 0,
  updatedAt: 0,
})

const router = new Router()
router.get('/api/client/v1/profile', async (ctx) => {
  ctx.body = { success: true, data: await customers.findById(organisation, id) }
})
const http = createServer({ keepAliveTimeout: 60_000 }, new Koa().use(router.routes()).callback())
http.listen(Number(PORT), '127.0.0.1')
await once(http, 'listening')
serveQuestions({
  baseUrl: `http://localhost:${PORT}`,
  publicClient: '',
  machine: { id: '', secret: '' },
  signIn: 'page',
})
