// The front ends that were built: the console, and outside production the demo application.

import { join } from 'node:path'
import type { Middleware } from 'koa'
import { type FrontEnd, frontEnd, ownFilesOnly } from '../http/front-end.ts'

const apps = join(import.meta.dirname, '../../apps')

const console: FrontEnd = {
  path: '/admin',
  folder: join(apps, 'admin/dist'),
  policy: `${ownFilesOnly}; frame-src 'self'`, // previews of brands, which have a policy of their own
  pages: /^\/(o|organisations)\//,
}

const demo: FrontEnd = { path: '/demo', folder: join(apps, 'demo/dist'), policy: ownFilesOnly }

/** After the surfaces that answer below the same paths. */
export function composeFrontEnds({ isProduction }: { isProduction: boolean }): Middleware[] {
  return [console, ...(isProduction ? [] : [demo])].map(frontEnd)
}
