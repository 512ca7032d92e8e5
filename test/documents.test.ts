// The documents: their links, commands, options and tables agree with what is there.

import { dirname, join, normalize } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { readConfig, variables } from '../src/config.ts'
import { isListed, listed, read } from './support/repository.ts'
import { complaintsAbout, groups, isNoCommand, unknownOptions } from './support/typed-commands.ts'

const documents = listed.filter((file) => file.endsWith('.md'))

type Link = { file: string; path: string; anchor?: string }

function linksOf(file: string): Link[] {
  return [...read(file).matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)/g)].map(
    ([, path, anchor]) => ({
      file,
      path: path ? normalize(join(dirname(file), path)) : file,
      ...(anchor && { anchor }),
    }),
  )
}

/** The anchors that a renderer gives to headings. */
function anchorsOf(file: string): string[] {
  return [...read(file).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  )
}

/** The lines of every block marked `sh`, continued ones joined. */
function commandsOf(file: string): string[] {
  return [...read(file).matchAll(/^ *```sh\n([\s\S]*?)^ *```$/gm)].flatMap(([, block = '']) =>
    block
      .replaceAll('\\\n', ' ')
      .split('\n')
      .map((line) => line.trim().replaceAll(/\s+/g, ' '))
      .filter((line) => line !== '' && !line.startsWith('#')),
  )
}

describe('the links of the documents', () => {
  const links = documents.flatMap(linksOf)

  it('lead to files that git knows, and to headings that are there', () => {
    expect(links.length).toBeGreaterThan(30)
    expect(links.filter(({ path }) => !isListed(path))).toEqual([])
    const lost = links.filter(({ path, anchor }) => anchor && !anchorsOf(path).includes(anchor))
    expect(lost).toEqual([])
  })

  it('reach every document from the README', () => {
    const reached = new Set(['README.md'])
    for (const file of reached)
      for (const link of documents.includes(file) ? linksOf(file) : [])
        reached.add(isListed(`${link.path}/README.md`) ? `${link.path}/README.md` : link.path)
    expect(documents.filter((file) => !reached.has(file))).toEqual([])
  })
})

describe('the paths that the documents name', () => {
  const floors = ['src', 'interactions', 'adapters', 'packages', 'apps', 'scripts', 'test', 'docs']

  /** As far as a path is named: `adapters/NAME`, `src/routes/*` and `src/{a,b}` name their folder. */
  function pathsOf(file: string): { file: string; path: string }[] {
    return [...read(file).matchAll(/`([\w.-]+\/[^`\s]*)`/g)].map(([, named = '']) => ({
      file,
      path: named.replace(/\/?(?:[^/]*[*{…][^/]*|[A-Z]{2,})(?:\/.*)?$/, '').replace(/\/$/, ''),
    }))
  }
  /** What is built into them is nobody's source. */
  const isBuilt = (path: string) => /\/(?:dist|releases)$/.test(path)
  const isThere = (path: string) =>
    isBuilt(path) ||
    isListed(path) ||
    listed.some((each) => each.startsWith(`${path}/`) || each === `${path}.ts`)

  it('are there', () => {
    const named = documents
      .filter((file) => file !== 'CHANGELOG.md')
      .flatMap(pathsOf)
      .filter(({ path }) => floors.includes(path.split('/')[0] ?? ''))
    expect(named.length).toBeGreaterThan(60)
    const lost = named.filter(
      ({ file, path }) => !isThere(path) && !isThere(`${dirname(file)}/${path}`),
    )
    expect(lost).toEqual([])
  })
})

describe('the commands of the documents', () => {
  const commands = documents.flatMap(commandsOf)
  const { scripts } = JSON.parse(read('package.json')) as { scripts: { [name: string]: string } }

  it('begin with npm, or with a program that everybody has', () => {
    const programs =
      /^([A-Z_]+=\S+ )*([A-Z]+=\$\(.*\)$|npm |node |curl |docker compose |echo |grep )/
    expect(commands.length).toBeGreaterThan(15)
    expect(commands.filter((command) => !programs.test(command))).toEqual([])
  })

  it('name npm scripts that exist', () => {
    const named = documents.flatMap((file) =>
      [...read(file).matchAll(/npm run (?:-s )?([a-z:]+)/g)].map(([, script = '']) => script),
    )
    expect(named.length).toBeGreaterThan(5)
    expect(named.filter((script) => !Object.hasOwn(scripts, script))).toEqual([])
  })

  it('name files that exist, where they start one', () => {
    const files = commands.flatMap((command) => command.match(/\b(?:src|scripts)\/\S+\.[jt]s\b/g))
    expect(files.filter((file) => file !== null && !isListed(file))).toEqual([])
  })

  it('give `foyer` commands, arguments and options that it takes', () => {
    const typed = commands.flatMap((command) =>
      [...command.matchAll(/(?:npm run -s foyer --|command-line\/main\.ts) ([^>#&|]+)/g)].map(
        ([, words = '']) => words.match(/'[^']*'|"[^"]*"|\S+/g) ?? [],
      ),
    )
    expect(typed.length).toBeGreaterThan(100)
    expect(typed.flatMap((words) => complaintsAbout(words))).toEqual([])
  })

  it('name commands of `foyer` and options that exist, in the midst of a sentence too', () => {
    const inline = new RegExp(`\`(?:foyer ([^\`]+)|((?:${groups.join('|')})\\s[^\`]+))\``, 'g')
    const named = documents.flatMap((file) =>
      [...read(file).matchAll(inline)].map(([, full, short]) => (full ?? short ?? '').split(/\s+/)),
    )
    expect(named.length).toBeGreaterThan(60)
    expect(named.flatMap((words) => unknownOptions(words))).toEqual([])
    expect(named.filter((words) => isNoCommand(words))).toEqual([])
  })
})

describe('docs/storage.md', () => {
  it('describes every collection', () => {
    const storage = read('docs/storage.md')
    const sources = [
      ...listed.filter((file) => /^src\/stores\/.*\.ts$/.test(file)),
      'adapters/oidc/placement.ts',
    ]
    const collections = sources.flatMap((file) =>
      [...read(file).matchAll(/\bname: '([a-z-]+)',\s+indexes/g)].map(([, name]) => name),
    )
    expect(collections.length).toBeGreaterThan(14)
    expect(collections.filter((name) => !storage.includes(`| \`${name}\` |`))).toEqual([])
  })
})

describe('.env.example', () => {
  it('names every variable, with values that the server accepts', () => {
    const set = [...read('.env.example').matchAll(/^#([A-Z_]+)=(.*)$/gm)]
    expect(set.map(([, name]) => name)).toEqual(Object.keys(variables))
    const values = Object.fromEntries(set.map(([, name, value]) => [name, value]))
    expect(() => readConfig(values)).not.toThrow()
  })
})
