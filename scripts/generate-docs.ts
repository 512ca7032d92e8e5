// Writes the documents that are made from code: variables, errors, the APIs, attacks, snippets. `--check` only compares.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { adminApiDocument, clientApiDocument, errorCatalogue } from '@foyer/contract'
import { variables } from '../src/config.ts'
import { guards } from './guards.ts'
import { securityCases } from './security-cases.ts'
import { securityTests } from './security-tests.ts'

const root = join(import.meta.dirname, '..')
const note = '<!-- Made by `npm run docs`; do not edit. -->'

type Shown = { description: string; default?: string; example: string }
const environment: [name: string, variable: Shown][] = Object.entries(variables)

function configuration(): string {
  const rows = environment.map(
    ([name, { description, default: value, example }]) =>
      `| \`${name}\` | ${description} | ${value ?? 'none'} | \`${example}\` |`,
  )
  return `${note}

# Configuration

The environment is read once, at the start. An empty variable counts as not set. Everything that is
wrong is reported at once, each variable by name, and the process ends.

\`NODE_ENV=production\` requires \`BASE_URL\` (https), \`MONGODB_URI\`, \`REDIS_URL\`, \`SMTP_URL\` and
\`SECRET\`. Outside production everything is optional, and there are a demo organisation with its data,
a demo application at \`/demo\`, a mailbox at \`/dev/mail\` and, where \`BASE_URL\` is a name of this machine, a
demo shop at its other name and \`DEMO_SHOP_PORT\`.

| variable | what | default | example |
|---|---|---|---|
${rows.join('\n')}

\`DATA_DIR\` holds \`documents.db\` while \`MONGODB_URI\` is not set, \`ephemeral.db\` while \`REDIS_URL\` is
not set, and \`secret\` while \`SECRET\` is not set.
`
}

function errors(): string {
  const rows = Object.entries(errorCatalogue).map(
    ([code, { status, message, remedy }]) => `| \`${code}\` | ${status} | ${message} | ${remedy} |`,
  )
  return `${note}

# Errors

The APIs answer a failure with \`{"success": false, "error": MESSAGE, "code": CODE}\`. \`error\` is
for people and may change; \`code\` is for programs and does not. A 401 leaves \`code\` out: where an access
token is wanted, \`WWW-Authenticate\` says what was wrong with it. \`details\` lists fields, where there are
any. The header \`X-Request-Id\` finds the log line. OAuth endpoints under \`/oauth\` answer in OAuth's own words (RFC 6749, 5.2).

| code | status | message | what to do |
|---|---|---|---|
${rows.join('\n')}
`
}

function environmentExample(): string {
  const blocks = environment.map(
    ([name, { description, example }]) =>
      `# ${description.replaceAll('`', '')}\n#${name}=${example}\n`,
  )
  return `# Every variable there is; all are optional outside production. Made by npm run docs; do not edit.
# The server reads the environment, not this file: \`node --env-file=.env src/main.ts\` reads a copy of it.

${blocks.join('\n')}`
}

/** `docs/security.md` is written by hand down to this line. */
const casesBegin =
  '<!-- From here on made by `npm run docs` from the names of the tests; do not edit. -->'

/** What Markdown would take for more than text. */
const plain = (text: string): string => text.replaceAll(/[|<>*_[\]`\\]/g, '\\$&')

function security(): string {
  const written = read(join(root, 'docs/security.md'))?.split(casesBegin)[0]
  if (written === undefined) throw new Error('docs/security.md is not there')
  const tests = securityTests()
  const answers = (id: string): string => {
    const files = Map.groupBy(
      tests.filter((test) => test.ids.includes(id)),
      ({ file }) => file,
    )
    return [...files]
      .map(([file, named]) => {
        const names = [...new Set(named.map(({ name }) => plain(name)))].join('; ')
        return `[${file.replace(/^test\/|(\.test)?\.ts$/g, '')}](../${file}): ${names}`
      })
      .join('<br>')
  }
  const groups = Object.entries(securityCases).map(([group, cases]) => {
    const rows = cases.map(
      ([id, severity, attack, waitsFor]) =>
        `| ${id} | ${severity} | ${attack} | ${waitsFor ? `no test yet; waits for ${waitsFor}` : answers(id)} |`,
    )
    return `### ${group}\n\n| id | severity | an attacker | tests |\n|---|---|---|---|\n${rows.join('\n')}\n`
  })
  const controls = guards.map(({ id, name, file }) => `| ${id} | ${name} | [${file}](../${file}) |`)
  return `${written}${casesBegin}

### Guards that are taken out

| id | guard | where |
|---|---|---|
${controls.join('\n')}

${groups.join('\n')}`
}

/** For reading and comparing; a running server serves its own, with its own address. */
function openApi(documentOf: (baseUrl: string) => object): string {
  return `${JSON.stringify(documentOf('https://id.example.com'), null, 2)}\n`
}

/** A line that links to a file, and the block below it: the block is the file. */
const snippet = /^(\[`[^`]+`\]\(\.\.\/([^)]+)\)\n\n```\w+\n)[\s\S]*?\n?```$/gm

function connecting(): string {
  const written = read(join(root, 'docs/connecting.md')) ?? ''
  return written.replace(snippet, (_all, head: string, file: string) => {
    return `${head}${readFileSync(join(root, file), 'utf8').trimEnd()}\n\`\`\``
  })
}

const documents: { readonly [path: string]: () => string } = {
  'docs/configuration.md': configuration,
  'docs/connecting.md': connecting,
  'docs/errors.md': errors,
  'docs/security.md': security,
  'docs/api/admin-api.openapi.json': () => openApi(adminApiDocument),
  'docs/api/client-api.openapi.json': () => openApi(clientApiDocument),
  '.env.example': environmentExample,
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

const changed = Object.entries(documents).filter(
  ([path, make]) => read(join(root, path)) !== make(),
)
if (process.argv.includes('--check')) {
  for (const [path] of changed) process.stderr.write(`${path} is out of date: npm run docs\n`)
  process.exitCode = changed.length > 0 ? 1 : 0
} else {
  for (const [path, make] of changed) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), make())
  }
}
