// The library's manual: each of its examples is taken out of it and run, on a page of another site than the issuer.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import type { Browser, Page } from 'playwright-core'
import {
  type BrowserWindow,
  describeWithBrowser,
  openWindow,
  startBrowser,
} from '../support/browser.ts'
import { registerShop } from '../support/embedded-client.ts'
import {
  type EmbeddingPage,
  type EmbeddingSite,
  startEmbeddingSite,
} from '../support/embedding-site.ts'
import { type Example, examplesOf } from '../support/manual.ts'
import { compiled, runProgram } from '../support/program.ts'
import { read, root } from '../support/repository.ts'
import { type OtherOrganisation, startServer, type TestServer } from '../support/server.ts'
import { freshAddress, roomyLimits } from '../support/sign-in-pages.ts'

const SECRET = 'one-secret-of-the-tests-0123456789'
const examples = examplesOf('packages/dom/README.md')
const inBrowser = examples.filter(({ language }) => language !== 'sh')

type Outcome = {
  /** What is written to the console, line by line. */
  written?: readonly RegExp[]
  title?: RegExp
  /** What a person does next, and sees. */
  next?(page: Page, at: Visit): Promise<void>
}
/** What the manual's values stand for here. */
type Values = {
  issuer: string
  clientId: string
  origin: string
  integrity: string
  /** Of whoever signs in. */
  email: string
}
type Visit = Values & { codeFor(email: string): Promise<string> }

/** What each example ends with, by its section, in the order of the manual. */
const outcomes: { readonly [section: string]: readonly Outcome[] } = {
  '': [{ next: signInByElement }],
  'Script tag': [
    { next: signInByElement },
    { next: signInByElement },
    {
      async next(page, visit) {
        await signInByElement(page, visit)
        await page.getByText(`Hello ${visit.email}`).waitFor()
      },
    },
  ],
  Module: [{ written: [/^signed in as \S+@example\.org$/] }, { written: [/^null$/] }],
  Elements: [
    {
      async next(page, visit) {
        await page.getByRole('heading', { name: 'Welcome to the shop' }).waitFor()
        await signInByElement(page, visit)
      },
    },
    {
      async next(page, visit) {
        const heading = page.getByRole('heading', { name: 'Sign in' })
        expect(await heading.evaluate((each) => getComputedStyle(each).fontStyle)).toBe('italic')
        await signInByElement(page, visit)
      },
    },
  ],
  createClient: [{ written: [/^http:\S+ cli_\w+$/] }],
  initialize: [{ written: [/^nobody is signed in$/] }],
  'sendCode, verifyCode': [
    { written: [/^6 digits; another one in (60|59) s$/, /^wrong; 4 tries left$/, /^\w{20,}$/] },
  ],
  'getAccessToken, getSession, getUser, isAuthenticated': [
    { written: [/^true true \S+@example\.org openid .*orders:read/] },
  ],
  refresh: [{ written: [/^true$/] }],
  onAuthStateChange: [{ title: /^SIGNED_IN \S+@example\.org$/ }],
  Errors: [{ written: [/^email_invalid 400 undefined \S+$/] }],
  'Sign-out': [{ written: [/^false null$/] }],
  Redirect: [{ title: /^Hello \S+@example\.org$/ }, { title: /^Nobody is signed in$/ }],
  'Client API': [{ written: [/^Ana 0 null 0$/] }],
  Portal: [{ next: openPortal }],
  Policies: [{ written: [/^true$/] }],
  DPoP: [{ written: [/^\S+@example\.org$/] }],
  Frameworks: [{ next: useStore('react') }, { next: useStore('vue') }],
}

async function signInByElement(page: Page, { email, codeFor }: Visit): Promise<void> {
  await page.getByLabel('E-mail address').fill(email)
  await page.keyboard.press('Enter')
  await page.getByLabel('6-digit code').waitFor()
  const isIn = page.evaluate(
    () => new Promise((resolve) => addEventListener('foyer-signed-in', resolve, { once: true })),
  )
  await page.keyboard.type(await codeFor(email))
  await isIn
}

async function openPortal(page: Page, { issuer, email }: Visit): Promise<void> {
  await page.getByRole('button', { name: 'My account' }).click()
  await page.waitForURL(`${issuer}/demo/account`)
  await page.getByText(email).waitFor()
}

/** Draws with the example's function, and signs out: what is drawn follows. */
function useStore(framework: 'react' | 'vue') {
  return async (page: Page, { email }: Visit): Promise<void> => {
    await page.evaluate(async (name) => {
      const { useSession } = Reflect.get(window, 'example')
      const shown = document.body.appendChild(document.createElement('output'))
      const text = (session: { user: { email: string } } | null) => session?.user.email ?? 'nobody'
      if (name === 'react') {
        const { createElement, render } = await import(String('react'))
        render(
          createElement(() => text(useSession())),
          shown,
        )
      } else {
        const session = useSession()
        session.changed = () => shown.replaceChildren(text(session.value))
        session.changed()
      }
    }, framework)
    await page.locator('output', { hasText: email }).waitFor()
    await page.evaluate(async () => {
      const { foyer } = await import(String('/foyer.js'))
      await foyer.signOut()
    })
    await page.locator('output', { hasText: 'nobody' }).waitFor()
  }
}

