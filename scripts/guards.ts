// Guards that `npm run test:controls` takes out, one at a time: the test of the attack has to fail without its guard.

export type Guard = {
  /** The attack that the guard stops: only a test with this id in its name counts. */
  id: string
  /** What it is, in a few words. */
  name: string
  file: string
  /** The text that is taken out; it stands in the file exactly once. */
  code: string
  /** What stands there instead. */
  without: string
  /** Where the test is. */
  test: string
  /** Whether only real stores show it: in one process with the embedded ones nothing comes between two steps. */
  needsServices?: true
}

export const guards: readonly Guard[] = [
  {
    id: 'E01',
    name: 'a code is dead after its tries',
    file: 'adapters/embedded/guards.ts',
    code: "if (row.tries <= 0) return { outcome: 'spent' }",
    without: '',
    test: 'test/flows/one-time-code.test.ts',
  },
  {
    id: 'E03',
    name: 'a try is counted in the step that looks at the code',
    file: 'adapters/embedded/guards.ts',
    code: 'SET tries = tries - 1 WHERE key',
    without: 'SET tries = tries WHERE key',
    test: 'test/flows/one-time-code.test.ts',
  },
  {
    id: 'E09',
    name: 'forms of sign-in are taken from our own pages',
    file: 'interactions/step.ts',
    code: "if (isForeign) throw new AppError('origin_not_allowed')",
    without: '',
    test: 'test/interactions/forms.test.ts',
  },
  {
    id: 'E09',
    name: 'a sign-in is finished by the browser that began it, whatever cookies it has',
    file: 'src/provider/own-browser.ts',
    code: 'isForeign(cookie) ? -1 : ',
    without: '',
    test: 'test/flows/cookies.test.ts',
  },
  {
    id: 'E28',
    name: 'cookies are signed',
    file: 'src/provider/cookie-signatures.ts',
    code: '.findIndex((digest) => isSameDigest(digest, signature))',
    without: '.findIndex(() => signature !== undefined)',
    test: 'test/flows/guessing.test.ts',
  },
  {
    id: 'O05',
    name: 'a wildcard is one label',
    file: 'src/provider/previews.ts',
    code: "if (kind === 'preview') return isPreviewAddress(redirectUris, asked)",
    without:
      "if (kind === 'preview') return redirectUris.some((uri) => asked.endsWith(uri.split('*')[1]))",
    test: 'test/flows/preview-clients.test.ts',
  },
  {
    id: 'O07',
    name: 'PKCE is required',
    file: 'src/provider/options.ts',
    code: "required: (ctx) => clientOf(ctx).pkce !== 'optional',",
    without: 'required: () => false,',
    test: 'test/flows/authorization-request.test.ts',
  },
  {
    id: 'O13',
    name: 'a code is taken once',
    file: 'adapters/oidc/ephemeral-model.ts',
    code: "if (outcome === 'marked') return",
    without: 'return',
    test: 'test/flows/authorization-code.test.ts',
    needsServices: true,
  },
  {
    id: 'O20',
    name: 'an assertion is good once',
    file: 'adapters/oidc/ephemeral-model.ts',
    code: "if (model === 'ReplayDetection') {",
    without: "if (model === 'none') {",
    test: 'test/flows/private-key-jwt.test.ts',
    needsServices: true,
  },
  {
    id: 'J06',
    name: 'a token is for this API',
    file: 'src/provider/access-tokens.ts',
    code: '          audience,\n',
    without: '',
    test: 'test/flows/access-token.test.ts',
  },
  {
    id: 'J07',
    name: 'a token has its type',
    file: 'src/provider/access-tokens.ts',
    code: "          typ: 'at+jwt',\n",
    without: '',
    test: 'test/flows/access-token.test.ts',
  },
  {
    id: 'J10',
    name: 'a token has the scope',
    file: 'src/routes/client-api/guard.ts',
    code: ': caller.scopes.has(scope)',
    without: ": [...caller.scopes].join(' ').includes(scope)",
    test: 'test/flows/access-token.test.ts',
  },
  {
    id: 'J12',
    name: 'what ended is denied',
    file: 'src/provider/access-tokens.ts',
    code: 'if (parts.isDenied(claims)) return undefined',
    without: '',
    test: 'test/flows/deny-list.test.ts',
  },
  {
    id: 'J19',
    name: 'a proof is good once',
    file: 'src/provider/dpop-proofs.ts',
    code: 'return isNew ? thumbprint : undefined',
    without: 'return thumbprint',
    test: 'test/routes/client-api/dpop.test.ts',
  },
  {
    id: 'R01',
    name: 'a replaced refresh token is known as such',
    file: 'adapters/oidc/refresh-tokens.ts',
    code: 'return found.consumed === undefined ? payload : { ...payload, consumed: found.consumed }',
    without: 'return payload',
    test: 'test/flows/lost-refresh-answers.test.ts',
  },
  {
    id: 'R02',
    name: 'a refresh token is replaced once',
    file: 'adapters/oidc/refresh-tokens.ts',
    code: 'filter: { ...filterOf(consumed), consumed: { $exists: false } }',
    without: 'filter: filterOf(consumed)',
    test: 'test/flows/lost-refresh-answers.test.ts',
    needsServices: true,
  },
  {
    id: 'M06',
    name: 'short-lived models belong to an organisation',
    file: 'adapters/oidc/ephemeral-model.ts',
    code: 'const { model, organisation, ephemeral, clock } = parts',
    without: "const { model, ephemeral, clock } = { ...parts }, organisation = ''",
    test: 'test/flows/crossing.test.ts',
  },
  {
    id: 'M09',
    name: 'clients are found in their organisation',
    file: 'src/stores/clients.ts',
    code: 'collection.findOne({ _id: id, organisation, ...live }),',
    without: 'collection.findOne({ _id: id, ...live }),',
    test: 'test/routes/admin-api/foreign-ids.test.ts',
  },
  {
    id: 'P04',
    name: 'a colour is a colour',
    file: 'src/services/organisations/brand-fields.ts',
    code: 'const HEX = /^#[0-9a-f]{6}$/i',
    without: 'const HEX = /^#/',
    test: 'test/contracts/brands.test.ts',
  },
  {
    id: 'P07',
    name: 'writes with a cookie come from the console',
    file: 'src/http/same-origin.ts',
    code: "if (isForeign || isOtherType) throw new AppError('origin_not_allowed')",
    without: '',
    test: 'test/routes/relying-party/console.test.ts',
  },
  {
    id: 'P09',
    name: 'pages are framed by nobody',
    file: 'src/http/security-headers.ts',
    code: `    "frame-ancestors 'none'",\n`,
    without: '',
    test: 'test/flows/exposure.test.ts',
  },
  {
    id: 'A01',
    name: 'the resolved address is looked at',
    file: 'adapters/outgoing/fetch.ts',
    code: 'found.filter(({ address }) => mayConnect(host, address, rules))',
    without: 'found',
    test: 'test/unit/outgoing.test.ts',
  },
  {
    id: 'A06',
    name: 'an operation needs its role',
    file: 'src/routes/admin-api/guard.ts',
    code: "if (needs !== 'operator' && !may(standing.role, ...needs))",
    without: 'if (needs === undefined)',
    test: 'test/routes/admin-api/role-matrix.test.ts',
  },
  {
    id: 'D01',
    name: 'a form has its own fields and no others',
    file: 'interactions/step.ts',
    code: 'if (!isExact)',
    without: 'if (sent.length === 0)',
    test: 'test/flows/hostile-input.test.ts',
  },
  {
    id: 'D05',
    name: 'a cursor has a tag that only we can make',
    file: 'src/shared/cursors.ts',
    code: 'return tags.some((each) => isSameDigest(tag, each)) ? { at: Number(at), id } : undefined',
    without: 'return tags.length > 0 ? { at: Number(at), id } : undefined',
    test: 'test/routes/client-api/reading.test.ts',
  },
  {
    id: 'D14',
    name: 'what a bearer presents is stored as a hash',
    file: 'adapters/oidc/payload.ts',
    code: 'return sha256(',
    without: 'return String(',
    test: 'test/flows/stored-values.test.ts',
  },
]
