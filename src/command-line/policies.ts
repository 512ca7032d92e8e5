// `foyer policies`: an organisation's terms, privacy and refund policies, and what customers are asked to accept.

import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { Command } from 'commander'
import { policyData, policyVersionData } from '../routes/admin-api/policy-messages.ts'
import type { PublishedTexts } from '../services/organisations/policies.ts'
import { textFor } from '../services/organisations/policy-texts.ts'
import { AppError, invalidField } from '../shared/errors.ts'
import { pickLocale } from '../shared/locale.ts'
import { type PolicyKind, policyKinds } from '../shared/policy-kinds.ts'
import type { Organisation } from '../stores/organisations.ts'
import type { PolicyVersion } from '../stores/policies.ts'
import type { Shell } from './shell.ts'

const BY = { actor: 'command-line' }
const KIND = policyKinds.join(', ')

type Options = { version?: string; language?: string; needsAcceptance?: true; json?: true }

export function policyCommands(shell: Shell): Command {
  return new Command('policies')
    .description('Policies: an organisation’s terms, privacy and refund, in versions that stay.')
    .addCommand(listCommand(shell))
    .addCommand(showCommand(shell))
    .addCommand(publishCommand(shell))
    .addCommand(historyCommand(shell))
    .addCommand(askCommand(shell))
}

function listCommand(shell: Shell): Command {
  return new Command('list')
    .description('Lists the policies: the newest version of each, and whether customers accept it.')
    .option('--json', 'print JSON')
    .action(async ({ json }: Options) => {
      const rows = await shell.open(async ({ organisation, policies, issuers }) => {
        const place = { organisation, issuer: issuers.issuerOf(organisation) }
        const states = await policies.overview(organisation._id)
        return states.map((state) => policyData(state, place))
      })
      if (json) return shell.print(JSON.stringify(rows))
      for (const { kind, current, asked } of rows)
        shell.print(
          `${kind.padEnd(8)} ${current ? lineOf(current) : 'not published'}${asked ? '  asked' : ''}`,
        )
    })
}

function showCommand(shell: Shell): Command {
  return new Command('show')
    .description('Prints the Markdown of a policy.')
    .argument('<kind>', KIND)
    .option('--version <number>', 'else the newest')
    .option('--language <language>', 'else the organisation’s')
    .option('--json', 'print JSON: every language, with the digests')
    .action(async (kind: string, { version, language, json }: Options) => {
      const { found, ...of } = await shell.open(async ({ organisation, policies, issuers }) => ({
        organisation,
        issuer: issuers.issuerOf(organisation),
        found:
          version === undefined
            ? (await policies.state(organisation._id, kindOf(kind))).current
            : await policies.find(organisation._id, kindOf(kind), numberOf(version)),
      }))
      if (!found) throw notPublished(kind, version)
      if (json) return shell.print(JSON.stringify(withTexts(found, of.issuer)))
      shell.print(textOf(found, of.organisation, language))
    })
}

function publishCommand(shell: Shell): Command {
  return new Command('publish')
    .description('Publishes the next version: of files, of an older version, or of the draft.')
    .argument('<kind>', KIND)
    .argument(
      '[files...]',
      'Markdown; terms.de.md is in German, terms.md in the organisation’s language',
    )
    .option('--version <number>', 'rolls back: publishes the texts of this version again')
    .option('--needs-acceptance', 'who accepted an earlier version is asked again')
    .option('--json', 'print JSON')
    .action(async (kind: string, files: string[], options: Options) => {
      if (files.length > 0 && options.version !== undefined)
        throw invalidField('version', 'is given in place of files, not with them')
      const made = await shell.open(async ({ organisation, policies, issuers }) => {
        const what: PublishedTexts =
          options.version === undefined
            ? files.length > 0
              ? { texts: await readTexts(files, organisation) }
              : {}
            : { repeats: numberOf(options.version) }
        const place = { organisation: organisation._id, kind: kindOf(kind) }
        const needsAcceptance = options.needsAcceptance === true
        const version = await policies.publish(place, { ...what, needsAcceptance }, BY)
        return withTexts(version, issuers.issuerOf(organisation))
      })
      shell.print(options.json ? JSON.stringify(made) : `${made.kind}  ${lineOf(made)}`)
    })
}

