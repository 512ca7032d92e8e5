// `foyer brand`: how an organisation's pages and mails look, from the draft to what customers see.

import { readFile } from 'node:fs/promises'
import { Command, InvalidArgumentError, Option } from 'commander'
import { brandStateData, brandVersionData } from '../routes/admin-api/brand-messages.ts'
import type { BrandEdit, ColoursEdit } from '../services/organisations/brand-fields.ts'
import type { Verdict } from '../services/organisations/brands.ts'
import {
  type Brand,
  brandFonts,
  cornerScale,
  type ImagePlace,
  imagePlaces,
} from '../shared/brand.ts'
import { instantOf } from '../shared/instants.ts'
import { everyPage } from '../shared/pages.ts'
import type { BrandVersion } from '../stores/brands.ts'
import type { Installation } from './installation.ts'
import type { Shell } from './shell.ts'

const by = { actor: 'command-line' }

type Json = { json?: true }

export function brandCommands(shell: Shell): Command {
  return new Command('brand')
    .description('The brand: how an organisation’s pages and mails look.')
    .addCommand(showCommand(shell))
    .addCommand(setCommand(shell))
    .addCommand(logoCommand(shell))
    .addCommand(publishCommand(shell))
    .addCommand(versionsCommand(shell))
    .addCommand(rollbackCommand(shell))
}

function command(name: string, description: string): Command {
  return new Command(name).description(description).option('--json', 'print JSON')
}

function showCommand(shell: Shell): Command {
  return command(
    'show',
    'Shows the draft, whether all of it can be read, and what is published.',
  ).action(async ({ json }: Json) => {
    const { state, issuer } = await shell.open(stateOf)
    const { draft, verdict, published } = state
    if (json) return shell.print(JSON.stringify(brandStateData(state, issuer)))
    shell.print(`published  ${published ? lineOf(published) : 'nothing'}`)
    printBrand(shell, draft.brand)
    printVerdict(shell, verdict)
  })
}

type SetOptions = Json & { [name: string]: string | undefined }

const colourOptions = [
  ['accent', 'accent', 'of the button that leads on'],
  ['background', 'background', 'of the page'],
  ['text', 'text', 'on the background'],
  ['accentText', 'accent-text', 'on the button; "" for whichever reads best'],
  ['link', 'link', 'of links; "" for the accent'],
] as const

function setCommand(shell: Shell): Command {
  const set = command('set', 'Changes what is named in the draft. Customers see nothing of it yet.')
  for (const [, flag, what] of colourOptions)
    set
      .option(`--${flag} <hex>`, `the colour ${what}, such as #21493d`)
      .option(`--dark-${flag} <hex>`, 'the same where the reader prefers dark')
  return set
    .addOption(new Option('--corners <size>', 'how round').choices(Object.keys(cornerScale)))
    .addOption(new Option('--font <name>', 'of all text').choices(Object.keys(brandFonts)))
    .action(async ({ json, ...options }: SetOptions) => {
      const edit = editOf(options)
      if (!edit) throw new Error('Nothing to change was named.')
      const { state, issuer } = await shell.open(async (opened) => {
        await opened.brands.saveDraft({ organisation: opened.organisation._id, by }, edit)
        return stateOf(opened)
      })
      const { draft, verdict } = state
      if (json) return shell.print(JSON.stringify(brandStateData(state, issuer)))
      printBrand(shell, draft.brand)
      printVerdict(shell, verdict)
    })
}

function editOf(options: Omit<SetOptions, 'json'>): BrandEdit | undefined {
  const coloursOf = (prefix: string): ColoursEdit =>
    Object.fromEntries(
      colourOptions.flatMap(([name, flag]) => {
        const value = options[camelCase(`${prefix}${flag}`)]
        return value === undefined ? [] : [[name, value === '' ? null : value]]
      }),
    )
  const { corners, font } = options
  if (Object.keys(options).length === 0) return undefined
  return { colours: { light: coloursOf(''), dark: coloursOf('dark-') }, corners, font }
}

function camelCase(flag: string): string {
  return flag.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())
}

