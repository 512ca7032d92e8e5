// Whether a MongoDB is what an installation needs. Nothing is changed in it.

import { type Db, MongoClient } from 'mongodb'
import type { Clock } from '../../src/shared/clock.ts'
import {
  compareClocks,
  type Finding,
  ok,
  problem,
  reasonOf,
  warning,
} from '../../src/shared/finding.ts'
import { databaseName, timeouts } from './connection.ts'
import { translate } from './errors.ts'

/** How long a majority may take to answer, in milliseconds: with it a request of the server fails too. */
const MAJORITY_LIMIT = 3000

/** Looks at the server behind `uri`; `needsCompany` when one member alone is too few. Throws nothing. */
export async function inspectMongo(parts: {
  uri: string
  clock: Clock
  needsCompany: boolean
}): Promise<Finding[]> {
  let client: MongoClient | undefined
  try {
    const opened = new MongoClient(parts.uri, { ...timeouts, appName: 'foyer doctor' })
    client = opened
    await translate(() => opened.connect())
    return await inspect(opened.db(databaseName(parts.uri)), parts)
  } catch (error) {
    return [
      problem(
        'mongodb.reachable',
        `MongoDB does not answer: ${reasonOf(error)}`,
        'Start it, and look at MONGODB_URI: host, port, name of the replica set, user and password.',
      ),
    ]
  } finally {
    await client?.close()
  }
}

async function inspect(
  database: Db,
  { clock, needsCompany }: { clock: Clock; needsCompany: boolean },
): Promise<Finding[]> {
  const hello = await translate(() => database.command({ hello: 1 }))
  // A server that wants a user says so only when it is asked for something.
  await translate(() => database.command({ listCollections: 1, nameOnly: true }))
  const reachable = ok('mongodb.reachable', `MongoDB answers, database ${database.databaseName}`)
  const time = await compareClocks('clock.mongodb', clock, async () => {
    const { localTime } = await translate(() => database.command({ hello: 1 }))
    return Number(localTime)
  })
  const set = replicaSet(hello, needsCompany)
  if (set.severity === 'problem') return [reachable, set, time]
  return [reachable, set, await majority(database), time]
}

function replicaSet(hello: { [field: string]: unknown }, needsCompany: boolean): Finding {
  const check = 'mongodb.replica-set'
  if (hello.msg === 'isdbgrid') return ok(check, 'behind a router')
  if (hello.setName === undefined)
    return problem(
      check,
      'It is a standalone server, but units of work need a replica set.',
      'Start mongod with --replSet rs0 and run rs.initiate() once.',
    )
  const members = Array.isArray(hello.hosts) ? hello.hosts.length : 0
  if (members < 2 && needsCompany)
    return warning(
      check,
      `The replica set ${hello.setName} has one member: with it everything is lost.`,
      'Add members on other machines: three in all.',
    )
  return ok(
    check,
    `replica set ${hello.setName}, ${members} ${members === 1 ? 'member' : 'members'}`,
  )
}

/** A write that changes nothing still waits until most members have everything before it. */
async function majority(database: Db): Promise<Finding> {
  const check = 'mongodb.majority-writes'
  const options = { writeConcern: { w: 'majority', wtimeoutMS: MAJORITY_LIMIT } } as const
  try {
    await translate(() => database.collection('schema').deleteOne({ doctor: true }, options))
    return ok(check, 'most members take writes')
  } catch (error) {
    return problem(
      check,
      `A write was not taken by most members: ${reasonOf(error)}`,
      'See rs.status() for members that are down or behind; the user needs the role readWrite.',
    )
  }
}
