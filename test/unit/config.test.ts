// The environment as configuration: what each variable takes, and everything that is wrong told at once.

import { describe, expect, it } from '@jest/globals'
import { ConfigError, readConfig, variables } from '../../src/config.ts'

type Environment = { [name: string]: string }

const SECRET = 'xN2vQ7tLr9KpZc4WmB8sYd3HfJ6gTa1E'

const production: Environment = {
  NODE_ENV: 'production',
  BASE_URL: 'https://id.example.com',
  MONGODB_URI: 'mongodb://db.example.com/foyer?replicaSet=rs0',
  REDIS_URL: 'redis://redis.example.com:6379',
  SMTP_URL: 'smtp://user:password@mail.example.com:587',
  SECRET,
}

/** What a start with this environment would complain of. */
function problemsOf(env: Environment): readonly string[] {
  try {
    readConfig(env)
    return []
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
}

describe('an empty environment', () => {
  const usual = readConfig({})

  it('is a development installation on this machine alone', () => {
    expect(usual).toEqual({
      isProduction: false,
      baseUrl: 'http://localhost:3000',
      host: 'localhost',
      port: 3000,
      demoShopPort: 3001,
      organisationName: 'Casa Aurora',
      dataDir: '.data',
      mailFrom: 'no-reply@localhost',
      secrets: [],
      operators: [],
      privateHosts: [],
      trustProxy: 0,
      logLevel: 'info',
    })
  })

  it('is the same as one in which every variable is empty', () => {
    const empty = Object.fromEntries(Object.keys(variables).map((name) => [name, '']))
    expect(readConfig(empty)).toEqual(usual)
  })

  it('cannot be changed afterwards', () => {
    expect(Object.isFrozen(usual)).toBe(true)
    expect(Object.isFrozen(usual.secrets)).toBe(true)
  })
})

describe('a variable', () => {
  it.each(Object.entries(variables))('%s takes the example that the documents show', (name, it) => {
    expect(problemsOf({ [name]: it.example })).toEqual([])
  })

  it.each<[name: string, value: string, read: object]>([
    ['BASE_URL', 'https://id.example.com/', { baseUrl: 'https://id.example.com' }],
    ['BASE_URL', 'https://id.example.com', { mailFrom: 'no-reply@id.example.com' }],
    ['PORT', '8080', { port: 8080, baseUrl: 'http://localhost:8080' }],
    ['PORT', '8080', { demoShopPort: 8081 }],
    ['DEMO_SHOP_PORT', '9000', { port: 3000, demoShopPort: 9000 }],
    ['HOST', '0.0.0.0', { host: '0.0.0.0' }],
    ['ORGANISATION_NAME', ' Bella Vita ', { organisationName: 'Bella Vita' }],
    ['DATA_DIR', '/var/lib/foyer', { dataDir: '/var/lib/foyer' }],
    ['MONGODB_URI', 'mongodb+srv://db.example.com/foyer', {}],
    ['MONGODB_URI', 'mongodb://u:p@a:27017,b:27017,c:27017/foyer?replicaSet=rs0', {}],
    ['REDIS_URL', 'rediss://:password@redis.example.com', {}],
    ['SMTP_URL', 'smtps://mail.example.com', {}],
    ['MAIL_FROM', 'hello@example.com', { mailFrom: 'hello@example.com' }],
    ['TRUST_PROXY', '2', { trustProxy: 2 }],
    ['LOG_LEVEL', 'silent', { logLevel: 'silent' }],
    ['SECRET', `${SECRET}-new, ${SECRET}`, { secrets: [`${SECRET}-new`, SECRET] }],
    ['OPERATORS', 'Ann@Example.com, ann@example.com', { operators: ['ann@example.com'] }],
    ['PRIVATE_HOSTS', 'shop.internal, [fd00::1]', { privateHosts: ['shop.internal', '[fd00::1]'] }],
  ])('%s=%s is read', (name, value, read) => {
    expect(readConfig({ [name]: value })).toMatchObject(read)
  })

  it.each([
    ['none was wanted', { DEMO_SHOP_PORT: '0' }],
    ['no port is left', { PORT: '65535' }],
  ])('leaves the demo shop out where %s', (_name, env) => {
    expect(readConfig(env)).not.toHaveProperty('demoShopPort')
  })

  it.each([
    ['BASE_URL', 'id.example.com'],
    ['BASE_URL', 'https://example.com/path'],
    ['BASE_URL', 'https://user:password@example.com'],
    ['BASE_URL', 'https://example.com?a=b'],
    ['BASE_URL', 'ftp://example.com'],
    ['PORT', '65536'],
    ['PORT', '80a'],
    ['PORT', '-1'],
    ['PORT', '3e3'],
    ['DEMO_SHOP_PORT', 'none'],
    ['ORGANISATION_NAME', '   '],
    ['ORGANISATION_NAME', 'x'.repeat(81)],
    ['MONGODB_URI', 'db.example.com'],
    ['MONGODB_URI', 'mongodb://'],
    ['MONGODB_URI', 'postgres://db.example.com'],
    ['REDIS_URL', 'http://redis.example.com'],
    ['REDIS_URL', 'redis:'],
    ['SMTP_URL', 'mail.example.com:25'],
    ['MAIL_FROM', 'Foyer <hello@example.com>'],
    ['TRUST_PROXY', 'true'],
    ['LOG_LEVEL', 'verbose'],
    ['SECRET', 'short'],
    ['SECRET', `${SECRET},short`],
    ['OPERATORS', 'ann'],
    ['OPERATORS', 'ann@example.com;ben@example.com'],
    ['PRIVATE_HOSTS', 'shop.internal:8443'],
    ['PRIVATE_HOSTS', 'https://shop.internal'],
    ['PRIVATE_HOSTS', '*.internal'],
    ['PRIVATE_HOSTS', 'Shop.internal'],
    ['PRIVATE_HOSTS', '10.7'],
  ])('%s=%s is refused by its name, with what was expected', (name, value) => {
    const [problem, ...others] = problemsOf({ [name]: value })
    expect(problem).toMatch(new RegExp(`^${name}: expected .{6,}`))
    expect(others).toEqual([])
  })
})

describe('several things that are wrong', () => {
  it('are told all at once, one line each', () => {
    const wrong = { PORT: 'x', BASE_URL: 'y', LOG_LEVEL: 'z', TRUST_PROXY: 'w', SECRET: 'v' }
    const problems = problemsOf(wrong)
    expect(problems.map((line) => line.split(':')[0]).sort()).toEqual(Object.keys(wrong).sort())
    expect(() => readConfig(wrong)).toThrow(problems.map((line) => `  ${line}`).join('\n'))
  })

  it('are told without the values, which may be secret', () => {
    const password = 'hunter2-hunter2'
    const problems = problemsOf({
      NODE_ENV: 'production',
      SECRET: password,
      MONGODB_URI: `postgres://u:${password}@db`,
      REDIS_URL: `http://:${password}@redis`,
      SMTP_URL: `http://u:${password}@mail`,
    })
    expect(problems).toHaveLength(5)
    expect(problems.join()).not.toContain('hunter2')
  })
})

describe('production', () => {
  it('starts with an https address, the three servers and a secret', () => {
    expect(readConfig(production)).toMatchObject({ isProduction: true, host: '0.0.0.0' })
  })

  it('A08: does not start without any of them, and names all that are missing', () => {
    const problems = problemsOf({ NODE_ENV: 'production' })
    const names = ['BASE_URL', 'MONGODB_URI', 'REDIS_URL', 'SMTP_URL', 'SECRET']
    expect(problems.map((line) => line.split(':')[0])).toEqual(names)
    for (const name of names) expect(problemsOf({ ...production, [name]: '' })).toHaveLength(1)
  })

  it('A08: does not start on plain http', () => {
    const plain = { ...production, BASE_URL: 'http://id.example.com' }
    expect(problemsOf(plain)).toEqual(['BASE_URL: must be https in production'])
  })

  it.each([
    ['one character', 'a'.repeat(64)],
    ['a short word again and again', 'changeme'.repeat(8)],
    ['the example of the documents', variables.SECRET.example],
    ['a regular one behind a good one', `${SECRET},${'0123'.repeat(10)}`],
  ])('A08: does not start with a secret that is long and easy to guess: %s', (_name, secret) => {
    expect(problemsOf({ ...production, SECRET: secret })).toEqual([
      expect.stringMatching(/^SECRET: easy to guess/),
    ])
  })

  it('D10: falls back on no default address of a store or a mail server', () => {
    for (const name of ['MONGODB_URI', 'REDIS_URL', 'SMTP_URL', 'BASE_URL']) {
      expect(problemsOf({ ...production, [name]: '' })).toEqual([
        expect.stringContaining(`${name}: required in production`),
      ])
    }
  })

  it.each([
    ['MONGODB_URI', 'mongodb://db.example.com/foyer?replicaSet=rs0&tls=true&tlsInsecure=true'],
    ['MONGODB_URI', 'mongodb://db.example.com/?tlsAllowInvalidCertificates=true&tls=true'],
    ['MONGODB_URI', 'mongodb://db.example.com/?tls=true&tlsAllowInvalidHostnames=true'],
    ['SMTP_URL', 'smtps://mail.example.com?tls.rejectUnauthorized=false'],
    ['SMTP_URL', 'smtp://mail.example.com/?ignoreTLS=true'],
  ])('D10: does not start on certificates that are not checked: %s=%s', (name, value) => {
    expect(problemsOf({ ...production, [name]: value })).toEqual([
      `${name}: must check certificates in production`,
    ])
    expect(problemsOf({ [name]: value })).toEqual([])
  })

  it('D10: does not start while Node itself is told to check no certificate', () => {
    const env = { NODE_TLS_REJECT_UNAUTHORIZED: '0' }
    expect(problemsOf({ ...production, ...env })).toEqual([
      'NODE_TLS_REJECT_UNAUTHORIZED: must not be 0 in production',
    ])
    expect(problemsOf({ ...production, NODE_TLS_REJECT_UNAUTHORIZED: '1' })).toEqual([])
  })

  it('is what NODE_ENV says to the letter, and only there these rules hold', () => {
    expect(readConfig({ NODE_ENV: 'development' }).isProduction).toBe(false)
    expect(problemsOf({ SECRET: 'a'.repeat(64), BASE_URL: 'http://id.example.com' })).toEqual([])
  })
})
