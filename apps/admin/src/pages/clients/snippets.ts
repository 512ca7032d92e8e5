// Code to begin with: whole files for the stacks that a client of this kind is written in, filled with its values.

import { authJs } from './snippets/auth-js.ts'
import { authlib } from './snippets/authlib.ts'
import { browserLibrary } from './snippets/browser-library.ts'
import type { ClientValues, Snippet } from './snippets/client-values.ts'
import { curl } from './snippets/curl.ts'
import { openidClient } from './snippets/openid-client.ts'
import { spring } from './snippets/spring.ts'

const makers: { readonly [Kind in ClientValues['kind']]: readonly Maker[] } = {
  web: [openidClient, authJs, spring, authlib, curl],
  browser: [openidClient, curl],
  preview: [openidClient, curl],
  native: [openidClient, curl],
  machine: [curl, openidClient, spring, authlib],
}

type Maker = (values: ClientValues) => Snippet

/** The stacks, the likeliest first. A client with keys of its own signs with them, which no few lines show. */
export function snippetsFor(values: ClientValues): Snippet[] {
  if (values.authentication === 'keys') return []
  return [...browserLibrary(values), ...makers[values.kind].map((make) => make(values))]
}
