// The snippets that the console shows, pasted into files and run: customers sign in with them.

import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { parse } from 'yaml'
import type { ClientValues } from '../../apps/admin/src/pages/clients/snippets/client-values.ts'
import { snippetsFor } from '../../apps/admin/src/pages/clients/snippets.ts'
import { signIn } from '../support/relying-party.ts'
import { root } from '../support/repository.ts'
import { startServer, type TestServer } from '../support/server.ts'
import { freePort } from '../support/services/processes.ts'
import { freshAddress } from '../support/sign-in-pages.ts'
import { createUserAgent } from '../support/user-agent.ts'

let server: TestServer
const folder = mkdtempSync(join(tmpdir(), 'foyer-snippets-'))
beforeAll(async () => {
  server = await startServer()
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
})
afterAll(async () => {
  await server.stop()
  rmSync(folder, { recursive: true })
})

function codeOf(values: ClientValues, id: string): string {
  const snippet = snippetsFor(values).find((each) => each.id === id)
  if (!snippet) throw new Error(`no snippet ${id} for ${values.kind}`)
  return snippet.code
}

async function valuesOf(
  kind: ClientValues['kind'] & ('web' | 'machine' | 'native'),
): Promise<ClientValues> {
  const redirectUri = `http://127.0.0.1:${await freePort()}/callback`
  const redirects = kind === 'machine' ? {} : { redirectUris: [redirectUri] }
  const { client_id, client_secret } = await server.register({ kind, ...redirects })
  return {
    issuer: server.baseUrl,
    clientId: client_id,
    kind,
    authentication: client_secret ? 'secret' : 'none',
    ...(client_secret && { secret: client_secret }),
    ...(kind !== 'machine' && { redirectUri }),
    scopes: ['openid', 'email'],
  }
}

/** Saves it and starts it, as its first line says. */
function runFile(name: string, code: string): ChildProcess {
  writeFileSync(join(folder, name), code)
  return spawn(process.execPath, [join(folder, name)], { cwd: folder })
}

async function outputOf(child: ChildProcess): Promise<string> {
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (text) => {
      output += text
    })
  await once(child, 'close')
  return output
}

