// The front ends that were built: the console, and outside production the demo application.

import { join } from 'node:path'
import type { Middleware } from 'koa'
import { type FrontEnd, frontEnd, ownFilesOnly } from '../http/front-end.ts'

const apps = join(import.meta.dirname, '../../apps')

const console = {
  path: '/admin',
  folder: join(apps, 'admin/dist'),
  policy: `${ownFilesOnly}; frame-src 'self'`, // previews of brands, which have a policy of their own
  pages: /^\/(o|organisations)\//,
} satisfies FrontEnd

/** Whether the page of the console is at this path: its first one, or one that its script tells apart. */
export function isConsolePage(path: string): boolean {
  const { path: at, pages } = console
  return path === `${at}/` || (path.startsWith(`${at}/`) && pages.test(path.slice(at.length)))
}

const demo: FrontEnd = { path: '/demo', folder: join(apps, 'demo/dist'), policy: ownFilesOnly }

/** After the surfaces that answer below the same paths. */
export function composeFrontEnds({ isProduction }: { isProduction: boolean }): Middleware[] {
  return [console, ...(isProduction ? [] : [demo])].map(frontEnd)
}