/** As much of it as the example needs: values that tell when they change. */
const VUE = `
  export const shallowRef = (start) => {
    let value = start
    return { get value() { return value }, set value(next) { value = next; this.changed?.() } }
  }
  export const onScopeDispose = () => {}
`

const CLIENT = `
  import { createClient } from '@foyer/dom'
  export const foyer = createClient({ issuer: 'https://id.example.com', clientId: 'cli_shop' })
  await foyer.initialize()
`
const SIGN_IN = `
  await foyer.sendCode('ana@example.com')
  await foyer.verifyCode(prompt('The code from the mail?'))
`

/** What stands in front of an example: the client that it speaks of. */
const scenes: { readonly [scene: string]: { client: string } | undefined } = {
  client: { client: CLIENT },
  policies: { client: CLIENT },
  'signed-in': { client: CLIENT + SIGN_IN },
  react: { client: CLIENT + SIGN_IN },
  vue: { client: CLIENT + SIGN_IN },
}

function filled(code: string, { issuer, origin, clientId, email, integrity }: Values): string {
  return code
    .replaceAll('https://id.example.com', issuer)
    .replaceAll('https://shop.example.com', origin)
    .replaceAll('cli_shop', clientId)
    .replaceAll('ana@example.com', email)
    .replaceAll('sha384-…', integrity)
}