function logoCommand(shell: Shell): Command {
  return command('logo', 'Puts a picture into the draft: PNG, JPEG, WebP or SVG, at most 1 MB.')
    .argument('[file]', 'the picture')
    .addOption(
      new Option('--place <place>', 'where it stands').choices([...imagePlaces]).default('logo'),
    )
    .option('--remove', 'take away the one that is there')
    .action(
      async (file: string | undefined, options: Json & { place: ImagePlace; remove?: true }) => {
        const { place, remove } = options
        if ((file === undefined) !== (remove === true))
          throw new Error('Name a file, or say --remove.')
        const bytes = file === undefined ? undefined : await read(file)
        const { state, issuer } = await shell.open(async (opened) => {
          const { brands, organisation } = opened
          const act = { organisation: organisation._id, by }
          if (bytes) await brands.setPicture(act, place, bytes)
          else await brands.removePicture(act, place)
          return stateOf(opened)
        })
        shell.print(
          options.json
            ? JSON.stringify(brandStateData(state, issuer))
            : `${place}  ${bytes ? 'is in the draft' : 'is removed from the draft'}`,
        )
      },
    )
}

const MAX_BYTES = 1024 * 1024

async function read(file: string): Promise<Buffer> {
  const bytes = await readFile(file)
  if (bytes.length > MAX_BYTES) throw new Error(`${file} is larger than 1 MB.`)
  return bytes
}

function publishCommand(shell: Shell): Command {
  return command('publish', 'Shows the draft to customers: pages and mails follow within seconds.')
    .option('--adjust', 'take the nearest readable colour for each that cannot be read')
    .action(async ({ json, adjust }: Json & { adjust?: true }) => {
      const { version, issuer } = await shell.open(async ({ brands, organisation, issuers }) => ({
        version: await brands.publish({ organisation: organisation._id, by }, { adjust }),
        issuer: issuers.issuerOf(organisation),
      }))
      shell.print(
        json
          ? JSON.stringify(brandVersionData(version, issuer))
          : `version ${version.number}  is published`,
      )
    })
}

function versionsCommand(shell: Shell): Command {
  return command('versions', 'Lists what was published, the newest first.').action(
    async ({ json }: Json) => {
      const { all, issuer } = await shell.open(async ({ brands, organisation, issuers }) => ({
        all: await everyPage((page) => brands.versions(organisation._id, page)),
        issuer: issuers.issuerOf(organisation),
      }))
      if (json)
        return shell.print(JSON.stringify(all.map((each) => brandVersionData(each, issuer))))
      for (const version of all) shell.print(lineOf(version))
    },
  )
}

function rollbackCommand(shell: Shell): Command {
  return command('rollback', 'Publishes an older version again, as the newest. The draft stays.')
    .argument('<number>', 'as `versions` prints it', numberOf)
    .action(async (number: number, { json }: Json) => {
      const { version, issuer } = await shell.open(async ({ brands, organisation, issuers }) => ({
        version: await brands.rollBack({ organisation: organisation._id, by }, number),
        issuer: issuers.issuerOf(organisation),
      }))
      shell.print(
        json
          ? JSON.stringify(brandVersionData(version, issuer))
          : `${lineOf(version)}  is published`,
      )
    })
}

function numberOf(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('It is no version.')
  return Number(text)
}

async function stateOf({ brands, organisation, issuers }: Installation) {
  const state = await brands.state(organisation._id)
  return { state, issuer: issuers.issuerOf(organisation) }
}

function lineOf({ number, publishedAt, publishedBy, repeats }: BrandVersion): string {
  const again = repeats === undefined ? '' : `  as version ${repeats}`
  return `version ${number}  ${instantOf(publishedAt)}  ${publishedBy}${again}`
}

function printBrand(shell: Shell, { colours, corners, font, ...brand }: Brand): void {
  for (const scheme of ['light', 'dark'] as const)
    for (const [name, value] of Object.entries(colours[scheme]))
      shell.print(`${`${scheme} ${name}`.padEnd(18)} ${value}`)
  shell.print(`${'corners'.padEnd(18)} ${corners}`)
  shell.print(`${'font'.padEnd(18)} ${font}`)
  for (const place of imagePlaces) {
    const image = brand[place]
    if (image) shell.print(`${place.padEnd(18)} ${image.width} x ${image.height}  ${image.digest}`)
  }
}

function printVerdict(shell: Shell, { checks }: Verdict): void {
  for (const { scheme, colour, on, ratio, passes, suggestion } of checks)
    shell.print(
      `${passes ? 'readable   ' : 'unreadable '} ${scheme} ${colour} on ${on}  ${ratio}:1${passes ? '' : `  ${suggestion} reaches 4.5:1`}`,
    )
}
