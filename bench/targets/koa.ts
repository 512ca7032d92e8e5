// Koa with a router and the read that `GET /profile` makes: of the same store, of the same customers.

import { join } from 'node:path'
import Router from '@koa/router'
import Koa from 'koa'
import { createEmbeddedDocuments } from '../../adapters/embedded/documents.ts'
import { createMongoDocuments } from '../../adapters/mongo/documents.ts'
import {
  type Customer,
  createCustomerStore,
  customersCollection,
} from '../../src/stores/customers.ts'
import { serve } from '../target.ts'

const { BASE_URL, MONGODB_URI, DATA_DIR } = process.env
const documents = MONGODB_URI
  ? await createMongoDocuments({ uri: MONGODB_URI })
  : createEmbeddedDocuments({ file: join(String(DATA_DIR), 'documents.db'), clock: Date })
const customers = createCustomerStore(documents)

/** The newest: those who signed in for the measurement. */
const newest = (): Promise<Customer[]> =>
  documents
    .collection<Customer>(customersCollection)
    .find({}, { sort: [['createdAt', -1]], limit: 16 })
let known: Promise<Customer[]> | undefined
let count = 0

const router = new Router()
router.get('/api/client/v1/profile', async (ctx) => {
  known ??= newest()
  const all = await known
  const customer = all[count % all.length]
  count += 1
  ctx.body = {
    success: true,
    data: customer && (await customers.findById(customer.organisation, customer._id)),
  }
})
await serve(new Koa().use(router.routes()).callback(), { kind: 'koa', baseUrl: String(BASE_URL) })
