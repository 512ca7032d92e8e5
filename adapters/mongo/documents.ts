// The document port on MongoDB: the driver, with time-outs that bound every answer and writes that last.

import { type Db, MongoClient, type Collection as MongoCollection } from 'mongodb'
import { AppError } from '../../src/shared/errors.ts'
import {
  checkDocument,
  checkLimit,
  checkUpdate,
  checkUpsert,
  completeSort,
  filterAfter,
} from '../../src/stores/document-language.ts'
import type {
  Collection,
  CollectionSpec,
  Document,
  Documents,
  Filter,
  FindOptions,
} from '../../src/stores/documents.ts'
import { createFindById, isById } from './by-id.ts'
import { databaseName, timeouts } from './connection.ts'
import { alreadyExists, isDuplicateKey, translate } from './errors.ts'
import { shadowed, withShadow } from './expiry.ts'
import { createIndexes } from './indexes.ts'
import { createInsert } from './inserts.ts'
import { checkedFilter, fromRow, mongoSort, type Row } from './rows.ts'
import { commitAll } from './unit-of-work.ts'

const MAX_CONNECTIONS = 50

/**
 * Connects. The database is the one in the URI's path, `foyer` without one. Throws `StoreUnavailable`
 * when no server answers, and an `AppError` with one line for the operator when it is no replica set.
 */
export async function createMongoDocuments(parts: { uri: string }): Promise<Documents> {
  const client = new MongoClient(parts.uri, {
    ...timeouts,
    maxPoolSize: MAX_CONNECTIONS,
    ignoreUndefined: true,
    retryWrites: true,
    // What was answered survives the loss of the primary; what was read was written to most.
    writeConcern: { w: 'majority' },
    readConcern: { level: 'majority' },
    readPreference: 'primary',
    appName: 'foyer',
  })
  const database = client.db(databaseName(parts.uri))
  try {
    await translate(() => client.connect())
    await refuseStandalone(database)
  } catch (error) {
    await client.close() // or it would go on looking
    throw error
  }

  /** One of each, so that what is asked of it in one turn comes together. */
  const collections = new Map<CollectionSpec, Collection<Document>>()

  return {
    collection<D extends Document>(spec: CollectionSpec) {
      const known = collections.get(spec) ?? createCollection(database.collection(spec.name), spec)
      collections.set(spec, known)
      return known as unknown as Collection<D> // what is in it was put there through this type
    },

    unitOfWork: (writes) => translate(() => commitAll({ client, database }, writes)),

    async prepare(specs) {
      // However long it takes: an index over what is there already is made once.
      const limit = Number.POSITIVE_INFINITY
      await translate(() => Promise.all(specs.map((spec) => createIndexes(database, spec))), limit)
    },

    async ping() {
      await translate(() => database.command({ ping: 1 }))
    },

    close: () => client.close(),
  }
}

async function refuseStandalone(database: Db): Promise<void> {
  const hello = await translate(() => database.command({ hello: 1 }))
  if (hello.setName !== undefined || hello.msg === 'isdbgrid') return
  throw new AppError('internal_error', {
    detail:
      'MONGODB_URI names a standalone mongod, but units of work need a replica set: start it with --replSet rs0 and run rs.initiate() once.',
  })
}

function createCollection<D extends Document>(
  rows: MongoCollection<Row>,
  spec: CollectionSpec,
): Collection<D> {
  const insert = createInsert(rows)
  const findById = createFindById(rows)
  const find = (filter: Filter, options: FindOptions): Promise<Row[]> => {
    checkLimit(options.limit)
    const sort = completeSort(options.sort)
    const base = checkedFilter(filter)
    const beyond = options.after && checkedFilter(filterAfter(sort, options.after))
    return rows
      .find(beyond ? { $and: [base, beyond] } : base)
      .sort(mongoSort(sort))
      .limit(options.limit)
      .toArray()
  }

  return {
    async insert(document) {
      checkDocument(document)
      const refusal = await insert(withShadow(spec, document) as Row)
      if (refusal) throw refusal
    },

    async findOne(filter, { sort } = {}) {
      const query = checkedFilter(filter)
      const options = sort ? { sort: mongoSort(completeSort(sort)) } : {}
      const row = isById(query)
        ? await findById(query)
        : await translate(() => rows.findOne(query, options))
      return row ? fromRow<D>(row) : undefined
    },

    async find(filter, options) {
      const found = await translate(() => find(filter, options))
      return found.map(fromRow<D>)
    },

    async count(filter) {
      const query = checkedFilter(filter)
      return translate(() => rows.countDocuments(query))
    },

    async updateOne(filter, update, { upsert = false } = {}) {
      const query = checkedFilter(filter)
      if (upsert) checkUpsert(filter)
      checkUpdate(update)
      const change = (): Promise<Row | null> =>
        translate(() =>
          rows.findOneAndUpdate(query, shadowed(spec, update), {
            returnDocument: 'after',
            upsert,
          }),
        )
      const taken = (error: unknown): never => {
        throw isDuplicateKey(error) ? alreadyExists(spec.name, error) : error
      }
      // Of two upserts at once one may find that the other made the document: then it changes that one,
      // unless its filter asks for more than the id and does not match.
      const row = await change().catch((error) =>
        upsert && isDuplicateKey(error) ? change().catch(taken) : taken(error),
      )
      return row ? fromRow<D>(row) : undefined
    },

    async updateInOrder(changes) {
      const operations = changes.map(({ filter, update, upsert = false }) => {
        if (upsert) checkUpsert(filter)
        checkUpdate(update)
        return {
          updateOne: { filter: checkedFilter(filter), update: shadowed(spec, update), upsert },
        }
      })
      try {
        // In order is the driver's own default; the server then takes them all in one command.
        const done = await translate(() => rows.bulkWrite(operations))
        return done.matchedCount + done.upsertedCount
      } catch (error) {
        throw isDuplicateKey(error) ? alreadyExists(spec.name, error) : error
      }
    },

    async deleteMany(filter) {
      const query = checkedFilter(filter)
      const isById = typeof filter._id === 'string'
      // One document at the most needs no scan for more, and may be tried again by the driver.
      const { deletedCount } = await translate(() =>
        isById ? rows.deleteOne(query) : rows.deleteMany(query),
      )
      return deletedCount
    },

    async deleteSome(filter, limit) {
      checkLimit(limit)
      const query = checkedFilter(filter)
      // In no order, so that any index will do; only their ids travel.
      const options = { projection: { _id: 1 }, limit }
      const found = await translate(() => rows.find(query, options).toArray())
      const ids = found.map(({ _id }) => _id)
      const chosen = { $and: [query, { _id: { $in: ids } }] }
      return (await translate(() => rows.deleteMany(chosen))).deletedCount
    },
  }
}