/** Of a listing on the command line; who wants more than these has the API. */
const MOST_VERSIONS = 500

function historyCommand(shell: Shell): Command {
  return new Command('history')
    .description('Lists the versions of a policy, the newest first.')
    .argument('<kind>', KIND)
    .option('--json', 'print JSON')
    .action(async (kind: string, { json }: Options) => {
      const versions = await shell.open(async ({ organisation, policies, issuers }) => {
        const request = { limit: MOST_VERSIONS }
        const { items } = await policies.versions(organisation._id, kindOf(kind), request)
        return items.map((each) => policyVersionData(each, issuers.issuerOf(organisation)))
      })
      if (json) return shell.print(JSON.stringify(versions))
      for (const version of versions) shell.print(lineOf(version))
    })
}

function askCommand(shell: Shell): Command {
  return new Command('ask')
    .description('Has customers accept policies before they are signed in; without any: nothing.')
    .argument('[kinds...]', 'terms, privacy')
    .option('--json', 'print JSON')
    .action(async (kinds: string[], { json }: Options) => {
      const { asksAcceptance = [] } = await shell.open(({ organisation, policies }) =>
        policies.ask(organisation._id, kinds, BY),
      )
      if (json) return shell.print(JSON.stringify({ kinds: asksAcceptance }))
      shell.print(`customers accept: ${asksAcceptance.join(', ') || 'nothing'}`)
    })
}

/** By the name of each file: `NAME.LANGUAGE.md`, or `NAME.md` for the organisation's own. */
async function readTexts(
  files: readonly string[],
  { locale }: Organisation,
): Promise<{ [locale: string]: string }> {
  const texts: { [locale: string]: string } = {}
  for (const file of files) {
    const language = /\.([a-z]{2,3})\.[a-z]+$/i.exec(basename(file))?.[1]?.toLowerCase()
    const of = language ?? pickLocale([], locale)
    if (texts[of] !== undefined) throw invalidField(file, `is a second text in ${of}`)
    texts[of] = await readFile(file, 'utf8')
  }
  return texts
}

function textOf(found: PolicyVersion, organisation: Organisation, language?: string): string {
  const fallback = organisation.locale
  const locale = pickLocale(language === undefined ? [] : [language], fallback)
  const read = textFor(found.texts, { locale, fallback })
  if (!read || (language !== undefined && read.locale !== language))
    throw invalidField('language', `${found.kind} ${found.number} has no text in ${language}`)
  return read.text.replace(/\n$/, '')
}

function kindOf(text: string): PolicyKind {
  const kind = policyKinds.find((each) => each === text)
  if (!kind) throw invalidField('kind', `must be one of ${KIND}`)
  return kind
}

function numberOf(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw invalidField('version', 'must be a number')
  return Number(text)
}

function notPublished(kind: string, version: string | undefined): AppError {
  const what = version === undefined ? kind : `${kind} ${version}`
  return new AppError('not_found', { detail: `${what} is not published` })
}

function withTexts(version: PolicyVersion, issuer: string) {
  return { ...policyVersionData(version, issuer), texts: version.texts }
}

function lineOf(version: ReturnType<typeof policyVersionData>): string {
  const parts = [
    `version ${version.number}`,
    version.published_at,
    Object.keys(version.sha256).join(' '),
    ...(version.needs_acceptance ? ['needs acceptance'] : []),
    ...(version.repeats === null ? [] : [`the texts of version ${version.repeats}`]),
  ]
  return parts.join('  ')
}
