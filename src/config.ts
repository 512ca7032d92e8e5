// The environment, read once and checked: the only reader of process.env.

import { z } from 'zod'
import { parseEmailAddress } from './shared/email-address.ts'

export type Config = {
  isProduction: boolean
  /** The origin everything is served under, without a slash at its end: the default organisation's issuer. */
  baseUrl: string
  host: string
  port: number
  /** Where the demo shop listens, a page on another site; left out where there is none. */
  demoShopPort?: number
  /** The default organisation's name, at its first start. */
  organisationName: string
  /** Where the embedded store lives. */
  dataDir: string
  mongodbUri?: string
  redisUrl?: string
  smtpUrl?: string
  mailFrom: string
  /** Values of `SECRET`, the current one first; empty when it is not set. */
  secrets: readonly string[]
  /** Normalised addresses that are platform owners from the start on. */
  operators: readonly string[]
  /** Hosts that may be called although their addresses are not public. */
  privateHosts: readonly string[]
  /** How many proxies stand in front: that many addresses of `X-Forwarded-For` are believed. */
  trustProxy: number
  logLevel: LogLevel
}

const logLevels = ['debug', 'info', 'warn', 'error', 'silent'] as const
type LogLevel = (typeof logLevels)[number]

/** The start cannot go on: every problem at once. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly problems: readonly string[]
  constructor(problems: readonly string[]) {
    super(
      `The configuration has problems:\n${problems.map((problem) => `  ${problem}`).join('\n')}`,
    )
    this.problems = problems
  }
}

type Variable = {
  readonly schema: z.ZodType<string | number>
  /** What was expected, for who got it wrong. */
  readonly expected: string
  readonly description: string
  /** As text, for the documents; left out where there is none. */
  readonly default?: string
  readonly example: string
}

const MIN_SECRET = 32

/** An address of one of these schemes, with a host. */
function url(...protocols: readonly string[]) {
  return z.string().refine((value) => {
    const parsed = URL.parse(value)
    return parsed !== null && protocols.includes(parsed.protocol) && parsed.host !== ''
  })
}

const port = z
  .string()
  .regex(/^\d{1,5}$/)
  .transform(Number)
  .pipe(z.int().max(65_535))

