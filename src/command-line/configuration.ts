// `foyer export` and `foyer apply`: an installation as one YAML file, and what a file would change before it does.

import { readFile } from 'node:fs/promises'
import { createInterface } from 'node:readline/promises'
import { type Configuration, configuration } from '@foyer/contract'
import { Command } from 'commander'
import { Document, parse, Scalar, visit } from 'yaml'
import { parseInput } from '../http/input.ts'
import { type AdminApi, remoteAdminApi, withOwnAdminApi } from './configuration/admin-api.ts'
import { planOf } from './configuration/plan.ts'
import { readOrganisation } from './configuration/read.ts'
import type { Step } from './configuration/step.ts'
import type { Shell } from './shell.ts'

type Remote = { url?: string }
type ApplyOptions = Remote & { plan?: true; prune?: true; yes?: true; json?: true }

const URL_OPTION = [
  '--url <address>',
  'another installation, with an API key of its platform in FOYER_API_KEY',
] as const

export function exportCommand(shell: Shell): Command {
  return new Command('export')
    .description('Prints every organisation, or the one that is named, as YAML: without secrets.')
    .option(...URL_OPTION)
    .action(async (options: Remote, command: Command) => {
      const { organisation } = command.optsWithGlobals<{ organisation?: string }>()
      const text = await withAdminApi(shell, options, async (api) => {
        const slugs = organisation === undefined ? await allSlugs(api) : [organisation]
        const organisations = []
        for (const slug of slugs) {
          const known = await readOrganisation(api, slug)
          if (!known) throw new Error(`There is no organisation ${slug}.`)
          organisations.push(known.entry)
        }
        return writtenAsYaml({ foyer: 1, organisations })
      })
      shell.print(text.trimEnd())
    })
}

/** The library writes lines of blanks alone as fewer blanks, unless the text is quoted: another text is another version. */
export function writtenAsYaml(value: object): string {
  const document = new Document(value)
  visit(document, {
    Scalar(_key, node) {
      if (/^[ \t]+$/m.test(String(node.value))) node.type = Scalar.QUOTE_DOUBLE
    },
  })
  return document.toString({
    lineWidth: 0,
    doubleQuotedMinMultiLineLength: Number.MAX_SAFE_INTEGER,
  })
}

export function applyCommand(shell: Shell): Command {
  return new Command('apply')
    .description('Makes an installation what a file says, after showing what that would change.')
    .argument('<file>', 'as `export` prints it; what it does not name stays as it is')
    .option('--plan', 'only show what would change')
    .option('--prune', 'remove operators and clients that a list in the file does not name')
    .option('--yes', 'do it without asking')
    .option('--json', 'print JSON')
    .option(...URL_OPTION)
    .action(async (file: string, options: ApplyOptions) => {
      const wanted = readConfiguration(await readFile(file, 'utf8'))
      await withAdminApi(shell, options, (api) => apply({ shell, api }, wanted, options))
    })
}

function withAdminApi<T>(
  { terminal: { env } }: Shell,
  { url }: Remote,
  run: (api: AdminApi) => Promise<T>,
): Promise<T> {
  if (url === undefined) return withOwnAdminApi(env, run)
  const key = env.FOYER_API_KEY
  if (!key) throw new Error('FOYER_API_KEY is not set: an API key of the platform at that address.')
  return run(remoteAdminApi(url, key))
}

async function allSlugs(api: AdminApi): Promise<string[]> {
  return (await api.all<{ slug: string }>('/organisations')).map(({ slug }) => slug)
}

/** Throws with everything that is wrong, each with its place. */
function readConfiguration(text: string): Configuration {
  // Aliases that unfold without end are refused by the parser's own limit.
  return parseInput(configuration, parse(text), 'invalid_fields')
}

type At = { shell: Shell; api: AdminApi }

async function apply(
  { shell, api }: At,
  wanted: Configuration,
  options: ApplyOptions,
): Promise<void> {
  const plans: { slug: string; steps: Step[] }[] = []
  for (const entry of wanted.organisations) {
    const known = await readOrganisation(api, entry.slug)
    const steps = planOf(entry, known, { prune: options.prune === true })
    plans.push({ slug: entry.slug, steps })
  }
  const steps = plans.flatMap((plan) => plan.steps)
  if (!options.json) for (const plan of plans) printPlan(shell, plan)
  const isMeant =
    steps.length > 0 && !options.plan && (options.yes || (await isConfirmed(shell, options)))
  const secrets = isMeant ? await take({ shell, api }, steps) : []
  if (options.json)
    shell.print(JSON.stringify({ plan: plans.map(shown), applied: isMeant, secrets }))
  else if (isMeant) printDone(shell, steps, secrets)
  if (steps.length > 0 && !isMeant && !options.plan)
    throw new Error('Nothing was done: say --yes to do it.')
}

type Secret = { client_id: string; client_secret: string }

/** One after the other; what was done stays done when a later one is refused, and applying again goes on from there. */
async function take({ shell, api }: At, steps: readonly Step[]): Promise<Secret[]> {
  const secrets: Secret[] = []
  for (const [at, step] of steps.entries()) {
    try {
      const secret = await step.run(api)
      if (secret) secrets.push(secret)
    } catch (error) {
      for (const { client_id, client_secret } of secrets)
        shell.print(`${client_id}  ${client_secret}`)
      const reason = error instanceof Error ? error.message : String(error)
      throw new Error(`${step.what}: ${reason}\n${at} of ${steps.length} changes were made.`)
    }
  }
  return secrets
}

/** Asked only where somebody sits who could answer. */
async function isConfirmed(
  { terminal: { stdin, stdout } }: Shell,
  { json }: ApplyOptions,
): Promise<boolean> {
  if (json || !stdin.isTTY || !stdout.isTTY) return false
  const lines = createInterface({ input: stdin, output: stdout })
  try {
    return (await lines.question('Type yes to make these changes: ')).trim() === 'yes'
  } finally {
    lines.close()
  }
}

const signs = { create: '+', change: '~', remove: '-' }

function printPlan(shell: Shell, { slug, steps }: { slug: string; steps: readonly Step[] }): void {
  if (steps.length === 0) return shell.print(`${slug}: nothing to change`)
  shell.print(`${slug}:`)
  for (const { action, what, changes } of steps) {
    shell.print(`  ${signs[action]} ${what}`)
    for (const { field, before, after } of changes)
      shell.print(
        `      ${field}: ${before === undefined ? '' : `${brief(before)} -> `}${brief(after)}`,
      )
  }
}

const MAX_SHOWN = 100

/** One line: policies are long. */
function brief(value: unknown): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value)
  return text.length <= MAX_SHOWN
    ? text
    : `${text.slice(0, MAX_SHOWN)} … (${text.length} characters)`
}

function printDone(shell: Shell, steps: readonly Step[], secrets: readonly Secret[]): void {
  shell.print(`${steps.length} changes were made.`)
  if (secrets.length === 0) return
  shell.print('Secrets, shown this once: keep them now.')
  for (const { client_id, client_secret } of secrets) shell.print(`${client_id}  ${client_secret}`)
}

function shown({ slug, steps }: { slug: string; steps: readonly Step[] }) {
  return {
    organisation: slug,
    steps: steps.map(({ action, what, changes }) => ({ action, what, changes })),
  }
}