describe('the openid-client snippet', () => {
  it.each(['web', 'native'] as const)('of a %s client signs a customer in', async (kind) => {
    const values = await valuesOf(kind)
    const child = runFile(`sign-in-${kind}.mjs`, codeOf(values, 'openid-client'))
    try {
      const [line] = await Promise.race([
        once(child.stdout ?? child, 'data'),
        outputOf(child).then((output) => Promise.reject(new Error(output))),
      ])
      const address = /http:\S+/.exec(String(line))?.[0] ?? ''
      const begun = await fetch(address, { redirect: 'manual' })
      const email = freshAddress()
      const callback = await signIn(server, {
        url: new URL(begun.headers.get('location') ?? ''),
        email,
        agent: createUserAgent(server.baseUrl),
      })
      const finished = await fetch(callback)
      expect(await finished.json()).toMatchObject({
        claims: { iss: server.baseUrl, aud: values.clientId },
        user: { email, email_verified: true },
      })
    } finally {
      child.kill('SIGKILL')
      await once(child, 'close')
    }
  })

  it('of a machine gets a token', async () => {
    const child = runFile('token.mjs', codeOf(await valuesOf('machine'), 'openid-client'))
    expect(await outputOf(child)).toMatch(/access_token: '[\w-]{20,}/)
  })
})

describe('the curl snippet', () => {
  const shell = (code: string) => {
    const child = execFile('bash', ['-c', code], { timeout: 15_000 })
    const output = { text: '' }
    child.stdout?.on('data', (text) => {
      output.text += text
    })
    return { child, output }
  }

  it.each(['web', 'native'] as const)('of a %s client signs a customer in', async (kind) => {
    const { child, output } = shell(codeOf(await valuesOf(kind), 'curl'))
    while (!output.text.includes('Paste the code')) await once(child.stdout ?? child, 'data')
    const url = new URL(/http:\S+\/oauth\/authorize\S+/.exec(output.text)?.[0] ?? '')
    const agent = createUserAgent(server.baseUrl)
    const callback = await signIn(server, { url, email: freshAddress(), agent })
    child.stdin?.end(`${callback.searchParams.get('code')}\n`)
    await once(child, 'close')
    expect(output.text).toMatch(/"id_token":"ey/)
  })

  it('of a machine gets a token', async () => {
    const { child, output } = shell(codeOf(await valuesOf('machine'), 'curl'))
    await once(child, 'close')
    expect(output.text).toMatch(/"access_token":"[\w-]{20,}/)
  })
})

describe('snippets', () => {
  const hostile = `https://shop.example/a'b"$(id)\`id\`/cb`
  const values: ClientValues = {
    issuer: 'https://id.example.com/o/acme',
    clientId: 'cli_x',
    kind: 'web',
    authentication: 'secret',
    secret: `fys_"'$x`,
    redirectUri: hostile,
    scopes: ['openid', 'email'],
  }

  it('hold nothing that could be taken for code of the language they are in', async () => {
    const spring = parse(codeOf(values, 'spring'))
    expect(spring.spring.security.oauth2.client.registration.foyer).toMatchObject({
      'client-id': 'cli_x',
      'client-secret': values.secret,
      'redirect-uri': hostile,
    })
    const child = execFile('bash', ['-n', '-c', codeOf(values, 'curl')])
    const [code] = await once(child, 'close')
    expect(code).toBe(0)
    expect(codeOf(values, 'curl')).toContain(`'redirect_uri=https://shop.example/a'\\''b"$(id)`)
    expect(codeOf(values, 'openid-client')).toContain(`'https://shop.example/a\\'b"$(id)\`id\`/cb'`)
    expect(codeOf(values, 'authlib')).toContain(JSON.stringify(hostile))
  })

  it('of the browser library are pages that no value of the client can leave', () => {
    const evil = `"'></script><script>alert(1)</script>`
    const pages = snippetsFor({
      ...values,
      issuer: `https://id.example.com/${evil}`,
      clientId: `cli_${evil}`,
      kind: 'browser',
      authentication: 'none',
      firstParty: true,
      library: ['foyer.js', 'index.js', 'element.js'].map((name) => ({
        name,
        address: `https://id.example.com/dom/1.0.0/${name}?${evil}`,
        integrity: 'sha384-x',
      })),
    }).filter(({ language }) => language === 'html')
    expect(pages.map(({ id }) => id)).toEqual(['script-tag', 'modules'])
    for (const { id, code } of pages) {
      const scripts = id === 'modules' ? 2 : 1 // the map of the modules is one
      expect([id, code.match(/<script/g), code.match(/<\/script>/g)]).toEqual([
        id,
        Array(scripts).fill('<script'),
        Array(scripts).fill('</script>'),
      ])
      expect(code).not.toContain(evil)
    }
  })

  it.each([
    ['is not the business’s own', { firstParty: false }],
    ['has a server', { kind: 'web', authentication: 'secret' }],
    ['is shown before the library was found', { library: [] }],
  ] as const)('of the browser library are not shown to a client that %s', (_name, change) => {
    const library = ['foyer.js', 'index.js', 'element.js'].map((name) => ({
      name,
      address: `https://id.example.com/dom/1.0.0/${name}`,
      integrity: 'sha384-x',
    }))
    const own = { ...values, kind: 'browser', authentication: 'none', firstParty: true } as const
    const shown = snippetsFor({ ...own, library, ...change }).map(({ language }) => language)
    expect(shown).not.toContain('html')
  })

  it('say where the secret goes when nobody can show it any more', () => {
    const { secret: _gone, ...rest } = values
    for (const { code } of snippetsFor(rest)) expect(code).toContain('PASTE_THE_CLIENT_SECRET')
  })

  it('are there for every kind, and none holds a secret of a client that has none', () => {
    for (const kind of ['web', 'browser', 'native', 'machine', 'preview'] as const) {
      const isPublic = kind !== 'web' && kind !== 'machine'
      const { secret: _none, ...rest } = { ...values, kind }
      const snippets = snippetsFor({ ...rest, authentication: isPublic ? 'none' : 'secret' })
      expect(snippets.length).toBeGreaterThan(1)
      if (isPublic)
        for (const { code } of snippets) expect(code).not.toContain('PASTE_THE_CLIENT_SECRET')
    }
  })
})