/** Every variable there is; `docs/configuration.md` and `.env.example` are made from this table. */
export const variables = {
  BASE_URL: {
    schema: z.string().refine(isOrigin),
    expected: 'an address without path, such as https://id.example.com',
    description: 'The address everything is served under, and the default organisation’s issuer.',
    default: '`http://localhost:PORT`',
    example: 'https://id.example.com',
  },
  HOST: {
    schema: z.string().min(1),
    expected: 'an address to listen on',
    description: 'The address to listen on.',
    default: '`0.0.0.0` in production, else `localhost`',
    example: '0.0.0.0',
  },
  PORT: {
    schema: port,
    expected: 'a port, 0 to 65535',
    description: 'The port to listen on.',
    default: '3000',
    example: '3000',
  },
  DEMO_SHOP_PORT: {
    schema: port,
    expected: 'a port, 0 to 65535',
    description:
      'The port of the demo shop, whose pages sign in with the browser library from another site; 0 for none. There is none in production.',
    default: '`PORT` + 1',
    example: '3001',
  },
  ORGANISATION_NAME: {
    schema: z.string().trim().min(1).max(80),
    expected: '1 to 80 characters',
    description:
      'The name of the default organisation when the store is empty; later it is not read.',
    default: 'Casa Aurora',
    example: 'Casa Aurora',
  },
  DATA_DIR: {
    schema: z.string().min(1),
    expected: 'a folder',
    description:
      'The folder of the embedded store, used while `MONGODB_URI` or `REDIS_URL` is not set.',
    default: '.data',
    example: '.data',
  },
  MONGODB_URI: {
    // No URL where a replica set lists its hosts; the driver reads the rest.
    schema: z.string().regex(/^mongodb(?:\+srv)?:\/\/[^\s/]+/),
    expected: 'an address such as mongodb://127.0.0.1:27017/foyer?replicaSet=rs0',
    description:
      'MongoDB, for everything that lasts. It must be a replica set. Required in production.',
    example: 'mongodb://127.0.0.1:27017/foyer?replicaSet=rs0',
  },
  REDIS_URL: {
    schema: url('redis:', 'rediss:'),
    expected: 'an address such as redis://127.0.0.1:6379',
    description:
      'Redis 6.2 or newer, for codes, counters and what is short-lived. Required in production.',
    example: 'redis://127.0.0.1:6379',
  },
  SMTP_URL: {
    schema: url('smtp:', 'smtps:'),
    expected: 'an address such as smtp://user:password@mail.example.com:587',
    description:
      'The mail server. Without it mails go to the mailbox at `/dev/mail`. Required in production.',
    example: 'smtp://user:password@mail.example.com:587',
  },
  MAIL_FROM: {
    schema: z.email(),
    expected: 'an e-mail address',
    description: 'The address mails come from; best of the same domain as `BASE_URL`.',
    default: '`no-reply@` the host of `BASE_URL`',
    example: 'no-reply@example.com',
  },
  SECRET: {
    schema: z
      .string()
      .refine((value) => value.split(',').every((each) => each.trim().length >= MIN_SECRET)),
    expected: `one or more values of at least ${MIN_SECRET} characters, separated by commas`,
    description:
      'Seals keys and signs cookies. The first value seals, all open: to change it, put the new one in front. Required in production; else one is made in `DATA_DIR`.',
    example: 'the-output-of-openssl-rand-base64-33',
  },
  OPERATORS: {
    schema: z.string().refine((value) => listOf(value).every(parseEmailAddress)),
    expected: 'e-mail addresses separated by commas',
    description:
      'Addresses that own the whole installation: made platform owners at every start. One that is taken out here stays one until `foyer operators remove`.',
    example: 'ann@example.com,ben@example.com',
  },
  TRUST_PROXY: {
    schema: z.string().regex(/^\d$/).transform(Number),
    expected: 'a number of proxies, 0 to 9',
    description:
      'How many proxies stand in front; that many addresses of `X-Forwarded-For` are believed.',
    default: '0',
    example: '1',
  },
  PRIVATE_HOSTS: {
    schema: z.string().refine((value) => listOf(value).every(isHost)),
    expected: 'host names separated by commas, such as shop.internal,10.0.0.7',
    description:
      'Hosts that the server may call although their addresses are not public: applications inside your own network, conformance suites. Each is one exact name, without port; everything else inside is refused.',
    example: 'shop.internal,10.0.0.7',
  },
  LOG_LEVEL: {
    schema: z.enum(logLevels),
    expected: `one of ${logLevels.join(', ')}`,
    description: 'Which log lines are written.',
    default: 'info',
    example: 'info',
  },
} as const satisfies Record<string, Variable>

type Name = keyof typeof variables
type Values = { [name in Name]?: z.output<(typeof variables)[name]['schema']> }

/** Reads the environment; throws `ConfigError` with everything that is wrong. Empty counts as not set. */
export function readConfig(env: { readonly [name: string]: string | undefined }): Config {
  const isProduction = env.NODE_ENV === 'production'
  const { values, problems } = readValues(env)
  if (isProduction) problems.push(...productionProblems(values, env))
  if (problems.length > 0) throw new ConfigError(problems)
  const port = values.PORT ?? 3000
  const demoShopPort = values.DEMO_SHOP_PORT ?? (port > 0 && port < 65_535 ? port + 1 : 0)
  const baseUrl = new URL(values.BASE_URL ?? `http://localhost:${port}`).origin
  return Object.freeze({
    isProduction,
    baseUrl,
    host: values.HOST ?? (isProduction ? '0.0.0.0' : 'localhost'),
    port,
    ...(demoShopPort && !isProduction && { demoShopPort }),
    organisationName: values.ORGANISATION_NAME ?? 'Casa Aurora',
    dataDir: values.DATA_DIR ?? '.data',
    ...(values.MONGODB_URI && { mongodbUri: values.MONGODB_URI }),
    ...(values.REDIS_URL && { redisUrl: values.REDIS_URL }),
    ...(values.SMTP_URL && { smtpUrl: values.SMTP_URL }),
    mailFrom: values.MAIL_FROM ?? `no-reply@${new URL(baseUrl).hostname}`,
    secrets: Object.freeze(listOf(values.SECRET)),
    operators: Object.freeze(operatorsOf(values.OPERATORS)),
    privateHosts: Object.freeze(listOf(values.PRIVATE_HOSTS)),
    trustProxy: values.TRUST_PROXY ?? 0,
    logLevel: values.LOG_LEVEL ?? 'info',
  })
}

