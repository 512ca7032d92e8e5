// The engine's storage on MongoDB as one would write it first: a collection for each model, `w: 1`.

import { type Collection, MongoClient } from 'mongodb'
import type { Adapter, AdapterFactory, AdapterPayload } from 'oidc-provider'

type Row = { _id: string; payload: AdapterPayload; expiresAt?: Date }

const models = [
  'Session',
  'AccessToken',
  'AuthorizationCode',
  'RefreshToken',
  'ClientCredentials',
  'Grant',
  'Interaction',
  'Client',
]

export async function createPlainMongoAdapter(uri: string): Promise<AdapterFactory> {
  const client = await new MongoClient(uri, { writeConcern: { w: 1 } }).connect()
  const database = client.db()
  for (const model of models)
    await database
      .collection(model)
      .createIndexes([
        { key: { 'payload.grantId': 1 } },
        { key: { 'payload.uid': 1 } },
        { key: { expiresAt: 1 }, expireAfterSeconds: 0 },
      ])
  return (model: string) => createModel(database.collection<Row>(model))
}

function createModel(rows: Collection<Row>): Adapter {
  return {
    async upsert(id, payload, expiresIn) {
      const expiresAt = expiresIn ? { expiresAt: new Date(Date.now() + expiresIn * 1000) } : {}
      await rows.updateOne({ _id: id }, { $set: { payload, ...expiresAt } }, { upsert: true })
    },
    async find(id) {
      return (await rows.findOne({ _id: id }))?.payload
    },
    async findByUid(uid) {
      return (await rows.findOne({ 'payload.uid': uid }))?.payload
    },
    async findByUserCode() {
      return undefined
    },
    async consume(id) {
      const consumed = Math.floor(Date.now() / 1000)
      await rows.updateOne({ _id: id }, { $set: { 'payload.consumed': consumed } })
    },
    async destroy(id) {
      await rows.deleteOne({ _id: id })
    },
    async revokeByGrantId(grantId) {
      await rows.deleteMany({ 'payload.grantId': grantId })
    },
  }
}
