// Examines an installation from beside it: configuration, stores, clocks, keys, mail, and its public address.

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { createEmbeddedDocuments } from '../../adapters/embedded/documents.ts'
import { inspectEmbedded } from '../../adapters/embedded/health.ts'
import { inspectSmtp } from '../../adapters/mail/health.ts'
import { createMongoDocuments } from '../../adapters/mongo/documents.ts'
import { inspectMongo } from '../../adapters/mongo/health.ts'
import { createOutgoingFetch } from '../../adapters/outgoing/fetch.ts'
import { inspectRedis } from '../../adapters/redis/health.ts'
import type { Config } from '../config.ts'
import { checkKeys } from '../services/identity/keys/key-check.ts'
import { checkPublicAddress } from '../services/organisations/public-address.ts'
import type { Clock } from '../shared/clock.ts'
import { operatorText } from '../shared/errors.ts'
import { type Finding, ok, problem } from '../shared/finding.ts'
import { createKeyring } from '../shared/secrets.ts'
import type { Documents } from '../stores/documents.ts'
import { createOrganisationStore } from '../stores/organisations.ts'
import { readSchema, SCHEMA_VERSION } from '../stores/schema.ts'
import { createSigningKeyStore } from '../stores/signing-keys.ts'
import { knownDevelopmentSecret } from './development-secret.ts'
import { type Environment, examineConfig } from './examine-config.ts'

/**
 * Everything that was found, what is wrong with the configuration first; when the server would not start
 * with it, nothing else is looked at. Changes nothing. `onStep` hears what is looked at next.
 */
export async function examine(
  env: Environment,
  { clock, onStep = () => {} }: { clock: Clock; onStep?: (what: string) => void },
): Promise<Finding[]> {
  const { config, findings } = examineConfig(env)
  if (!config) return findings
  const steps: readonly [string, () => Promise<Finding[]>][] = [
    ['what lasts', () => examineDocuments(config, clock)],
    ['what is short-lived', async () => examineEphemeral(config, clock)],
    ['mail', async () => examineMail(config)],
    ['the public address', () => examineAddress(config)],
  ]
  for (const [what, step] of steps) {
    onStep(what)
    findings.push(...(await step()))
  }
  return findings
}

async function examineDocuments(config: Config, clock: Clock): Promise<Finding[]> {
  const { mongodbUri: uri, isProduction } = config
  const file = join(config.dataDir, 'documents.db')
  const found = uri
    ? await inspectMongo({ uri, clock, needsCompany: isProduction })
    : [inspectEmbedded({ check: 'embedded.documents', file })]
  const isUsable = found.every(({ severity }) => severity !== 'problem')
  if (!isUsable || !(uri || existsSync(file))) return found
  try {
    // Not prepared: an examination makes no indexes.
    const documents = uri
      ? await createMongoDocuments({ uri })
      : createEmbeddedDocuments({ file, clock })
    try {
      return [...found, ...(await examineContents(config, documents, clock))]
    } finally {
      await documents.close()
    }
  } catch (error) {
    const remedy = 'Look at the store’s own log.'
    return [...found, problem('store.contents', `Cannot be read: ${operatorText(error)}`, remedy)]
  }
}

async function examineContents(
  { secrets, dataDir }: Config,
  documents: Documents,
  clock: Clock,
): Promise<Finding[]> {
  const version = await readSchema(documents)
  if (version === undefined) return [ok('store.schema', 'empty: the first start fills it')]
  if (version > SCHEMA_VERSION)
    return [
      problem(
        'store.schema',
        `The stored data has schema ${version}; this program knows ${SCHEMA_VERSION}.`,
        'Run the newer program.',
      ),
    ]
  const schema = ok('store.schema', `schema ${version}`)
  const developmentSecret = knownDevelopmentSecret(dataDir)
  const known = secrets.length > 0 || !developmentSecret ? secrets : [developmentSecret]
  if (known.length === 0)
    return [
      schema,
      problem(
        'keys.open',
        'There is data, but no SECRET to open its keys with.',
        'Set SECRET, or let DATA_DIR name the server’s folder.',
      ),
    ]
  const keys = await checkKeys({
    organisations: createOrganisationStore(documents),
    store: createSigningKeyStore(documents),
    keyring: createKeyring(known),
    clock,
  })
  return [schema, ...keys]
}

function examineEphemeral(
  { redisUrl, dataDir }: Config,
  clock: Clock,
): Finding[] | Promise<Finding[]> {
  return redisUrl
    ? inspectRedis({ url: redisUrl, clock })
    : [inspectEmbedded({ check: 'embedded.ephemeral', file: join(dataDir, 'ephemeral.db') })]
}

function examineMail({ smtpUrl }: Config): Finding[] | Promise<Finding[]> {
  return smtpUrl
    ? inspectSmtp({ url: smtpUrl })
    : [ok('mail.server', 'mails go to the mailbox at /dev/mail: SMTP_URL is not set')]
}

/** On a laptop there is no way in from outside to look at. */
async function examineAddress({ baseUrl, isProduction }: Config): Promise<Finding[]> {
  const { hostname, protocol } = new URL(baseUrl)
  if (!isProduction && protocol === 'http:') return []
  // Our own address, named by the operator: it may lead inside.
  const rules = { privateHosts: [hostname], allowLoopback: true, allowPlainHttp: true }
  const fetch = createOutgoingFetch({ rules })
  return [await checkPublicAddress({ baseUrl, fetch })]
}
