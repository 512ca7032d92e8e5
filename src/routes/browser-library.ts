// GET /dom/{version}/{file}: the browser library for pages on any site, by its exact version or by `v1`; /dom/ for people.

import { hash } from 'node:crypto'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { Context, Middleware } from 'koa'
import { isRead } from '../http/host.ts'
import { sendPage } from '../http/security-headers.ts'
import { AppError } from '../shared/errors.ts'
import { type LibraryManifest, libraryPage, libraryPagePolicy } from './browser-library-page.ts'

/** The files of a version by their names, as they were built: scripts, and the maps that tools read. */
export type BuiltRelease = { version: string; files: ReadonlyMap<string, Buffer> }

type File = { bytes: Buffer; gzipped: Buffer; integrity: string }
type Release = { version: string; files: ReadonlyMap<string, File> }

/** The page at `/dom/` itself, or a file of a version. */
const ADDRESS = /^\/dom\/(?:([^/]+)\/([^/]+))?$/
const MANIFEST = 'manifest.json'
/** No version is called that. */
const NEWEST = ''
const FOR_EVER = 'public, max-age=31536000, immutable'
/** Within this a new release reaches every page that names no exact version. */
const FIVE_MINUTES = 'public, max-age=300'

/** `read` is called once, when a file is first asked for. */
export function createBrowserLibrary(parts: {
  baseUrl: string
  read(): readonly BuiltRelease[]
}): Middleware {
  let shelf: Promise<ReadonlyMap<string, Release>> | undefined
  return async (ctx, next) => {
    const [address, version = NEWEST, name] = ADDRESS.exec(ctx.path) ?? []
    if (!isRead(ctx)) return next()
    if (ctx.path === '/dom') return ctx.redirect('/dom/')
    if (address === undefined) return next()
    shelf ??= arrange(parts.read())
    const release = (await shelf).get(version)
    if (!release) throw new AppError('not_found')
    if (name === undefined) return sendForPeople(ctx, manifestOf(release, parts.baseUrl))
    if (name === MANIFEST) ctx.body = manifestOf(release, parts.baseUrl)
    else sendFile(ctx, name, release.files.get(name))
    ctx.set({
      'Cache-Control': version === release.version ? FOR_EVER : FIVE_MINUTES,
      // Any page may load it, with `crossorigin` or without: nothing here depends on who asks.
      'Access-Control-Allow-Origin': '*',
      'Cross-Origin-Resource-Policy': 'cross-origin',
    })
  }
}

/** What a page that pins a file recognises it by (Subresource Integrity, 3.3). */
export function integrityOf(bytes: Buffer): string {
  return `sha384-${hash('sha384', bytes, 'base64')}`
}

/** Every release by its version, the newest of each major one by `v` and its number, and the newest of all. */
async function arrange(built: readonly BuiltRelease[]): Promise<ReadonlyMap<string, Release>> {
  const releases = await Promise.all(built.map(prepare))
  const oldestFirst = releases.sort((a, b) =>
    a.version.localeCompare(b.version, 'en', { numeric: true }),
  )
  return new Map([
    ...oldestFirst.map((release) => [NEWEST, release] as const),
    ...oldestFirst.map((release) => [`v${release.version.split('.')[0]}`, release] as const),
    ...oldestFirst.map((release) => [release.version, release] as const),
  ])
}

async function prepare({ version, files }: BuiltRelease): Promise<Release> {
  const prepared = [...files].map(async ([name, bytes]): Promise<[string, File]> => {
    const gzipped = await promisify(gzip)(bytes, { level: 9 })
    return [name, { bytes, gzipped, integrity: integrityOf(bytes) }]
  })
  return { version, files: new Map(await Promise.all(prepared)) }
}

function sendForPeople(ctx: Context, manifest: LibraryManifest): void {
  sendPage(ctx, { html: libraryPage(manifest), policy: libraryPagePolicy })
}

function sendFile(ctx: Context, name: string, file: File | undefined): void {
  if (!file) throw new AppError('not_found')
  const isSmall = ctx.acceptsEncodings('gzip', 'identity') === 'gzip'
  ctx.vary('Accept-Encoding')
  // Weak: both encodings are the same file (RFC 9110, 8.8.1).
  ctx.set('ETag', `W/"${file.integrity}"`)
  if (isSmall) ctx.set('Content-Encoding', 'gzip')
  ctx.type = name.endsWith('.js') ? 'text/javascript' : 'application/json'
  ctx.body = isSmall ? file.gzipped : file.bytes
  if (ctx.fresh) ctx.status = 304
}

/** Where each script of a release is for ever, how large it is, and what it is recognised by. */
function manifestOf({ version, files }: Release, baseUrl: string): LibraryManifest {
  const scripts = [...files].filter(([name]) => name.endsWith('.js'))
  return {
    version,
    files: scripts.map(([name, { bytes, gzipped, integrity }]) => ({
      name,
      address: `${baseUrl}/dom/${version}/${name}`,
      bytes: bytes.length,
      gzipped_bytes: gzipped.length,
      integrity,
    })),
  }
}
