// What the log writes, as a process writes it: one line a fact, and no secret.

import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { describe, expect, it } from '@jest/globals'
import { root } from '../support/repository.ts'

/** The lines of a log that was given a secret in every way that a mistake would. */
async function linesOf(format: 'json' | 'text', level = 'info'): Promise<string[]> {
  const program = `
    import { createLog } from './src/shared/log.ts'
    const log = createLog({ level: '${level}', format: '${format}' })
    const secrets = { code: 'hidden', token: 'hidden', cookie: 'hidden', secret: 'hidden',
      authorization: 'hidden', refresh_token: 'hidden', client_secret: 'hidden', password: 'hidden' }
    log.debug({ number: 0 }, 'a detail')
    log.info({ number: 1, ...secrets }, 'at the top')
    const reason = Object.assign(new Error('of another name'), secrets)
    log.warn({ body: secrets, reason, number: 2 }, 'one level down')
    const command = { name: 'auth', args: ['hidden'] }
    const refused = Object.assign(new Error('WRONGPASS'), { command })
    const all = Object.assign(new AggregateError([refused], ''), { command })
    log.child({ organisation: 'org_1', secret: 'hidden', body: secrets }).error(
      { err: Object.assign(new Error('broken\\nFORGED LINE', { cause: all }), { command, reply: refused }),
        path: '/a\\nFORGED LINE' }, 'of a child')
    log.error({ err: all }, 'of several')
    log.error({ err: command }, 'no error')
  `
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--input-type=module-typescript', '--eval', program],
    { cwd: root },
  )
  return stdout.trimEnd().split('\n')
}

describe('the log', () => {
  it('E24: as JSON writes one line a fact, with its fields and without what is secret', async () => {
    const lines = await linesOf('json')
    expect(lines).toHaveLength(5)
    expect(lines.join()).not.toContain('hidden')
    const [first, second, third, fourth] = lines.map((line) => JSON.parse(line))
    expect(first).toMatchObject({ level: 30, msg: 'at the top', number: 1, token: '[Redacted]' })
    expect(second).toMatchObject({ level: 40, msg: 'one level down', number: 2 })
    expect(third).toMatchObject({ level: 50, organisation: 'org_1', msg: 'of a child' })
    expect(third.err.message).toContain('broken')
    expect(fourth.err.errors[0]).toMatchObject({ type: 'Error', message: 'WRONGPASS' })
  })

  it('E24: as text is for people, and as silent', async () => {
    const lines = await linesOf('text')
    expect(lines.join()).not.toContain('hidden')
    expect(lines[0]).toMatch(/^\d\d:\d\d:\d\d info at the top number=1 /)
    expect(lines).toContainEqual(
      expect.stringMatching(/error of a child .*path="\/a\\nFORGED LINE"/),
    )
  })

  it('writes nothing below its level', async () => {
    expect(await linesOf('json', 'debug')).toHaveLength(6)
    expect(await linesOf('json', 'error')).toHaveLength(3)
  })
})