describeWithBrowser('the manual of the browser library', () => {
  let server: TestServer
  let strict: OtherOrganisation
  let browser: Browser
  let site: EmbeddingSite
  let values: Values
  const pages: { [path: string]: EmbeddingPage } = {}

  beforeAll(async () => {
    expect(await runProgram('scripts/front-ends.js')).toMatchObject({ code: 0, stderr: '' })
    server = await startServer({ env: { SECRET } })
    await server.changeSignIn(roomyLimits)
    strict = await server.addOrganisation('strict')
    const by = { actor: 'test' }
    const terms = { organisation: strict.organisation._id, kind: 'terms' } as const
    await server.policies.publish(terms, { texts: { en: 'Be kind.' }, needsAcceptance: true }, by)
    await server.policies.ask(strict.organisation._id, ['terms'], by)
    browser = await startBrowser()
    site = await startEmbeddingSite({ issuer: server.baseUrl, pages })
    const { files } = (await (await fetch(`${server.baseUrl}/dom/v1/manifest.json`)).json()) as {
      files: { name: string; integrity: string }[]
    }
    const { integrity = '' } = files.find(({ name }) => name === 'foyer.js') ?? {}
    const clientId = await registerShop(server, site)
    values = { issuer: server.baseUrl, clientId, origin: site.origin, integrity, email: '' }
  })
  afterAll(async () => {
    await browser?.close()
    await site?.stop()
    await server?.stop()
  })

  /** The page, with the example and what it imports. */
  function place({ language, scene, code }: Example, given: Values): void {
    if (language === 'html') {
      pages['/'] = { policy: null, document: filled(code, given) }
      return
    }
    const file = (name: string) => `${given.issuer.replace(/\/o\/.*/, '')}/dom/v1/${name}.js`
    const imports = {
      '@foyer/dom': file('index'),
      '@foyer/dom/element': file('element'),
      '@foyer/dom/dpop': file('dpop'),
      '@foyer/dom/words/de': file('words-de'),
      preact: '/preact.js',
      'preact/hooks': '/hooks.js',
      react: '/react.js',
      vue: '/vue.js',
    }
    const { client = '' } = scenes[scene] ?? {}
    const before = client && "import { foyer } from '/foyer.js'\n"
    pages['/foyer'] = { script: filled(client, given) }
    pages['/example'] = { script: before + filled(code, given) }
    pages['/preact'] = { script: read('node_modules/preact/dist/preact.mjs') }
    pages['/hooks'] = { script: read('node_modules/preact/hooks/dist/hooks.mjs') }
    pages['/react'] = { script: read('node_modules/preact/compat/dist/compat.mjs') }
    pages['/vue'] = { script: VUE }
    pages['/'] = {
      policy: null,
      document: `<!doctype html><html lang="en"><title>Shop</title>
        <script type="importmap">${JSON.stringify({ imports })}</script>
        <script type="module">
          import('/example.js').then(
            (example) => { window.example = example; document.body.dataset.ran = 'yes' },
            (error) => { document.body.dataset.ran = String(error) },
          )
        </script><body></body></html>`,
    }
  }

  /** A person who answers what the page asks for. */
  function answerPrompts({ page }: BrowserWindow, { email }: Values): void {
    page.on('dialog', async (dialog) => {
      const isForCode = dialog.type() === 'prompt' && /code/.test(dialog.message())
      await dialog.accept(isForCode ? await server.codeFor(email) : email)
    })
  }

  /** At the issuer, where an example leads there. */
  async function signInThere(page: Page, { email }: Values): Promise<void> {
    await page.getByLabel('E-mail address').waitFor()
    await page.keyboard.press('Enter') // the address is there already
    await page.locator('#code:focus').waitFor()
    await page.keyboard.type(await server.codeFor(email))
  }

  const named = inBrowser.map((example) => {
    const number = inBrowser.filter(({ section }) => section === example.section).indexOf(example)
    return [example.section || 'the beginning', example.line, example, number] as const
  })

  it.each(named)('%s, line %i', async (_section, _line, example, number) => {
    const outcome = outcomes[example.section]?.[number]
    if (!outcome) throw new Error('nobody said what this example ends with')
    const isStrict = example.scene === 'policies'
    const other = isStrict
      ? { issuer: strict.baseUrl, clientId: await registerShop(strict, site) }
      : {}
    const given = { ...values, email: freshAddress(), ...other }
    place(example, given)
    const window = await openWindow(browser)
    const { page, complaints } = window
    answerPrompts(window, given)
    const written: string[] = []
    page.on('console', (message) => {
      if (message.type() === 'log') written.push(message.text())
    })
    await page.goto(`${site.origin}/`)
    if (example.scene === 'redirect') await signInThere(page, given)
    if (example.language === 'js') {
      const ran = page.locator('body[data-ran]')
      await ran.waitFor({ state: 'attached' })
      expect(await ran.getAttribute('data-ran')).toBe('yes')
    }
    const lines = outcome.written ?? []
    if (example.language === 'js' && !outcome.next)
      expect(written).toEqual(lines.map((line) => expect.stringMatching(line)))
    if (outcome.title) expect(await page.title()).toMatch(outcome.title)
    await outcome.next?.(page, { ...given, codeFor: server.codeFor })
    expect(complaints).toEqual([])
    await window.end()
  })

  it('says nothing of an example that is not there', () => {
    const told = Object.entries(outcomes).map(([section, each]) => [section, each.length])
    const there = Object.keys(outcomes).map((section) => [
      section,
      inBrowser.filter((example) => example.section === section).length,
    ])
    expect(told).toEqual(there)
  })

  it('registers a client with the command of the manual', async () => {
    const [example = ''] = shellOf('Register')
    const { PATH = '' } = process.env
    const shell = openShell({
      ...{ PATH, BASE_URL: server.baseUrl, DATA_DIR: server.dataDir, SECRET, ...compiled },
    })
    const output = await shell.run(filled(example, values))
    await shell.end()
    const [clientId = ''] = /cli_\w+/.exec(output) ?? []
    const client = await server.clients.find(server.organisation._id, clientId)
    expect(client).toMatchObject({ kind: 'browser', firstParty: true, origins: [site.origin] })
  })

  it('signs in an app with curl', async () => {
    const [first = '', second = '', third = ''] = shellOf('Mobile apps')
    const { client_id } = await server.register({ kind: 'native', firstParty: true })
    const given = { ...values, email: freshAddress() }
    const shell = openShell({ PATH: process.env.PATH ?? '', CLIENT_ID: client_id })
    const begun = JSON.parse(await shell.run(filled(first, given)))
    expect(begun).toMatchObject({ error: 'insufficient_authorization', otp_length: 6 })
    const otp = await server.codeFor(given.email)
    await shell.run(`SESSION=${begun.auth_session} OTP=${otp}`)
    const proven = JSON.parse(await shell.run(filled(second, given)))
    await shell.run(`CODE=${proven.authorization_code}`)
    expect(JSON.parse(await shell.run(filled(third, given)))).toMatchObject({
      access_token: expect.any(String),
      refresh_token: expect.any(String),
    })
    await shell.end()
  })

  const shellOf = (section: string): string[] =>
    examples
      .filter((example) => example.language === 'sh' && example.section === section)
      .map(({ code }) => code)

  it('has no other command', () => {
    const sections = examples
      .filter(({ language }) => language === 'sh')
      .map((each) => each.section)
    expect(sections).toEqual(['Register', 'Mobile apps', 'Mobile apps', 'Mobile apps'])
  })
})

/** A shell that keeps its variables from one example to the next. */
function openShell(env: { [name: string]: string }) {
  const child = spawn('bash', { cwd: root, env })
  const END = 'this-was-all'
  return {
    async run(command: string): Promise<string> {
      let output = ''
      child.stdin.write(`${command}\necho; echo ${END}\n`)
      while (!output.includes(END)) output += String((await once(child.stdout, 'data'))[0])
      return output.slice(0, output.indexOf(END)).trim()
    },
    async end(): Promise<void> {
      child.stdin.end()
      await once(child, 'close')
    },
  }
}