function listOf(value = ''): string[] {
  return value
    .split(',')
    .map((each) => each.trim())
    .filter(Boolean)
}

/** Each address once, as it is compared. */
function operatorsOf(value: string | undefined): string[] {
  return [...new Set(listOf(value).flatMap((each) => parseEmailAddress(each)?.normalised ?? []))]
}

/** As a parser writes it, so that it can be compared with the host of an address. */
function isHost(text: string): boolean {
  return !text.includes('*') && URL.parse(`https://${text}/`)?.hostname === text
}

function readValues(env: { readonly [name: string]: string | undefined }) {
  const problems: string[] = []
  const values: { [name: string]: unknown } = {}
  for (const [name, { schema, expected }] of Object.entries(variables)) {
    const text = env[name]
    if (text === undefined || text === '') continue
    const result = schema.safeParse(text)
    if (result.success) values[name] = result.data
    else problems.push(`${name}: expected ${expected}`)
  }
  return { values: values as Values, problems } // each value was given back by its own schema
}

/** What is convenient on a laptop is dangerous on the internet: there it stops the start. */
function productionProblems(
  values: Values,
  env: { readonly [name: string]: string | undefined },
): string[] {
  const missing = (['BASE_URL', 'MONGODB_URI', 'REDIS_URL', 'SMTP_URL', 'SECRET'] as const)
    .filter((name) => !env[name])
    .map((name) => `${name}: required in production, ${variables[name].expected}`)
  const isPlain = values.BASE_URL?.startsWith('http:')
  const isWeak = values.SECRET?.split(',').some(isGuessable)
  const trusting = (['MONGODB_URI', 'REDIS_URL', 'SMTP_URL'] as const)
    .filter((name) => UNCHECKED_TLS.test(values[name] ?? ''))
    .map((name) => `${name}: must check certificates in production`)
  return [
    ...missing,
    ...trusting,
    ...(env.NODE_TLS_REJECT_UNAUTHORIZED === '0'
      ? ['NODE_TLS_REJECT_UNAUTHORIZED: must not be 0 in production']
      : []),
    ...(isPlain ? ['BASE_URL: must be https in production'] : []),
    ...(isWeak ? ['SECRET: easy to guess; use the output of `openssl rand -base64 33`'] : []),
  ]
}

/** Options of an address by which the drivers take anybody for the server, or leave TLS away. */
const UNCHECKED_TLS =
  /[?&](?:(?:tlsInsecure|tlsAllowInvalidCertificates|tlsAllowInvalidHostnames|ignoreTLS)=true|(?:sslValidate|tls\.rejectUnauthorized|rejectUnauthorized)=false)/i

/** Made of few characters, or copied from the documents. */
function isGuessable(secret: string): boolean {
  return new Set(secret.trim()).size < 10 || secret.trim() === variables.SECRET.example
}

function isOrigin(text: string): boolean {
  const parsed = URL.parse(text)
  const isWeb = parsed?.protocol === 'http:' || parsed?.protocol === 'https:'
  return isWeb && (text === parsed.origin || text === `${parsed.origin}/`)
}
